"""Regions: each known one has three zones; about another, the message says what is known."""

import pytest

from linkmesh.zones import REGIONS, region_problem, zones


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_has_three_different_zones(region: str) -> None:
    assert len(set(zones(region))) == 3
    assert region_problem("region", region) == ""


def test_the_regions_of_the_talk_are_known() -> None:
    assert zones("eu-west-1") == zones("eu-west-3") == ("a", "b", "c")


def test_zones_that_new_accounts_do_not_get_are_left_out() -> None:
    assert zones("ap-northeast-1") == ("a", "c", "d")
    assert zones("ca-central-1") == ("a", "b", "d")


@pytest.mark.parametrize(
    "region", ["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ap-east-2", "mx-central-1"]
)
def test_the_newest_regions_are_known(region: str) -> None:
    assert region_problem("region", region) == ""


def test_a_misspelt_region_is_answered_with_the_right_one() -> None:
    assert region_problem("region of cluster 'west'", "eu-west1").endswith(
        "Use: eu-west-1, us-west-2, eu-west-3"
    ) or "eu-west-1" in region_problem("region", "eu-west1")
