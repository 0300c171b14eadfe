"""A VPC: how its addresses are divided, what it is made of, and who reaches the internet how."""

import functools
import json
from typing import Any

import pytest

from linkmesh.network import Network, NetworkArgs
from linkmesh.subnets import NatGateways
from tests import engine

SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"


@functools.cache
def in_ireland(**overrides: Any) -> engine.Notes:
    """Make one network."""
    ordinary = {"region": "eu-west-1", "cidr_block": "10.10.0.0/16"}

    def program() -> None:
        Network("west", NetworkArgs(**{**ordinary, **overrides}, tags={"team": "mesh"}))

    return engine.run(program)


def all_of(notes: engine.Notes) -> set[tuple[str, str]]:
    """List type and logical name of all that is made."""
    return {(noted.type, noted.name) for noted in notes.resources}


def test_every_zone_has_one_subnet_of_each_kind() -> None:
    zones = [noted.inputs["availabilityZone"] for noted in in_ireland().of(SUBNET)]

    assert sorted(zones) == sorted(["eu-west-1a", "eu-west-1b", "eu-west-1c"] * 3)


@pytest.mark.parametrize(("region", "prefix"), [("us-east-1", "use1"), ("ca-central-1", "cac1")])
def test_where_a_zone_has_no_control_planes_zones_are_chosen_by_id(
    region: str, prefix: str
) -> None:
    """The letter of that zone differs from account to account."""
    subnets = in_ireland(region=region).of(SUBNET)

    chosen = sorted({noted.inputs["availabilityZoneId"] for noted in subnets})
    assert chosen == [f"{prefix}-az1", f"{prefix}-az2", f"{prefix}-az4"]
    assert not any("availabilityZone" in noted.inputs for noted in subnets)


def test_load_balancer_controllers_find_subnets_by_their_tags() -> None:
    marks = {
        noted.name.removeprefix("west-"): sorted(set(noted.inputs["tags"]) - {"Name"})
        for noted in in_ireland().of(SUBNET)
    }

    assert marks == {
        **{f"public-{zone}": ["kubernetes.io/role/elb"] for zone in "abc"},
        **{f"private-{zone}": ["kubernetes.io/role/internal-elb"] for zone in "abc"},
        **{f"control-plane-{zone}": [] for zone in "abc"},
    }


def test_each_zone_has_a_nat_gateway_of_its_own() -> None:
    placed = {noted.name: noted.inputs["subnetId"] for noted in in_ireland().of(NAT_GATEWAY)}

    assert placed == {f"west-nat-{zone}": f"west-public-{zone}-id" for zone in "abc"}
    assert outward(in_ireland()) == {
        "west-public-id": "west-internet-id",
        **{f"west-private-{zone}-id": f"west-nat-{zone}-id" for zone in "abc"},
    }


def test_one_nat_gateway_serves_all_zones_if_asked() -> None:
    notes = in_ireland(nat_gateways=NatGateways.SINGLE)

    assert [noted.name for noted in notes.of(NAT_GATEWAY)] == ["west-nat-a"]
    assert outward(notes) == {
        "west-public-id": "west-internet-id",
        **{f"west-private-{zone}-id": "west-nat-a-id" for zone in "abc"},
    }


def outward(notes: engine.Notes) -> dict[str, str]:
    """Return the default route of each route table."""
    return {
        noted.inputs["routeTableId"]: noted.inputs.get("gatewayId") or noted.inputs["natGatewayId"]
        for noted in notes.of(ROUTE)
        if noted.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    }


def test_a_nat_gateway_waits_for_the_way_out() -> None:
    assert all("west-public-internet" in noted.after for noted in in_ireland().of(NAT_GATEWAY))


def test_every_subnet_is_associated_with_one_route_table() -> None:
    tables = {
        noted.inputs["subnetId"]: noted.inputs["routeTableId"]
        for noted in in_ireland().of(ASSOCIATION)
    }

    assert len(in_ireland().of(ASSOCIATION)) == 9
    assert tables == {
        **{f"west-public-{zone}-id": "west-public-id" for zone in "abc"},
        **{f"west-private-{zone}-id": f"west-private-{zone}-id" for zone in "abc"},
        **{f"west-control-plane-{zone}-id": f"west-private-{zone}-id" for zone in "abc"},
    }


def test_images_come_through_a_gateway_endpoint_for_s3() -> None:
    endpoint = in_ireland().one(ENDPOINT)

    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["routeTableIds"] == [f"west-private-{zone}-id" for zone in "abc"]


def test_names_resolve_to_private_addresses_inside_the_network() -> None:
    vpc = in_ireland().one("aws:ec2/vpc:Vpc")

    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True


def test_zones_are_those_of_the_region() -> None:
    notes = in_ireland(region="ap-northeast-1")

    assert [noted.name for noted in notes.of(NAT_GATEWAY)] == [f"west-nat-{z}" for z in "acd"]
    assert {noted.inputs["availabilityZone"] for noted in notes.of(SUBNET)} == {
        f"ap-northeast-1{zone}" for zone in "acd"
    }


def test_no_subnet_hands_out_public_addresses() -> None:
    assert {noted.inputs["mapPublicIpOnLaunch"] for noted in in_ireland().of(SUBNET)} == {False}


def test_the_security_group_that_comes_with_the_vpc_admits_nothing() -> None:
    group = in_ireland().one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert group.inputs["vpcId"] == "west-vpc-id"
    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


def test_the_regions_provider_tags_everything() -> None:
    everything = in_ireland(nat_gateways=NatGateways.NONE, flow_log_retention_days=30)
    notes = [in_ireland(), everything]

    for provider in (noted.one("pulumi:providers:aws") for noted in notes):
        assert provider.inputs["region"] == "eu-west-1"
        assert json.loads(provider.inputs["defaultTags"]) == {"tags": {"team": "mesh"}}
    assert {
        resource.provider.split("::")[-2]
        for noted in notes
        for resource in noted.resources
        if resource.type.startswith("aws:")
    } == {"west-eu-west-1"}


def test_the_same_description_gives_the_same_network() -> None:
    in_ireland.cache_clear()
    first = in_ireland(nat_gateways=NatGateways.NONE, flow_log_retention_days=30)
    in_ireland.cache_clear()
    second = in_ireland(nat_gateways=NatGateways.NONE, flow_log_retention_days=30)

    assert {noted.name: noted.inputs for noted in first.resources} == {
        noted.name: noted.inputs for noted in second.resources
    }


def test_all_problems_of_a_network_are_reported_together() -> None:
    with pytest.raises(ValueError, match="region") as error:
        NetworkArgs(region="eu-west-9", cidr_block="fd00::/16", flow_log_retention_days=31)

    lines = str(error.value).splitlines()
    assert [line.split(" must ")[0] for line in lines] == [
        "region of a network",
        "cidr_block of a network",
        "flow_log_retention_days",
    ]
