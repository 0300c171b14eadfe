"""What joins two networks: who asks, who accepts, and the routes of both."""

import functools

import pytest

from linkmesh.network import Network, NetworkArgs
from linkmesh.peering import NetworkPeering, NetworkPeeringArgs
from tests import engine


@functools.cache
def from_west_to_east() -> engine.Notes:
    """Join two networks in two regions."""

    def program() -> None:
        west = Network("west", NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16"))
        east = Network("east", NetworkArgs(region="eu-west-3", cidr_block="10.20.0.0/16"))
        NetworkPeering(
            "west-east",
            NetworkPeeringArgs(
                requester=west,
                accepter=east,
            ),
        )

    return engine.run(program)


def region_of(noted: engine.Noted) -> str:
    """Name the provider of a resource."""
    return noted.provider.split("::")[-2]


def test_the_source_asks_and_the_target_accepts_in_its_own_region() -> None:
    notes = from_west_to_east()
    request = notes.one("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    accepter = notes.one("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter")

    assert region_of(request) == "west-eu-west-1"
    assert request.inputs["vpcId"] == "west-vpc-id"
    assert request.inputs["peerVpcId"] == "east-vpc-id"
    assert request.inputs["peerRegion"] == "eu-west-3"
    assert region_of(accepter) == "east-eu-west-3"
    assert accepter.inputs["vpcPeeringConnectionId"] == "west-east-request-id"
    assert accepter.inputs["autoAccept"] is True


def test_both_sides_have_a_route_in_every_private_route_table() -> None:
    routes = [
        noted
        for noted in from_west_to_east().of("aws:ec2/route:Route")
        if noted.within == "west-east"
    ]
    found = {
        (region_of(noted), noted.inputs["routeTableId"], noted.inputs["destinationCidrBlock"])
        for noted in routes
    }

    assert found == {
        *(("west-eu-west-1", f"west-private-{zone}-id", "10.20.0.0/16") for zone in "abc"),
        *(("east-eu-west-3", f"east-private-{zone}-id", "10.10.0.0/16") for zone in "abc"),
    }


def test_a_route_waits_until_the_peering_is_accepted() -> None:
    routes = [
        noted
        for noted in from_west_to_east().of("aws:ec2/route:Route")
        if noted.within == "west-east"
    ]

    assert len(routes) == 6
    assert all("west-east-acceptance" in noted.after for noted in routes)


def dependencies_of(notes: engine.Notes, name: str) -> set[str]:
    """Name all that a resource stands on, near and far: what is removed only after it."""
    near = {noted.name: noted.after for noted in notes.resources}
    found: set[str] = set()
    todo = {name}
    while todo:
        todo = {below for one in todo for below in near.get(one, set())} - found
        found |= todo
    return found


def test_routes_are_removed_before_the_peering_and_the_peering_before_the_networks() -> None:
    notes = from_west_to_east()

    for zone in "abc":
        for side in ("west", "east"):
            route = dependencies_of(notes, f"west-east-{side}-{zone}")
            assert {"west-east-acceptance", "west-east-request"} <= route
            assert {"west-vpc", "east-vpc", f"{side}-private-{zone}"} <= route
    assert "west-east-request" in dependencies_of(notes, "west-east-acceptance")
    assert {"west-vpc", "east-vpc"} <= dependencies_of(notes, "west-east-request")


def test_networks_of_one_region_are_joined_in_the_same_way() -> None:
    def program() -> None:
        west, east = (
            Network(name, NetworkArgs(region="eu-west-1", cidr_block=f"10.{block}.0.0/16"))
            for name, block in (("west", 10), ("east", 20))
        )
        NetworkPeering("west-east", NetworkPeeringArgs(requester=west, accepter=east))

    notes = engine.run(program)
    request = notes.one("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    accepter = notes.one("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter")

    assert request.inputs["peerRegion"] == "eu-west-1"
    assert accepter.inputs["autoAccept"] is True
    assert region_of(accepter) == "east-eu-west-1"


def test_networks_that_overlap_are_errors() -> None:
    def program() -> None:
        west, east = (
            Network(name, NetworkArgs(region="eu-west-1", cidr_block=cidr))
            for name, cidr in (("west", "10.10.0.0/16"), ("east", "10.10.128.0/17"))
        )
        NetworkPeeringArgs(requester=west, accepter=east)

    with pytest.raises(ValueError, match="overlap") as error:
        engine.run(program)

    assert str(error.value) == (
        "networks west and east must not overlap (got 10.10.0.0/16 and 10.10.128.0/17). AWS would "
        "refuse the peering. Give one another cidr_block."
    )
