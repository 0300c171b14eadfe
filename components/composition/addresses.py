"""Addresses that are known only once a network is there, and the networks that have them."""

from collections.abc import Callable, Sequence
from typing import Protocol

import pulumi

from ..environment import Block, NatGateway, Plan

Resolve = Callable[[Block], pulumi.Input[str]]
"""Returns the CIDR block of a NAT gateway, and others as they are."""


class EksNetwork(Protocol):
    """What an EKS cluster needs of its network: a `Network`, or what a stack exported of it."""

    @property
    def vpc_id(self) -> pulumi.Input[str]:
        """Id of the VPC."""

    @property
    def private_subnet_ids(self) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
        """Ids of the subnets of nodes and pods."""

    @property
    def control_plane_subnet_ids(self) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
        """Ids of the subnets of the API server's interfaces."""


def resolve_callers(
    plan: Plan, target: str, nat_block: Callable[[NatGateway], pulumi.Input[str]]
) -> Resolve:
    """Read the addresses of the NAT gateways of the clusters that call one, each once."""
    blocks = {
        gateway: nat_block(gateway)
        for source in plan.clusters[target].sources
        for gateway in plan.clusters[source].nat_gateways
    }
    return lambda block: blocks[block] if isinstance(block, NatGateway) else block
