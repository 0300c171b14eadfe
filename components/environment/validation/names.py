"""Names: that each one which the description leads to fits; too long ones are never made."""

from collections.abc import Iterator

from ...name_matrix import (
    NameCheck,
    cluster_checks,
    eks_checks,
    federated_check,
    mirror_check,
    name_problems,
)
from ..description import Eks, Environment, Mode


def clusters(environment: Environment) -> Iterator[str]:
    """A cluster's name must fit into the names that Linkerd and AWS make of it."""
    for cluster in environment.clusters:
        found = [*cluster_checks(cluster.name)]
        if isinstance(cluster, Eks):
            found += eks_checks(cluster.name)
        # Where the name itself is too long, that says it all.
        own = [check for check in found if check.kind == "cluster" and not check.fits]
        yield from name_problems(own or found)


def services(environment: Environment) -> Iterator[str]:
    """An exported service's name must fit with that of its cluster, or as a federated one."""
    known = set(environment.names)
    checks: dict[str, NameCheck] = {}
    for export in environment.exports:
        if export.mode is Mode.FEDERATED:
            check = federated_check(export.service)
        elif export.of in known:
            check = mirror_check(export.service, export.of)
        else:
            continue
        checks[check.name] = check
    yield from name_problems(checks.values())
