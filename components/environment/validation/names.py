"""Rules of names: every name that is made from the description fits its limit."""

from collections.abc import Iterator

from ...linkerd.mode import LinkMode
from ...name_matrix import (
    NameCheck,
    cluster_checks,
    eks_checks,
    federated_check,
    mirror_check,
    name_problems,
)
from ..clusters import Eks
from ..description import Environment


def clusters(environment: Environment) -> Iterator[str]:
    """Find clusters whose names are too long for the names that Linkerd and AWS make of them."""
    for cluster in environment.clusters:
        found = [*cluster_checks(cluster.name)]
        if isinstance(cluster, Eks):
            found += eks_checks(cluster.name)
        # A name that is too long by itself is one problem, not one for each that contains it.
        own = [check for check in found if check.kind == "cluster" and not check.fits]
        yield from name_problems(own or found)


def services(environment: Environment) -> Iterator[str]:
    """Find exported services whose names are too long for their mirrors or federated services."""
    known = set(environment.names)
    checks: dict[str, NameCheck] = {}
    for export in environment.exports:
        if export.mode is LinkMode.FEDERATED:
            check = federated_check(export.service)
        elif export.of in known:
            check = mirror_check(export.service, export.of)
        else:
            continue
        checks[check.name] = check
    yield from name_problems(checks.values())
