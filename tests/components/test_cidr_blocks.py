"""Addresses of callers: private ones, public ones, and those from which no call can come."""

import ipaddress
import re

import pytest

from linkmesh.cidr_blocks import caller_problem, cidr_block, is_private, is_public


@pytest.mark.parametrize(
    ("block", "private"),
    [
        ("10.1.0.0/16", True),
        ("172.31.255.0/24", True),
        ("192.168.1.1/32", True),
        ("100.64.0.0/16", True),
        ("172.32.0.0/16", False),
        ("198.51.100.10/32", False),
        ("8.0.0.0/6", False),
    ],
)
def test_private_is_what_is_never_routed_on_the_internet(block: str, private: bool) -> None:
    assert is_private(block) is private


@pytest.mark.parametrize("block", ["10.0.0.0/7", "8.0.0.0/6", "127.0.0.1/32", "224.0.0.1/32"])
def test_a_block_with_a_single_address_that_is_not_public_is_not_public(block: str) -> None:
    assert not is_public(ipaddress.IPv4Network(block))


@pytest.mark.parametrize("block", ["198.51.100.10/32", "203.0.113.0/24", "172.32.0.0/16"])
def test_other_blocks_are_public(block: str) -> None:
    assert is_public(ipaddress.IPv4Network(block))
    assert caller_problem("operators", block) == caller_problem("egress", block, public=True) == ""


def test_callers_may_be_private_unless_they_must_be_public() -> None:
    assert caller_problem("operators", "10.20.0.0/16") == ""
    assert caller_problem("egress of cluster 'site'", "10.20.0.0/16", public=True) == (
        "egress of cluster 'site' must be public addresses (got 10.20.0.0/16, which overlaps "
        "10.0.0.0/8). EKS refuses private ranges for its public endpoint. Use the address behind "
        "which its pods call: 198.51.100.20/32"
    )


def test_a_block_of_private_and_public_addresses_is_an_error() -> None:
    assert caller_problem("operators", "172.0.0.0/8") == (
        "operators must be either public or private addresses (got 172.0.0.0/8, which overlaps "
        "172.16.0.0/12). EKS refuses private ranges for its public endpoint. Use a block of each: "
        "172.16.0.0/12, 198.51.100.10/32"
    )


@pytest.mark.parametrize("block", ["0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/3", "10.0.0.0/7"])
def test_large_parts_of_the_internet_are_errors(block: str) -> None:
    for public in (False, True):
        assert caller_problem("operators", block, public=public) == (
            f"operators must be blocks of /8 or smaller (got {block}). So many addresses are not "
            "those of one caller, and the API servers would be open to them. Use: 198.51.100.10/32"
        )


@pytest.mark.parametrize(
    ("block", "range_"),
    [
        ("127.0.0.1/32", "127.0.0.0/8"),
        ("169.254.10.0/24", "169.254.0.0/16"),
        ("0.0.0.1/32", "0.0.0.0/8"),
        ("224.0.0.0/24", "224.0.0.0/4"),
        ("255.255.255.255/32", "240.0.0.0/4"),
    ],
)
def test_addresses_that_no_router_forwards_are_errors(block: str, range_: str) -> None:
    assert caller_problem("operators", block) == (
        f"operators must be addresses that other machines see (got {block}, which overlaps "
        f"{range_}). No router forwards calls from these. Use: 198.51.100.10/32"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("10.1.0.0", "10.1.0.0/016", "10.1.0.0/255.255.0.0", "10.1.0.0/0.0.255.255", "2001:db8::"),
        *("10.1.0.1/16", "10.1.0.0/16 ", "10.1.0.0/\u0661\u0666"),
    ],
)
def test_a_block_is_written_with_the_number_of_its_bits(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text.partition("/")[0])):
        cidr_block(text)

    assert caller_problem("operators", text) == (
        f"operators must be IPv4 CIDR blocks with a prefix length (got {text!r}). Use: "
        "198.51.100.10/32"
    )


@pytest.mark.parametrize("text", ["10.1.0.0/16", "198.51.100.10/32", "2001:DB8::/32"])
def test_a_block_of_either_family_is_read(text: str) -> None:
    assert cidr_block(text) == ipaddress.ip_network(text)
