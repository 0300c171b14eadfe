"""Two regions are joined by a request on one side and a consent on the other."""

from collections.abc import Callable

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program


def test_two_regions_are_joined_and_parted(region: Callable[[str], Cloud]) -> None:
    west, east = Program(region("eu-west-1")), Program(region("eu-west-3"))
    theirs = east.make("east-vpc")
    ends = {"peerVpcId": theirs.id, "peerRegion": "eu-west-3"}

    request = west.make("request", **ends)
    west.refuses(r"Incorrect region \(eu-west-1\)", "consent")
    consent = east.make("consent", vpcPeeringConnectionId=request.id)
    east.add("RouteTable", "table", vpcId="@east-vpc")
    back = {"routeTableId": "@table", "destinationCidrBlock": "10.10.0.0/16"}
    east.add("Route", "back", vpcPeeringConnectionId=consent.id, **back)

    assert request["acceptStatus"] == "pending-acceptance"
    assert consent["acceptStatus"] == "active"
    assert west.drift("request") == east.drift("consent") == []
    with pytest.raises(Refused, match="DependencyViolation"):
        east.delete("east-vpc")
    for name in ("back", "table", "consent"):
        east.delete(name)
    west.destroy()
    east.destroy()
    assert leftovers(west.cloud.endpoint, ["eu-west-1", "eu-west-3"]) == []
