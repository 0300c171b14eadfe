"""Addresses: what is not valid of regions and networks."""

import pytest

from linkmesh.environment import chain
from tests.components.environment.described import on_aws, planned, problems


def test_a_network_that_is_no_cidr_block_is_an_error() -> None:
    assert problems(on_aws("west", cidr="10.10.0.1/16")) == [
        "cidr of cluster 'west' must be an IPv4 CIDR block (got '10.10.0.1/16': 10.10.0.1/16 has "
        "host bits set). Use: 10.10.0.0/16"
    ]


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/21"])
def test_a_network_too_large_or_too_small_is_an_error(cidr: str) -> None:
    assert problems(on_aws("west", cidr=cidr)) == [
        f"cidr of cluster 'west' must be between /16 and /20 (got {cidr}). Three zones of "
        "private, public and control-plane subnets must fit. Use: 10.10.0.0/16"
    ]


def test_networks_that_overlap_are_errors() -> None:
    clusters = [on_aws("west"), on_aws("east", cidr="10.10.16.0/20")]

    assert problems(*clusters) == [
        "cidr of clusters 'west' and 'east' must not overlap (got 10.10.0.0/16 and 10.10.16.0/20). "
        "Nothing could be routed between them. Give one another block."
    ]


def test_a_network_of_public_addresses_is_an_error() -> None:
    assert problems(on_aws("west", cidr="52.10.0.0/16")) == [
        "cidr of cluster 'west' must be of private addresses (got 52.10.0.0/16). Linkerd takes "
        "pods elsewhere for hosts of the internet. Use a block of 10.0.0.0/8, 172.16.0.0/12, "
        "192.168.0.0/16, 100.64.0.0/10"
    ]


def test_more_nodes_than_a_network_has_addresses_for_are_an_error() -> None:
    assert planned(on_aws("west", cidr="10.10.0.0/20", nodes=304)).names == ["west"]
    assert problems(on_aws("west", cidr="10.10.0.0/20", nodes=305)) == [
        "nodes of cluster 'west' must be at most 304 in 10.10.0.0/20 (got 305). Each takes 10 "
        "addresses and more, and pods would not start. Use: a larger cidr, e.g. a /16, or fewer "
        "nodes"
    ]


def test_a_network_of_the_addresses_of_a_peers_services_is_an_error() -> None:
    west, east = on_aws("west"), on_aws("east", cidr="172.20.16.0/20")

    assert planned(west, east).names == ["west", "east"]
    assert problems(west, east, links=chain("west", "east")) == [
        "cidr of cluster 'east' must not overlap the Services of cluster 'west', 172.20.0.0/16 "
        "(got 172.20.16.0/20). Calls would end at a Service instead of a pod. Use another block, "
        "e.g. 10.10.0.0/16"
    ]
    other = on_aws("other", cidr="192.168.0.0/16")
    assert [
        problem.split(" (got")[0]
        for problem in problems(
            on_aws("west", cidr="10.100.0.0/16"), other, links=chain("other", "west")
        )
    ] == ["cidr of cluster 'west' must not overlap the Services of cluster 'other', 10.100.0.0/16"]


def test_a_region_without_three_known_zones_is_an_error() -> None:
    [problem] = problems(on_aws("west", region="us-west-1"))

    assert problem.startswith(
        "region of cluster 'west' must be one of which three availability zones are known (got "
        "'us-west-1')"
    )
