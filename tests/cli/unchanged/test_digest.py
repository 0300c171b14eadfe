"""Digests: equal for what is equal, another one for whatever differs."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from linkmesh.cli.unchanged import digest
from linkmesh.environment.plan import share
from linkmesh.stacks import load, names


class Colour(Enum):
    """An enumeration."""

    RED = "red"


@dataclass(frozen=True)
class One:
    """A dataclass."""

    value: Any


@dataclass(frozen=True)
class Other:
    """Another one with the same fields."""

    value: Any


def test_the_order_of_keys_and_of_members_does_not_matter() -> None:
    assert digest.of_value({"a": 1, "b": {"x", "y"}}) == digest.of_value({"b": {"y", "x"}, "a": 1})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, 2], [2, 1]),
        (1, "1"),
        (None, ""),
        (True, "true"),
        ({"a": 1}, [["a", 1]]),
        ({1}, [1]),
        ("red", Colour.RED),
        (One(1), Other(1)),
        (One(1), One(2)),
        ({1: "a"}, {"1": "a"}),
    ],
)
def test_values_that_differ_have_different_digests(one: object, other: object) -> None:
    assert digest.of_value(one) != digest.of_value(other)


@pytest.mark.parametrize("value", [object(), One(object()), [b"bytes"], One, lambda: 0])
def test_what_is_not_plain_has_no_digest(value: object) -> None:
    with pytest.raises(TypeError, match="must be plain"):
        digest.of_value(value)


@pytest.mark.parametrize("name", names())
def test_every_share_of_the_repositorys_environments_has_a_digest(name: str) -> None:
    plan = load(name)
    found = [digest.of_value(share(plan, part)) for part in plan.parts]

    assert len({*found}) == len(plan.parts)


def test_what_is_in_a_file_its_name_and_its_absence_matter(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "values.yaml"
    missing = digest.of_files([file])
    file.parent.mkdir()
    file.write_text("a: 1")
    first, whole = digest.of_files([file]), digest.of_files([file.parent])
    file.write_text("a: 2")

    assert len({missing, first, digest.of_files([file])}) == 3
    assert whole != digest.of_files([file.parent])


def test_copies_that_python_makes_of_modules_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("")
    before = digest.of_files([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "rules.pyc").write_text("")

    assert digest.of_files([tmp_path]) == before
