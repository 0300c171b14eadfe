"""People and machines: who administers the EKS clusters, and from where."""

import ipaddress
from collections.abc import Iterator, Sequence

from ...access_entry import access_problems
from ..description import Environment, Existing


def problems(environment: Environment) -> Iterator[str]:
    """Somebody must administer EKS clusters, and reach them from a place that is not everywhere."""
    if environment.eks and not environment.admins:
        yield (
            "admins must name at least one IAM principal (got none). Nobody is administrator of an "
            'EKS cluster by having made it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
        )
    if environment.eks and not environment.operators:
        yield (
            "operators must name at least one CIDR block (got none). Nobody could reach the API "
            'servers of the EKS clusters. Use: operators=["<your address>/32"]'
        )
    if environment.admins:
        yield from access_problems(environment.access_entries)
    yield from _blocks("operators", environment.operators)
    for cluster in environment.clusters:
        if isinstance(cluster, Existing):
            yield from _blocks(f"egress of cluster {cluster.name!r}", cluster.egress)


def _blocks(thing: str, blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        if not _is_block(block):
            yield (
                f"{thing} must be IPv4 CIDR blocks with a prefix length (got {block!r}). "
                "Use: 198.51.100.10/32"
            )
        elif block.endswith("/0"):
            yield (
                f"{thing} must not be the whole internet (got {block}). Anybody could call the "
                "API servers. Use: 198.51.100.10/32"
            )


def _is_block(text: str) -> bool:
    try:
        ipaddress.IPv4Network(text)
    except ValueError:
        return False
    return "/" in text
