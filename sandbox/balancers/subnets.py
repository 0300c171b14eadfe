"""
Which subnets a load balancer gets; pure.

Those of the balancer there is, else by role tag, one a zone. The product turns the discovery by
routes off, and makes networks for one cluster each, so tags of clusters are not looked at.
Source: aws-load-balancer-controller v3.5.0, pkg/networking/subnet_resolver.go
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.balancers.annotations import ModelError

ROLE_TAGS = {
    "internet-facing": "kubernetes.io/role/elb",
    "internal": "kubernetes.io/role/internal-elb",
}


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet of the cluster's VPC."""

    id: str
    zone: str
    cidr: str
    tags: Mapping[str, str] = field(default_factory=dict)


def discovered(subnets: Sequence[Subnet], scheme: str) -> list[Subnet]:
    """Choose subnets for a scheme, one a zone."""
    chosen: dict[str, Subnet] = {}
    for each in sorted(subnets, key=lambda one: one.id):
        if each.tags.get(ROLE_TAGS[scheme]) in ("", "1"):
            chosen.setdefault(each.zone, each)
    if not chosen:
        raise ModelError("unable to resolve at least one subnet")
    return sorted(chosen.values(), key=lambda each: each.id)
