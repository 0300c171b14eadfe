"""Two regions are joined by a request on one side and a consent on the other."""

from collections.abc import Callable

import pytest

from sandbox.plugins.aws import peering
from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Made, Program

Region = Callable[[str], Cloud]


def two(region: Region, *cidrs: str) -> tuple[Program, Made, Program, Made]:
    """Make a VPC in each of two regions."""
    west, east = Program(region("eu-west-1")), Program(region("eu-west-3"))
    ours, theirs = cidrs or ("10.10.0.0/16", "10.20.0.0/16")
    return (
        west,
        west.make("Vpc", cidrBlock=ours),
        east,
        east.make("Vpc", cidrBlock=theirs),
    )


def test_two_regions_are_joined_and_parted(region: Region) -> None:
    west, ours, east, theirs = two(region)
    request = west.make(
        "VpcPeeringConnection", vpcId=ours.id, peerVpcId=theirs.id, peerRegion="eu-west-3"
    )
    consent = east.make(
        "VpcPeeringConnectionAccepter",
        vpcPeeringConnectionId=request.id,
        autoAccept=True,
        tags={"side": "accepter"},
    )
    table = east.make("RouteTable", vpcId=theirs.id)
    route = east.make(
        "Route",
        routeTableId=table.id,
        destinationCidrBlock="10.10.0.0/16",
        vpcPeeringConnectionId=consent["vpcPeeringConnectionId"],
    )

    assert request["acceptStatus"] == "pending-acceptance"
    assert (consent["acceptStatus"], consent["vpcId"]) == ("active", theirs.id)
    assert (consent["peerRegion"], consent["peerVpcId"]) == ("eu-west-1", ours.id)
    assert consent["tagsAll"]["side"] == "accepter"
    assert route["state"] == "active"
    assert west.drift(request) == []

    east.destroy_but("Vpc")
    west.destroy()
    east.destroy()

    assert leftovers(west.cloud.endpoint, ["eu-west-1", "eu-west-3"]) == []


def test_overlapping_ranges_fail(region: Region) -> None:
    west, ours, _, theirs = two(region, "10.10.0.0/16", "10.10.128.0/17")

    with pytest.raises(Refused, match=r"unexpected state 'failed'.*10.10.0.0/16.*10.10.128.0/17"):
        west.make(
            "VpcPeeringConnection", vpcId=ours.id, peerVpcId=theirs.id, peerRegion="eu-west-3"
        )


def test_a_peer_in_the_wrong_region_fails(region: Region) -> None:
    west, ours, _, theirs = two(region)

    with pytest.raises(Refused, match=f"{theirs.id} in eu-west-2 does not exist"):
        west.make(
            "VpcPeeringConnection", vpcId=ours.id, peerVpcId=theirs.id, peerRegion="eu-west-2"
        )


def test_nobody_accepts_for_another_region(region: Region) -> None:
    west, ours, _, theirs = two(region)
    peering = {"vpcId": ours.id, "peerVpcId": theirs.id, "peerRegion": "eu-west-3"}

    request = west.make("VpcPeeringConnection", **peering)

    with pytest.raises(Refused, match=r"Incorrect region \(eu-west-1\)"):
        west.make(
            "VpcPeeringConnectionAccepter", vpcPeeringConnectionId=request.id, autoAccept=True
        )


def test_a_vpc_that_is_joined_cannot_be_deleted(region: Region) -> None:
    west, ours, east, theirs = two(region)
    request = west.make(
        "VpcPeeringConnection", vpcId=ours.id, peerVpcId=theirs.id, peerRegion="eu-west-3"
    )

    with pytest.raises(Refused, match="DependencyViolation"):
        east.delete(theirs)

    west.delete(request)
    east.delete(theirs)


def test_a_route_through_a_peering_that_nobody_accepted_is_a_blackhole(region: Region) -> None:
    west, ours, _, theirs = two(region)
    request = west.make(
        "VpcPeeringConnection", vpcId=ours.id, peerVpcId=theirs.id, peerRegion="eu-west-3"
    )
    table = west.make("RouteTable", vpcId=ours.id)

    route = west.make(
        "Route",
        routeTableId=table.id,
        destinationCidrBlock="10.20.0.0/16",
        vpcPeeringConnectionId=request.id,
    )

    assert route["state"] == "blackhole"


def test_a_vpc_has_fifty_active_peerings(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peering, "ACTIVE_LIMIT", 1)
    west, ours, _, _ = two(region)
    for number, name in enumerate(("a", "b")):
        west.make("Vpc", name, cidrBlock=f"10.{30 + number}.0.0/16")
    first, second = west.made[-2:]
    joined = west.make("VpcPeeringConnection", "a", vpcId=ours.id, peerVpcId=first.id)
    wanted = {"vpcPeeringConnectionId": joined.id, "autoAccept": True}
    west.make("VpcPeeringConnectionAccepter", "a", **wanted)

    with pytest.raises(Refused, match="ActiveVpcPeeringConnectionPerVpcLimitExceeded"):
        west.make("VpcPeeringConnection", "b", vpcId=ours.id, peerVpcId=second.id)
    request = west.make("VpcPeeringConnection", "c", vpcId=second.id, peerVpcId=ours.id)
    with pytest.raises(Refused, match=r"AcceptVpcPeeringConnection.*LimitExceeded"):
        west.make(
            "VpcPeeringConnectionAccepter", vpcPeeringConnectionId=request.id, autoAccept=True
        )
