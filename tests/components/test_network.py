"""A VPC: how its addresses are divided, what it is made of, and who reaches the internet how."""

import functools
import ipaddress
import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network import Network, NetworkArgs
from components.subnets import Nat, SubnetPlan, subnet_plan
from tests import engine

SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"


@functools.cache
def in_ireland(nat: Nat = Nat.PER_ZONE) -> engine.Notes:
    """Make one network."""

    def program() -> None:
        args = NetworkArgs(region="eu-west-1", cidr="10.10.0.0/16", nat=nat, tags={"team": "mesh"})
        Network("west", args)

    return engine.run(program)


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    """Draw a CIDR block that a VPC may have."""
    prefix = draw(st.integers(16, 20))
    address = draw(st.integers(0, 2**prefix - 1)) << (32 - prefix)
    return str(ipaddress.IPv4Network((address, prefix)))


def blocks(plan: SubnetPlan) -> list[ipaddress.IPv4Network]:
    """List every subnet of a plan."""
    return [
        ipaddress.IPv4Network(block) for block in (*plan.private, *plan.public, *plan.control_plane)
    ]


@given(vpcs())
def test_subnets_stay_inside_their_network_and_never_overlap(cidr: str) -> None:
    subnets = blocks(subnet_plan(cidr))

    assert len(subnets) == 9
    assert all(subnet.subnet_of(ipaddress.IPv4Network(cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@given(vpcs())
def test_nodes_get_three_quarters_and_the_api_servers_interfaces_a_28_each(cidr: str) -> None:
    plan = subnet_plan(cidr)
    quarter = ipaddress.IPv4Network(cidr).prefixlen + 2

    assert [ipaddress.IPv4Network(block).prefixlen for block in plan.private] == [quarter] * 3
    assert [ipaddress.IPv4Network(block).prefixlen for block in plan.control_plane] == [28] * 3


def test_the_plan_of_a_network_can_be_read_from_its_block() -> None:
    assert subnet_plan("10.10.0.0/16") == SubnetPlan(
        private=("10.10.0.0/18", "10.10.64.0/18", "10.10.128.0/18"),
        public=("10.10.192.0/20", "10.10.208.0/20", "10.10.224.0/20"),
        control_plane=("10.10.240.0/28", "10.10.240.16/28", "10.10.240.32/28"),
    )


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/21"])
def test_a_network_that_is_too_large_or_too_small_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match="cidr") as refused:
        NetworkArgs(region="eu-west-1", cidr=cidr)

    assert str(refused.value) == (
        f"cidr of a network must be between /16 and /20 (got {cidr}). Three zones of private, "
        "public and control-plane subnets must fit. Use: 10.10.0.0/16"
    )


def test_every_zone_has_one_subnet_of_each_kind() -> None:
    zones = [noted.inputs["availabilityZone"] for noted in in_ireland().of(SUBNET)]

    assert sorted(zones) == sorted(["eu-west-1a", "eu-west-1b", "eu-west-1c"] * 3)


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
    notes = in_ireland(Nat.ONE)

    assert [noted.name for noted in notes.of(NAT_GATEWAY)] == ["west-nat-a"]
    assert outward(notes) == {
        "west-public-id": "west-internet-id",
        **{f"west-private-{zone}-id": "west-nat-a-id" for zone in "abc"},
    }


def outward(notes: engine.Notes) -> dict[str, str]:
    """Tell the way out of each route table."""
    return {
        noted.inputs["routeTableId"]: noted.inputs.get("gatewayId") or noted.inputs["natGatewayId"]
        for noted in notes.of(ROUTE)
        if noted.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    }


def test_a_nat_gateway_waits_for_the_way_out() -> None:
    assert all("west-public-internet" in noted.after for noted in in_ireland().of(NAT_GATEWAY))


def test_every_subnet_is_associated_with_one_route_table() -> None:
    association = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    tables = {
        noted.inputs["subnetId"]: noted.inputs["routeTableId"]
        for noted in in_ireland().of(association)
    }

    assert len(in_ireland().of(association)) == 9
    assert tables == {
        **{f"west-public-{zone}-id": "west-public-id" for zone in "abc"},
        **{f"west-private-{zone}-id": f"west-private-{zone}-id" for zone in "abc"},
        **{f"west-control-plane-{zone}-id": f"west-private-{zone}-id" for zone in "abc"},
    }


def test_images_come_through_a_gateway_endpoint_for_s3() -> None:
    endpoint = in_ireland().one("aws:ec2/vpcEndpoint:VpcEndpoint")

    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert endpoint.inputs["routeTableIds"] == [f"west-private-{zone}-id" for zone in "abc"]


def test_names_resolve_to_private_addresses_inside_the_network() -> None:
    vpc = in_ireland().one("aws:ec2/vpc:Vpc")

    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True


def test_the_regions_provider_tags_everything() -> None:
    notes = in_ireland()
    provider = notes.one("pulumi:providers:aws")

    assert provider.inputs["region"] == "eu-west-1"
    assert json.loads(provider.inputs["defaultTags"]) == {"tags": {"team": "mesh"}}
    assert {
        noted.provider.split("::")[-2] for noted in notes.resources if noted.type.startswith("aws:")
    } == {"west-eu-west-1"}
