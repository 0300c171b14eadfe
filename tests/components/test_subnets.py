"""The plan of a network's addresses: how one block is divided, and which blocks are not valid."""

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh.subnets import (
    SubnetPlan,
    cidr_problem,
    node_addresses,
    service_block,
    subnet_plan,
)


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    """Draw a CIDR block that a VPC may have."""
    prefix = draw(st.integers(16, 20))
    private = draw(st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]))
    subnets = 2 ** (prefix - ipaddress.IPv4Network(private).prefixlen)
    first = int(ipaddress.IPv4Network(private).network_address)
    address = first + (draw(st.integers(0, subnets - 1)) << (32 - prefix))
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


@given(vpcs())
def test_every_block_that_fits_is_taken(cidr: str) -> None:
    assert cidr_problem("cidr", cidr) == ""


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/21"])
def test_a_network_that_is_too_large_or_too_small_is_an_error(cidr: str) -> None:
    with pytest.raises(ValueError, match="cidr") as error:
        subnet_plan(cidr)

    assert str(error.value) == (
        f"cidr_block of a network must be between /16 and /20 (got {cidr}). Three zones of "
        "private, public and control-plane subnets must fit. Use: 10.10.0.0/16"
    )


@pytest.mark.parametrize(
    ("cidr", "range_"),
    [
        ("0.1.0.0/16", "0.0.0.0/8"),
        ("127.0.0.0/16", "127.0.0.0/8"),
        ("169.254.0.0/16", "169.254.0.0/16"),
        ("224.10.0.0/16", "224.0.0.0/4"),
        ("250.10.0.0/16", "240.0.0.0/4"),
    ],
)
def test_a_network_of_addresses_that_are_never_routed_is_an_error(cidr: str, range_: str) -> None:
    assert cidr_problem("cidr", cidr) == (
        f"cidr must be addresses that can be routed (got {cidr}, which overlaps {range_}). AWS "
        "makes no such network. Use: 10.10.0.0/16"
    )


def test_nodes_and_pods_have_three_quarters_of_a_network_but_for_what_aws_reserves() -> None:
    assert node_addresses("10.10.0.0/20") == 3 * (1024 - 5)


@pytest.mark.parametrize(
    ("cidr", "services"),
    [("10.10.0.0/16", "172.20.0.0/16"), ("192.168.0.0/16", "10.100.0.0/16")],
)
def test_services_have_other_addresses_than_the_network(cidr: str, services: str) -> None:
    assert service_block(cidr) == services


@pytest.mark.parametrize(
    "cidr", ["fd00::/16", "10.10.0.1/16", "10.10", "west", "10.10.0.0/255.255.0.0", "10.10.0.0/016"]
)
def test_what_is_no_block_of_ipv4_addresses_is_an_error(cidr: str) -> None:
    problem = cidr_problem("cidr of 'west'", cidr)

    assert problem.startswith(f"cidr of 'west' must be an IPv4 CIDR block (got {cidr!r}: ")
    assert problem.endswith("). Use: 10.10.0.0/16")
