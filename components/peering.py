"""
VPC peerings: one for each pair of networks on AWS whose clusters are linked.

Peerings are not transitive, and neither are links. A request that is not accepted expires after
seven days; here it is accepted in the same run, in the accepter's region. Deleting the request
deletes the peering; routes depend on the acceptance, so they are deleted first.
"""

import ipaddress
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from .arguments import checked
from .network import Network
from .zones import zones


@checked
@dataclass(frozen=True, kw_only=True)
class NetworkPeeringArgs:
    """
    Arguments of `NetworkPeering`.

    Which of two networks is the requester does not matter for traffic: it flows both ways.
    """

    requester: Network
    """The network that requests the peering."""

    accepter: Network
    """The network that accepts it, in the same or another region; addresses must not overlap."""

    def __post_init__(self) -> None:
        ours, theirs = (
            ipaddress.IPv4Network(network.cidr_block) for network in (self.requester, self.accepter)
        )
        if ours.overlaps(theirs):
            raise ValueError(
                f"networks {self.requester.name} and {self.accepter.name} must not overlap (got "
                f"{ours} and {theirs}). AWS would refuse the peering. Give one another cidr_block."
            )


class NetworkPeering(pulumi.ComponentResource):
    """
    A VPC peering between two networks, with routes in both directions.

    Makes:
        the request, its acceptance, and in both networks a route in every private route table.
    Example:
        NetworkPeering("west-east", NetworkPeeringArgs(requester=west, accepter=east))
    Source: https://docs.aws.amazon.com/vpc/latest/peering/
    """

    peering_id: pulumi.Output[str]
    """Id of the peering (`pcx-...`), once it is accepted."""

    def __init__(
        self,
        name: str,
        args: NetworkPeeringArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:NetworkPeering", name, {}, opts)
        accepted = _peering(name, args, parent=self)
        _peering_routes(name, args.requester, args.accepter, accepted, parent=self)
        _peering_routes(name, args.accepter, args.requester, accepted, parent=self)
        self.peering_id = accepted.vpc_peering_connection_id
        self.register_outputs({"peering_id": self.peering_id})


def _peering(
    name: str, args: NetworkPeeringArgs, parent: pulumi.Resource
) -> aws.ec2.VpcPeeringConnectionAccepter:
    requester, accepter = args.requester, args.accepter
    request = aws.ec2.VpcPeeringConnection(
        f"{name}-request",
        vpc_id=requester.vpc_id,
        peer_vpc_id=accepter.vpc_id,
        peer_region=accepter.region,
        tags={"Name": name},
        # AWS allows one peering of a pair at a time.
        opts=pulumi.ResourceOptions(
            parent=parent, provider=requester.provider, delete_before_replace=True
        ),
    )
    return aws.ec2.VpcPeeringConnectionAccepter(
        f"{name}-acceptance",
        vpc_peering_connection_id=request.id,
        auto_accept=True,
        tags={"Name": name},
        opts=pulumi.ResourceOptions(
            parent=parent, provider=accepter.provider, delete_before_replace=True
        ),
    )


def _peering_routes(
    name: str,
    here: Network,
    there: Network,
    accepted: aws.ec2.VpcPeeringConnectionAccepter,
    parent: pulumi.Resource,
) -> None:
    for zone, table_id in zip(zones(here.region), here.private_route_table_ids, strict=True):
        aws.ec2.Route(
            f"{name}-{here.name}-{zone}",
            route_table_id=table_id,
            destination_cidr_block=there.cidr_block,
            vpc_peering_connection_id=accepted.vpc_peering_connection_id,
            opts=pulumi.ResourceOptions(parent=parent, provider=here.provider),
        )
