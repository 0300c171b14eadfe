"""
Which subnets a load balancer gets; pure.

Those of the balancer there is, else by role tag, one a zone. The product turns the discovery by
routes off. Source: aws-load-balancer-controller v3.5.0, pkg/networking/subnet_resolver.go
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.balancers.annotations import ModelError

ROLE_TAGS = {
    "internet-facing": "kubernetes.io/role/elb",
    "internal": "kubernetes.io/role/internal-elb",
}
CLUSTER_TAG = "kubernetes.io/cluster/"
ENOUGH_ADDRESSES = 8


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet of the cluster's VPC."""

    id: str
    zone: str
    cidr: str
    tags: Mapping[str, str] = field(default_factory=dict)
    free_addresses: int = 251


def discovered(subnets: Sequence[Subnet], scheme: str, cluster: str) -> list[Subnet]:
    """Choose subnets for a scheme, one a zone."""
    candidates = [each for each in subnets if each.tags.get(ROLE_TAGS[scheme]) in ("", "1")]
    if not candidates:
        raise ModelError("unable to resolve at least one subnet")
    allowed = [each for each in candidates if _is_open_to(each, cluster)]
    chosen: dict[str, Subnet] = {}
    for each in sorted(allowed, key=lambda one: (not _is_own(one, cluster), one.id)):
        if each.free_addresses >= ENOUGH_ADDRESSES:
            chosen.setdefault(each.zone, each)
    if not chosen:
        others = len(candidates) - len(allowed)
        raise ModelError(
            f"unable to resolve at least one subnet. Evaluated {len(candidates)} subnets: {others} "
            f"are tagged for other clusters, and {len(allowed)} have insufficient available IP "
            "addresses"
        )
    return sorted(chosen.values(), key=lambda each: each.id)


def _is_own(subnet: Subnet, cluster: str) -> bool:
    return f"{CLUSTER_TAG}{cluster}" in subnet.tags


def _is_open_to(subnet: Subnet, cluster: str) -> bool:
    others = any(tag.startswith(CLUSTER_TAG) for tag in subnet.tags)
    return _is_own(subnet, cluster) or not others
