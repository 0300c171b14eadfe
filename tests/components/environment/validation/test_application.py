"""The example application: what is not valid because one tier could not call the next."""

import pytest

from linkmesh.environment import (
    Export,
    Yelb,
    chain,
)
from tests.components.environment.described import EAST, LOCAL, WEST, planned, problems


@pytest.mark.parametrize("tier", ["ui", "appserver", "database"])
def test_a_tier_on_an_unknown_cluster_is_an_error(tier: str) -> None:
    placed = {"ui": "west", "appserver": "west", "database": "west", tier: "north"}

    found = problems(WEST, application=Yelb(**placed))

    assert found[0] == (
        f"{tier} of Yelb must be on a cluster of the environment (got 'north'). Known: west."
    )


def test_a_tier_whose_callers_have_no_mirror_of_it_is_an_error() -> None:
    yelb = Yelb(ui="local", appserver="west", database="west")

    assert problems(LOCAL, WEST, links=chain("local", "west"), application=yelb) == [
        "Yelb must have its yelb-appserver exported from 'west' to 'local' (it is not). The caller "
        'could not reach it. Add: Export("yelb-appserver", namespace="yelb", of="west", '
        'to=["local"])'
    ]


def test_a_tier_that_is_exported_to_others_only_is_an_error() -> None:
    yelb = Yelb(ui="west", appserver="west", database="east")
    export = Export("yelb-db", namespace="yelb", of="east", to=["local"])
    links = [*chain("local", "east"), *chain("west", "east")]

    [problem] = problems(LOCAL, WEST, EAST, links=links, exports=[export], application=yelb)
    assert problem.startswith("Yelb must have its yelb-db exported from 'east' to 'west'")


def test_tiers_on_one_cluster_need_no_exports() -> None:
    yelb = Yelb(ui="local", appserver="local", database="local")

    assert planned(LOCAL, application=yelb).environment.application == yelb


def test_a_copy_on_one_cluster_twice_is_an_error() -> None:
    yelb = Yelb(ui="local", appserver="local", database="local", copies=["west", "west"])

    assert problems(LOCAL, WEST, application=yelb) == [
        "copies of Yelb must be on different clusters (got 'west' 2 times). A cluster has each "
        "tier once. Remove the others."
    ]


def test_an_export_of_a_tier_whose_label_no_one_sets_is_an_error() -> None:
    yelb = Yelb(ui="local", appserver="west", database="west")
    export = Export("yelb-appserver", namespace="yelb", of="west", is_labelled=True)

    assert problems(
        LOCAL, WEST, links=chain("local", "west"), exports=[export], application=yelb
    ) == [
        "export yelb/yelb-appserver of 'west' must get its label from linkmesh (got "
        "is_labelled=True). The Service is a tier of Yelb, which no other owner labels. Use: "
        "is_labelled=False"
    ]
