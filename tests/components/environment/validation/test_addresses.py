"""Addresses: what is not valid of regions and networks."""

import pytest

from tests.components.environment.described import on_aws, problems


def test_a_network_that_is_no_cidr_block_is_an_error() -> None:
    assert problems(on_aws("west", cidr="10.10.0.1/16")) == [
        "cidr of cluster 'west' must be an IPv4 CIDR block (got '10.10.0.1/16': 10.10.0.1/16 has "
        "host bits set). Use: 10.10.0.0/16"
    ]


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/21"])
def test_a_network_too_large_or_too_small_is_an_error(cidr: str) -> None:
    assert problems(on_aws("west", cidr=cidr)) == [
        f"cidr of cluster 'west' must be between /16 and /20 (got {cidr}). Three zones of subnets "
        "must fit in it. Use: 10.10.0.0/16"
    ]


def test_networks_that_overlap_are_errors() -> None:
    clusters = [on_aws("west"), on_aws("east", cidr="10.10.16.0/20")]

    assert problems(*clusters) == [
        "cidr of clusters 'west' and 'east' must not overlap (got 10.10.0.0/16 and 10.10.16.0/20). "
        "Nothing could be routed between them. Give one another block."
    ]


def test_a_region_without_three_zones_is_an_error() -> None:
    [problem] = problems(on_aws("west", region="us-west-1"))

    assert problem.startswith("region of cluster 'west' must be an AWS region with EKS and three")
    assert "(got 'us-west-1')" in problem
