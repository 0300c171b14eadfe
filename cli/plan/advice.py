"""
What is not refused in an environment, and should be looked at: names, above all.

A cluster is called in AWS as it is in the description, and so are its key's alias and its log
group: in one account and region there can be one of a name. Which account an environment is in is
not described, so this is advice. The name stays what it is: another one replaces the cluster.
"""

import pkgutil
from collections.abc import Iterator

import pulumi

from components.name_matrix import name_matrix, name_problems
from stacks import environments, load
from stacks.environment import Environment


def advice(name: str, environment: Environment) -> list[str]:
    """List everything that should be looked at; empty if nothing."""
    return [*long_names(environment), *same_names(name, environment)]


def long_names(environment: Environment) -> list[str]:
    """Find names that do not fit, also those of services that others might export one day; pure."""
    return name_problems(
        name_matrix(
            [export.service for export in environment.exports],
            environment.names,
            eks=[cluster.name for cluster in environment.eks],
        )
    )


def same_names(name: str, environment: Environment) -> list[str]:
    """Say which clusters of an environment have the name of one of another, in one region."""
    ours = {(cluster.region, cluster.name) for cluster in environment.eks}
    return [
        f"cluster {cluster.name!r} in {cluster.region} is one of environment {other!r} too. In one "
        "account they would be one cluster to AWS. Deploy them to different accounts, or rename "
        "the one that is not deployed yet"
        for other, described in _others(name)
        for cluster in described.eks
        if (cluster.region, cluster.name) in ours
    ]


def _others(name: str) -> Iterator[tuple[str, Environment]]:
    for module in pkgutil.iter_modules(environments.__path__):
        if module.name == name:
            continue
        try:
            yield module.name, load(module.name)
        except pulumi.RunError:
            # Somebody else's, and told where it is used.
            continue
