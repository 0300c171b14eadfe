"""
The parts of an environment, one stack each: `<environment>.<part>`.

`trust` and `network` exist once. The part of a cluster is named after it, `west`. What a cluster
has besides is a part of its own, of one kind: `links.west`, `apps.west`, `routes.west`.
Decision: docs/decisions/0026-stacks-by-source.md
"""

from .. import names

TRUST, NETWORK, LINKS, APPS, ROUTES = names.RESERVED

CLUSTER = "cluster"
"""The kind of the part of a cluster."""


def part_of(kind: str, cluster: str) -> str:
    """Return the part of a kind of one cluster: `links.west`."""
    return f"{kind}.{cluster}"


def kind_of(part: str) -> str:
    """Return the kind of a part: `links` of `links.west`, `cluster` of `west`."""
    kind = part.partition(".")[0]
    return kind if kind in names.RESERVED else CLUSTER


def cluster_of(part: str) -> str:
    """Return the cluster of a part: `west` of `west` and of `links.west`; empty for `trust`."""
    return part if kind_of(part) == CLUSTER else part.partition(".")[2]
