"""
What joins two networks: one peering for each pair of linked clusters on AWS.

Peering is not transitive, and neither are links, so one peering a pair is the exact fit. A request
that nobody accepts expires after seven days; here it is accepted in the same run, in the target's
region. To remove a peering is to remove its request, since an acceptance has nothing to take back;
routes, which would then lead nowhere, stand on the acceptance and so are gone before.
"""

import ipaddress
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .network import Network
from .zones import zones


@dataclass(frozen=True, kw_only=True)
class PeeringSide:
    """One of the two networks of a peering."""

    name: str
    """Name of its cluster."""

    network: Network
    """The network."""


@dataclass(frozen=True, kw_only=True)
class NetworkPeeringArgs:
    """Who asks, and who accepts."""

    source: PeeringSide
    """The side that asks: the calling cluster's."""

    target: PeeringSide
    """The side that accepts, in the same or another region."""

    def __post_init__(self) -> None:
        ours, theirs = (
            ipaddress.IPv4Network(side.network.cidr) for side in (self.source, self.target)
        )
        if ours.overlaps(theirs):
            raise ValueError(
                f"networks of {self.source.name} and {self.target.name} must not overlap "
                f"(got {ours} and {theirs}). AWS would refuse the peering. Give one another cidr."
            )


class NetworkPeering(pulumi.ComponentResource):
    """
    A way between two networks, for both directions.

    Makes:
        the request, its acceptance, and on both sides a route in every private route table.
    Source: https://docs.aws.amazon.com/vpc/latest/peering/
    """

    def __init__(
        self,
        name: str,
        args: NetworkPeeringArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:NetworkPeering", name, {}, opts)
        accepted = _peering(name, args, parent=self)
        _peering_routes(name, args.source, args.target, accepted, parent=self)
        _peering_routes(name, args.target, args.source, accepted, parent=self)
        self.peering_id = accepted.vpc_peering_connection_id
        self.register_outputs({"peering_id": self.peering_id})


def _peering(
    name: str, args: NetworkPeeringArgs, parent: pulumi.Resource
) -> aws.ec2.VpcPeeringConnectionAccepter:
    source, target = args.source.network, args.target.network
    request = aws.ec2.VpcPeeringConnection(
        f"{name}-request",
        vpc_id=source.vpc_id,
        peer_vpc_id=target.vpc_id,
        peer_region=target.region,
        tags={"Name": name},
        # AWS has one of a pair at a time.
        opts=pulumi.ResourceOptions(
            parent=parent, provider=source.provider, delete_before_replace=True
        ),
    )
    return aws.ec2.VpcPeeringConnectionAccepter(
        f"{name}-acceptance",
        vpc_peering_connection_id=request.id,
        auto_accept=True,
        tags={"Name": name},
        opts=pulumi.ResourceOptions(
            parent=parent, provider=target.provider, delete_before_replace=True
        ),
    )


def _peering_routes(
    name: str,
    here: PeeringSide,
    there: PeeringSide,
    accepted: aws.ec2.VpcPeeringConnectionAccepter,
    parent: pulumi.Resource,
) -> None:
    region = here.network.region
    for zone, table_id in zip(zones(region), here.network.route_table_ids, strict=True):
        aws.ec2.Route(
            f"{name}-{here.name}-{zone}",
            route_table_id=table_id,
            destination_cidr_block=there.network.cidr,
            vpc_peering_connection_id=accepted.vpc_peering_connection_id,
            opts=pulumi.ResourceOptions(parent=parent, provider=here.network.provider),
        )
