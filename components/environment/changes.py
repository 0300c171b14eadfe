"""
Changes of deployed clusters that cannot be made in place, each with what to do instead.

Pulumi plans these changes as replacements or updates that AWS refuses half-way: a network is
deleted only when nothing is in it, and EKS upgrades Kubernetes one minor version at a time, never
back. What others made on an existing cluster cannot become linkmesh's, nor the other way round:
Pulumi would delete what the description no longer makes.
"""

from collections.abc import Iterator

from .clusters import ClusterSpec, Eks, Existing
from .description import Environment
from .topology import Topology


def impossible_changes(deployed: Environment, described: Environment) -> list[str]:
    """List what a description changes about deployed clusters that cannot be changed in place."""
    before = {cluster.name: cluster for cluster in deployed.clusters}
    topology = Topology(deployed)
    return [
        problem
        for cluster in described.clusters
        if cluster.name in before
        for problem in _problems(topology, before[cluster.name], cluster)
    ]


def _problems(topology: Topology, before: ClusterSpec, after: ClusterSpec) -> Iterator[str]:
    if type(before) is not type(after):
        yield (
            f"cluster {after.name!r} must stay {_kind(before)} (got {_kind(after)}). Its stack "
            f"would be deployed on another cluster. {_move(after)}"
        )
    elif isinstance(before, Eks) and isinstance(after, Eks):
        yield from _eks_problems(before, after)
    elif isinstance(before, Existing) and isinstance(after, Existing):
        yield from _existing_problems(topology, before, after)


def _eks_problems(before: Eks, after: Eks) -> Iterator[str]:
    if before.region != after.region:
        yield (
            f"region of {after.name!r} must stay {before.region} (got {after.region}). AWS moves "
            f"neither clusters nor networks. {_move(after)}"
        )
    elif before.cidr != after.cidr:
        yield (
            f"cidr of {after.name!r} must stay {before.cidr} (got {after.cidr}). AWS cannot "
            f"replace a network that a cluster is in. {_move(after)}"
        )
    if _minor(after) < _minor(before):
        yield (
            f"kubernetes of {after.name!r} must be at least {before.kubernetes} (got "
            f"{after.kubernetes}). EKS does not go back to an older version. {_move(after)}"
        )
    elif _minor(after) > _minor(before) + 1:
        yield (
            f"kubernetes of {after.name!r} must be at most one minor version after "
            f"{before.kubernetes} (got {after.kubernetes}). EKS upgrades one at a time. "
            f'Use: kubernetes="1.{_minor(before) + 1}", then the next'
        )


def _existing_problems(topology: Topology, before: Existing, after: Existing) -> Iterator[str]:
    if before.has_linkerd != after.has_linkerd:
        yield (
            f"has_linkerd of {after.name!r} must stay {before.has_linkerd} (got "
            f"{after.has_linkerd}). Linkerd would be removed from under its workloads, or "
            f"installed over another one. {_move(after)}"
        )
    made = {*topology.namespaces_of(after.name)} - {*before.namespaces}
    for name in sorted(made & {*after.namespaces}):
        yield (
            f"namespaces of {after.name!r} must not contain {name!r}, which linkmesh made. Pulumi "
            "would delete it, and everything in it. To give it away, take it out of the state "
            f"first: pulumi state delete --stack ENVIRONMENT.{after.name} URN, with the URN of "
            f"Namespace {after.name}-{name}, which pulumi stack --show-urns prints"
        )


def _minor(cluster: Eks) -> int:
    return int(cluster.kubernetes.split(".")[1])


def _kind(cluster: ClusterSpec) -> str:
    return f"{type(cluster).__name__}(...)"


def _move(cluster: ClusterSpec) -> str:
    return (
        "Use: another cluster beside it, under another name; move its exports there, then remove "
        f"{cluster.name!r}"
    )
