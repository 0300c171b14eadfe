"""
The address ranges of a network's subnets, from one CIDR block; pure.

Here and not with the network, so that a description of an environment can be checked without
loading the AWS SDK.
"""

import ipaddress
from dataclasses import dataclass
from enum import Enum

ZONES = ("a", "b", "c")

# Below, pods run out of addresses; above, AWS refuses the VPC.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
SMALLEST_PREFIX = 20
LARGEST_PREFIX = 16

# EKS places its network interfaces there and recommends a /28 of its own.
# Source: EKS Best Practices Guide, networking/subnets
CONTROL_PLANE_PREFIX = 28


class Nat(Enum):
    """How private subnets reach the internet."""

    ONE = "one"
    """One NAT gateway for all zones: cheap, and lost with its zone."""

    PER_ZONE = "per zone"
    """One in each zone."""

    @property
    def gateways(self) -> int:
        """How many NAT gateways, and public addresses, a network has."""
        return 1 if self is Nat.ONE else len(ZONES)


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """The address ranges of a VPC's subnets, one of each kind in every zone."""

    private: tuple[str, ...]
    """Nodes and pods: a quarter of the VPC each."""

    public: tuple[str, ...]
    """NAT gateways and internet-facing load balancers: a sixteenth each."""

    control_plane: tuple[str, ...]
    """The API server's network interfaces: a /28 each."""


def subnet_plan(cidr: str) -> SubnetPlan:
    """
    Divide a VPC's addresses.

    The first three quarters are private; of the last, three quarters are public; from the rest come
    the control plane's. What remains is free.
    """
    network = ipaddress.IPv4Network(cidr)
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        raise ValueError(
            f"cidr of a network must be between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX} "
            f"(got {cidr}). Three zones of private, public and control-plane subnets must fit. "
            "Use: 10.10.0.0/16"
        )
    *private, rest = network.subnets(prefixlen_diff=2)
    *public, last = rest.subnets(prefixlen_diff=2)
    control_plane = last.subnets(new_prefix=CONTROL_PLANE_PREFIX)
    return SubnetPlan(
        private=tuple(map(str, private)),
        public=tuple(map(str, public)),
        control_plane=tuple(str(next(control_plane)) for _ in ZONES),
    )
