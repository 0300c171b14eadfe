"""
What is not refused in an environment, and should be looked at: names, above all.

A cluster is called in AWS as it is in the description, and so are its key's alias and its log
group: in one account and region there can be one of a name. Which account an environment is in is
not described, so this is advice. The name stays what it is: another one replaces the cluster.
"""

import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pulumi

from components.environment import Plan
from components.name_matrix import name_problems
from components.support import ENDING, support_end
from stacks import environments, load


def advice(name: str, plan: Plan) -> list[str]:
    """List everything that should be looked at; empty if nothing."""
    today = datetime.now(UTC).date()
    return [*long_names(plan), *same_names(name, plan), *ending_support(plan, today)]


def long_names(plan: Plan) -> list[str]:
    """Find names that do not fit, also those of services that others might export one day; pure."""
    return name_problems(plan.derived_names)


def ending_support(plan: Plan, today: date) -> list[str]:
    """Say which EKS clusters run a Kubernetes that leaves standard support soon; pure."""
    return [
        f"cluster {cluster.name!r}: AWS' standard support of Kubernetes {cluster.kubernetes} ends "
        f"on {end}, and then AWS upgrades the control plane on its own. Upgrade it before, one "
        "minor version at a time: Eks(kubernetes=...)"
        for cluster in plan.environment.eks
        if (end := support_end(cluster.kubernetes)) - today <= ENDING
    ]


def same_names(name: str, plan: Plan) -> list[str]:
    """Say which clusters of an environment have the name of one of another, in one region."""
    ours = {(cluster.region, cluster.name) for cluster in plan.environment.eks}
    return [
        f"cluster {cluster.name!r} in {cluster.region} is one of environment {other!r} too. In one "
        "account they would be one cluster to AWS. Deploy them to different accounts, or rename "
        "the one that is not deployed yet"
        for other, described in _others(name)
        for cluster in described.environment.eks
        if (cluster.region, cluster.name) in ours
    ]


def _others(name: str) -> Iterator[tuple[str, Plan]]:
    for module in pkgutil.iter_modules(environments.__path__):
        if module.name == name:
            continue
        try:
            yield module.name, load(module.name)
        except pulumi.RunError:
            # Somebody else's, and told where it is used.
            continue
