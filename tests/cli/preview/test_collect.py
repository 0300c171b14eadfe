"""What is read from the engine's events: severe changes first, paths and never values."""

from random import Random

import pytest

from linkmesh.cli.preview.collect import Action, preview
from tests.cli.preview.events import error, policy, stack, step

VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"


def test_replacements_and_deletions_come_first() -> None:
    read = preview(
        "west",
        [
            step("create", SUBNET, "b"),
            step("update", SUBNET, "a", diff={"tags.x": "update"}),
            step("delete", SUBNET, "z"),
            step("replace", VPC, "west", diff={"cidrBlock": "update-replace"}),
            step("same", SUBNET, "same"),
        ],
    )

    assert [(each.action, each.name) for each in read.steps] == [
        (Action.REPLACE, "west"),
        (Action.DELETE, "z"),
        (Action.UPDATE, "a"),
        (Action.CREATE, "b"),
    ]


def test_the_steps_of_one_replacement_are_one() -> None:
    read = preview(
        "west",
        [
            step("create-replacement", VPC, "west", diff={"cidrBlock": "update-replace"}),
            step("replace", VPC, "west", keys=["cidrBlock"], diff={"tags": "update"}),
            step("delete-replaced", VPC, "west"),
        ],
    )

    assert len(read.steps) == 1
    assert read.steps[0].paths == ("cidrBlock", "tags")
    assert read.steps[0].causes == ("cidrBlock",)


def test_components_and_the_stack_are_no_resources() -> None:
    read = preview("west", [stack({}), step("create", "linkmesh:index:Network", "n", custom=False)])

    assert read.steps == ()


def test_values_of_properties_are_not_read() -> None:
    event = step("update", VPC, "west", diff={"password": "update"}, values={"password": "hunter2"})

    assert "hunter2" not in str(preview("west", [event]))


def test_the_deployed_description_is_read_from_the_former_outputs() -> None:
    deployed = preview("west", [stack({"description": {"version": 1}, "kubeconfig": "[secret]"})])
    old = preview("west", [stack({"cluster": {}})])
    new = preview("west", [stack(None)])

    assert (deployed.description, deployed.exists) == ({"version": 1}, True)
    assert (old.description, old.exists) == (None, True)
    assert (new.description, new.exists) == (None, False)


def test_the_error_is_that_of_the_engine_or_else_of_the_command() -> None:
    events = preview(
        "west", [error("<{%fg 1%}>no such region<{%reset%}>\n", "west-vpc")], "exit 255"
    )

    assert events.errors == ("west-vpc: no such region",)
    assert preview("west", [], "no passphrase").errors == ("no passphrase",)
    assert preview("west", []).errors == ()


def test_what_looks_like_a_secret_in_an_error_is_hidden() -> None:
    read = preview("west", [error('bad kubeconfig: {"token": "opensesame"}')])

    assert read.errors == ('bad kubeconfig: {"token": "[secret]"}',)


def test_mandatory_violations_come_first() -> None:
    events = [policy("a", "advice"), policy("z", "must", "mandatory"), policy("a", "advice")]

    read = preview("west", events)

    assert [(each.level, each.policy, each.resource, each.message) for each in read.findings] == [
        ("mandatory", "z", "west-vpc", "must"),
        ("advisory", "a", "west-vpc", "advice"),
    ]


def test_a_preview_that_only_policies_stop_names_them() -> None:
    events = [policy("z", "must", "mandatory"), policy("a", "advice"), error("preview failed")]

    read = preview("west", events, cause="exit 255")

    assert read.errors == ("mandatory policies are broken: z",)


def test_an_error_is_shown_also_if_policies_are_violated() -> None:
    events = [policy("z", "must", "mandatory"), error("preview failed"), error("no region")]

    assert "no region" in preview("west", events, cause="exit 255").errors


def test_advisory_violations_are_no_errors() -> None:
    assert preview("west", [policy("a", "advice")]).errors == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_events_makes_no_difference(seed: int) -> None:
    events = [
        step("create", SUBNET, "a"),
        step("delete", SUBNET, "b"),
        step("create-replacement", VPC, "west", diff={"cidrBlock": "update-replace"}),
        step("replace", VPC, "west", diff={"tags": "update"}),
        error("one"),
        error("two"),
        policy("a", "advice"),
    ]
    shuffled = Random(seed).sample(events, len(events))

    assert preview("west", shuffled) == preview("west", events)
