"""Changes are found path by path, and know whether they replace."""

import pytest

from sandbox.plugins.diff import Change, diff_inputs, join_path
from sandbox.plugins.values import DEFAULTS, UNKNOWN


def test_paths_are_written_as_pulumi_does() -> None:
    path = join_path(join_path(join_path("metadata", "annotations"), "linkerd.io/inject"), 0)

    assert path == 'metadata.annotations["linkerd.io/inject"][0]'


def test_additions_deletions_and_updates_are_told_apart() -> None:
    diff = diff_inputs(
        {"gone": 1, "same": 1, "list": [1, 2], "deep": {"x.y": 1}, "flag": 1},
        {"new": 1, "same": 1, "list": [1], "deep": {"x.y": 2}, "flag": True},
    )

    assert diff.changes == [
        Change('deep["x.y"]', "update"),
        Change("flag", "update"),
        Change("gone", "delete"),
        Change("list[1]", "delete"),
        Change("new", "add"),
    ]


def test_an_unknown_value_is_a_change_wherever_it_is() -> None:
    diff = diff_inputs({"a": 1, "b": {"c": 1}}, {"a": UNKNOWN, "b": {"c": UNKNOWN, "d": UNKNOWN}})

    assert diff.changes == [
        Change("a", "update"),
        Change("b.c", "update"),
        Change("b.d", "add"),
    ]


@pytest.mark.parametrize(
    ("replace_on", "replaced"),
    [
        ((), []),
        (("name",), ["name"]),
        (("rules[0].port",), ["rules[0].port"]),
        (("rules",), ["rules[0].port", "rules[0].to"]),
        (("rules[1]", "rule"), []),
        (("*",), ["name", "rules[0].port", "rules[0].to"]),
    ],
)
def test_changes_at_or_below_the_given_paths_replace(
    replace_on: tuple[str, ...], replaced: list[str]
) -> None:
    old = {"name": "a", "rules": [{"port": 1, "to": 1}]}
    new = {"name": "b", "rules": [{"port": 2, "to": 2}]}

    diff = diff_inputs(old, new, replace_on=replace_on)

    assert [change.path for change in diff.changes if change.replace] == replaced


def test_what_the_provider_noted_for_itself_is_no_change() -> None:
    assert not diff_inputs({"a": 1, DEFAULTS: ["a"]}, {"a": 1})
