"""Single resources, as `--target` names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.runs.targets import only, targets
from linkmesh.cli.runs.waves import upstream
from linkmesh.environment import Plan
from tests.components.environment.described import plans

PARTS = ["trust", "network", "west", "links", "apps"]
WEST = "urn:pulumi:demo.west::linkmesh::kubernetes:core/v1:Namespace::west-yelb"
APPS = "urn:pulumi:demo.apps::linkmesh::linkmesh:index:ExportedService::west-yelb-db"


def test_each_urn_goes_to_the_stack_that_it_names() -> None:
    other = WEST.replace("west-yelb", "west-shop")

    assert targets("demo", PARTS, [WEST, APPS, other]) == {"west": [WEST, other], "apps": [APPS]}
    assert targets("demo", PARTS, []) == {}


@pytest.mark.parametrize("stack", ["prod.west", "demo.east", "demo", "demo2.west"])
def test_the_urn_of_another_environment_is_an_error(stack: str) -> None:
    urn = WEST.replace("demo.west", stack)

    with pytest.raises(PreconditionError) as error:
        targets("demo", PARTS, [APPS, urn])

    assert str(error.value) == (
        f"--target must be a resource of environment 'demo', and not of {stack} (got {urn}). Other "
        "stacks are not changed. Use: pulumi stack --stack demo.trust --show-urns, which lists them"
    )


def test_all_invalid_urns_are_reported_at_once() -> None:
    with pytest.raises(PreconditionError) as error:
        targets("demo", PARTS, ["west-yelb", "urn:pulumi:demo.west::linkmesh"])

    lines = str(error.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("--target must be a URN of a resource of environment 'demo' (got ")


@given(plans(), st.data())
def test_parts_that_are_left_out_still_order_the_others(
    described: Plan, data: st.DataObject
) -> None:
    waves = upstream(described)
    parts = data.draw(st.sets(st.sampled_from(described.parts)))

    chosen = only(waves, parts)

    assert set(chosen) == parts
    assert all(before <= parts for before in chosen.values())
    if {"trust", "apps"} <= parts:
        assert "trust" in chosen["apps"]
