"""
The address ranges of a network's subnets, from one CIDR block, and their ways out; pure.

Here and not with the network, so that a description of an environment can be checked, and its cost
estimated, without loading the AWS SDK. IPv4 only: EKS gives pods addresses of one family, and
peered networks of two families could not call one another.
"""

import ipaddress
from dataclasses import dataclass
from enum import Enum

# One for each replica of Linkerd's control plane. Their letters: zones.py
ZONE_COUNT = 3

# Below, pods run out of addresses; above, AWS refuses the VPC.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
SMALLEST_PREFIX = 20
LARGEST_PREFIX = 16

# EKS places its network interfaces there and recommends a /28 of its own.
# Source: EKS Best Practices Guide, networking/subnets
CONTROL_PLANE_PREFIX = 28

# What nodes, the Pod Identity agent, the network plug-in and the load balancer controller call.
# S3, for image layers, has a gateway endpoint in every network.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
PRIVATE_SERVICES = (
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "logs",
    "sts",
)


class Nat(Enum):
    """How private subnets reach the internet."""

    NONE = "none"
    """
    Not at all: AWS' own services are reached by interface endpoints, and nothing else is.

    Every image must then be in ECR of the same region; AWS charges the endpoints by the hour.
    """

    ONE = "one"
    """One NAT gateway for all zones: cheap, and lost with its zone."""

    PER_ZONE = "per zone"
    """One in each zone."""

    @property
    def gateways(self) -> int:
        """How many NAT gateways, and public addresses, a network has."""
        return {Nat.NONE: 0, Nat.ONE: 1, Nat.PER_ZONE: ZONE_COUNT}[self]

    @property
    def private_services(self) -> tuple[str, ...]:
        """
        Short names of the services of AWS that a network reaches by interface endpoints.

        None where there is a NAT gateway: they would cost more than it does.
        """
        return PRIVATE_SERVICES if self is Nat.NONE else ()


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """The address ranges of a VPC's subnets, one of each kind in every zone."""

    private: tuple[str, ...]
    """Nodes and pods: a quarter of the VPC each."""

    public: tuple[str, ...]
    """NAT gateways and internet-facing load balancers: a sixteenth each."""

    control_plane: tuple[str, ...]
    """The API server's network interfaces: a /28 each."""


def cidr_problem(what: str, cidr: str) -> str:
    """Say what is wrong with the addresses of a network; empty if nothing is."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        return f"{what} must be an IPv4 CIDR block (got {cidr!r}: {error}). Use: 10.10.0.0/16"
    if LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        return ""
    return (
        f"{what} must be between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX} (got {cidr}). "
        "Three zones of private, public and control-plane subnets must fit. Use: 10.10.0.0/16"
    )


def subnet_plan(cidr: str) -> SubnetPlan:
    """
    Divide a VPC's addresses.

    The first three quarters are private; of the last, three quarters are public; from the rest come
    the control plane's. What remains is free.
    """
    if problem := cidr_problem("cidr of a network", cidr):
        raise ValueError(problem)
    *private, rest = ipaddress.IPv4Network(cidr).subnets(prefixlen_diff=2)
    *public, last = rest.subnets(prefixlen_diff=2)
    control_plane = last.subnets(new_prefix=CONTROL_PLANE_PREFIX)
    return SubnetPlan(
        private=tuple(map(str, private)),
        public=tuple(map(str, public)),
        control_plane=tuple(str(next(control_plane)) for _ in range(ZONE_COUNT)),
    )
