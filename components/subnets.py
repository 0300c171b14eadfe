"""
The CIDR blocks of a network's subnets, which follow from that of the network, and NAT gateways.

Apart from the network, so that a description of an environment is validated, and its cost
estimated, without loading the AWS SDK. IPv4 only: EKS gives pods addresses of one family, and
peered networks of two families could not call one another.
"""

import ipaddress
from dataclasses import dataclass
from enum import Enum

from .cidr_blocks import cidr_block, unrouted

# One for each replica of Linkerd's control plane. Their letters: zones.py
ZONE_COUNT = 3

# Below, pods run out of addresses; above, AWS refuses the VPC.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
SMALLEST_PREFIX = 20
LARGEST_PREFIX = 16

# Addresses of every subnet that AWS reserves.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_ADDRESSES = 5

# EKS places its network interfaces there, and recommends a /28 for them.
# Source: EKS Best Practices Guide, networking/subnets
CONTROL_PLANE_PREFIX = 28

# The services that nodes, the Pod Identity agent, the network plug-in and the load balancer
# controller call. S3, for image layers, has a gateway endpoint in every network.
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


class NatGateways(Enum):
    """
    NAT gateways of a network, through which its private subnets reach the internet.

    Source: the strategies of `awsx.ec2.Vpc`
    """

    NONE = "none"
    """
    No NAT gateway: interface endpoints of AWS' services instead, and no internet.

    All images must then be in ECR of the same region; AWS charges the endpoints by the hour.
    """

    SINGLE = "one"
    """One NAT gateway for all zones: cheaper, and unavailable if its zone is."""

    ONE_PER_AZ = "per zone"
    """One NAT gateway in each zone."""

    @property
    def gateways(self) -> int:
        """Number of NAT gateways, and of public addresses, of a network."""
        return {
            NatGateways.NONE: 0,
            NatGateways.SINGLE: 1,
            NatGateways.ONE_PER_AZ: ZONE_COUNT,
        }[self]

    @property
    def private_services(self) -> tuple[str, ...]:
        """
        Short names of the AWS services with an interface endpoint.

        Empty with a NAT gateway, which costs less than the endpoints.
        """
        return PRIVATE_SERVICES if self is NatGateways.NONE else ()


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """The CIDR blocks of a VPC's subnets, one of each kind in every zone."""

    private: tuple[str, ...]
    """For nodes and pods: a quarter of the VPC each."""

    public: tuple[str, ...]
    """For NAT gateways and internet-facing load balancers: a sixteenth each."""

    control_plane: tuple[str, ...]
    """For the API server's network interfaces: a /28 each."""


def cidr_problem(what: str, cidr: str) -> str:
    """Return what is wrong with the CIDR block of a network; empty if nothing is."""
    try:
        cidr_block(cidr)
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        return f"{what} must be an IPv4 CIDR block (got {cidr!r}: {error}). Use: 10.10.0.0/16"
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        return (
            f"{what} must be between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX} (got {cidr}). "
            "Three zones of private, public and control-plane subnets must fit. Use: 10.10.0.0/16"
        )
    if reserved := unrouted(network):
        return (
            f"{what} must be addresses that can be routed (got {cidr}, which overlaps {reserved}). "
            "AWS makes no such network. Use: 10.10.0.0/16"
        )
    return ""


def service_block(cidr: str) -> str:
    """
    Return the block of Service addresses that EKS chooses in a network.

    Source: awslabs/amazon-eks-ami, files/bootstrap.sh (DNS_CLUSTER_IP)
    """
    return "172.20.0.0/16" if cidr.startswith("10.") else "10.100.0.0/16"


def node_addresses(cidr: str) -> int:
    """Return how many addresses nodes and pods of a network have."""
    blocks = map(ipaddress.IPv4Network, subnet_plan(cidr).private)
    return sum(block.num_addresses - RESERVED_ADDRESSES for block in blocks)


def subnet_plan(cidr: str) -> SubnetPlan:
    """
    Divide the CIDR block of a VPC into those of its subnets.

    The first three quarters are private; three quarters of the last are public; the control plane's
    come from the rest. What remains is free.
    """
    if problem := cidr_problem("cidr_block of a network", cidr):
        raise ValueError(problem)
    *private, rest = ipaddress.IPv4Network(cidr).subnets(prefixlen_diff=2)
    *public, last = rest.subnets(prefixlen_diff=2)
    control_plane = last.subnets(new_prefix=CONTROL_PLANE_PREFIX)
    return SubnetPlan(
        private=tuple(map(str, private)),
        public=tuple(map(str, public)),
        control_plane=tuple(str(next(control_plane)) for _ in range(ZONE_COUNT)),
    )
