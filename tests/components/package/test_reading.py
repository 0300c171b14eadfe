"""Arguments that a program in another language gave: what is taken, and what a problem names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

import pulumi
import pytest
from pulumi.output import UNKNOWN

from linkmesh.package.reading import Problem, read
from linkmesh.package.shapes import properties_of
from tests import engine


class Colour(Enum):
    """A choice."""

    RED = "red"
    DARK_BLUE = "dark blue"


@dataclass(frozen=True, kw_only=True)
class Door:
    """A record that is plain."""

    width: int
    colour: Colour = Colour.RED

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError(f"width must be at least 1 (got {self.width}). Use: width=2")


@dataclass(frozen=True, kw_only=True)
class Key:
    """A record of inputs."""

    text: pulumi.Input[str]
    number: pulumi.Input[int] = 1


@dataclass(frozen=True, kw_only=True)
class House:
    """A component's arguments."""

    name: str
    doors: Sequence[Door] = ()
    key: Key | None = None
    token: pulumi.Input[str] = ""
    is_open: bool = False
    lease: timedelta = timedelta(days=1)
    labels: dict[str, str] = field(default_factory=dict)


def taken(**given: Any) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    return read(properties_of(House), {"name": "a", **given}, problems), problems


def test_plain_values_become_objects_of_python() -> None:
    found, problems = taken(
        doors=[{"width": 2.0, "colour": "dark blue"}], leaseDays=3.0, labels={"a": "b"}
    )

    assert problems == []
    assert found["doors"] == (Door(width=2, colour=Colour.DARK_BLUE),)
    assert isinstance(found["doors"][0].width, int)
    assert found["lease"] == timedelta(days=3)
    assert found["labels"] == {"a": "b"}


@pytest.mark.parametrize(
    ("given", "path", "reason"),
    [
        ({"door": []}, "door", "is no property that there is. Use: doors"),
        ({"name": None}, "name", "must be given (got none)"),
        ({"name": 1.35}, "name", "must be text (got 1.35)"),
        ({"isOpen": "yes"}, "isOpen", "must be true or false (got 'yes')"),
        ({"leaseDays": 1.5}, "leaseDays", "must be a whole number (got 1.5)"),
        ({"labels": []}, "labels", "must be a map (got an empty list)"),
        ({"labels": {"a": 1.0}}, "labels.a", "must be text (got 1.0)"),
        ({"doors": {}}, "doors", "must be a list (got an empty dict)"),
        ({"doors": ["red"]}, "doors[0]", "must be an object (got 'red')"),
        ({"doors": [{}]}, "doors[0].width", "must be given (got none)"),
        (
            {"doors": [{"width": 1.0, "colour": "blue"}]},
            "doors[0].colour",
            "must be 'red' or 'dark blue' (got 'blue'). Use: 'dark blue'",
        ),
        ({"doors": [{"width": 0.0}]}, "doors[0]", "width must be at least 1 (got 0). Use: width=2"),
    ],
)
def test_a_problem_names_its_property(given: dict[str, Any], path: str, reason: str) -> None:
    assert taken(**given)[1] == [Problem(path, reason)]


def test_all_problems_are_reported_together() -> None:
    _, problems = taken(name=2.0, doors=[{"width": 1.0}, {"width": True}, {"wide": 1.0}])

    assert [each.path for each in problems] == [
        "name",
        "doors[1].width",
        "doors[2].wide",
        "doors[2].width",
    ]


@pytest.mark.parametrize("is_known", [True, False])
def test_structure_must_be_known(is_known: bool) -> None:
    def program() -> None:
        value = pulumi.Output.from_input("x") if is_known else UNKNOWN
        _, problems = taken(name=value, doors=value)
        assert [each.path for each in problems] == ["name", "doors"]
        assert problems[0].reason == (
            "must be known before anything is made (got an output of a resource, or a secret). "
            "What exists follows from it. Use: a value of the program itself"
        )

    engine.run(program)


def test_a_wrong_secret_is_not_shown() -> None:
    _, problems = taken(token=1234.0)

    assert problems == [Problem("token", "must be text (got a secret of another type)")]


def test_a_record_of_inputs_may_be_one_output() -> None:
    def program() -> None:
        found, problems = taken(key=pulumi.Output.secret({"text": "k", "number": 4.0}))
        assert problems == []
        pulumi.export("text", found["key"].text)
        pulumi.export("number", found["key"].number)

    assert engine.run(program).outputs == {"text": engine.Secret("k"), "number": engine.Secret(4)}


def test_a_field_that_such_an_output_lacks_has_its_default() -> None:
    def program() -> None:
        found, _ = taken(key=pulumi.Output.from_input({"text": "k"}))
        pulumi.export("number", found["key"].number)

    assert engine.run(program).outputs == {"number": 1}
