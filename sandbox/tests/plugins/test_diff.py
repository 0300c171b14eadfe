"""
Changes are found path by path, and know whether they replace.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.plugins.diff import (
    EVERYTHING,
    Change,
    Diff,
    diff_inputs,
    ignoring,
    join_path,
    parse_path,
)
from sandbox.plugins.values import DEFAULTS, UNKNOWN

KEYS = st.lists(st.text(min_size=1) | st.integers(min_value=0), min_size=1, max_size=4)


@given(keys=KEYS)
def test_a_path_can_be_taken_apart_again(keys: list[str | int]) -> None:
    path = ""
    for key in keys:
        path = join_path(path, key)

    assert parse_path(path) == keys


def test_paths_are_written_as_pulumi_does() -> None:
    path = join_path(join_path(join_path("metadata", "annotations"), "linkerd.io/inject"), 0)

    assert path == 'metadata.annotations["linkerd.io/inject"][0]'


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a property path must look like .* \(got 'a\[b'\)"):
        parse_path("a[b")


def test_equal_inputs_have_no_difference() -> None:
    inputs = {"a": [1, {"b": "c"}], "d": None}

    assert not diff_inputs(inputs, {"a": [1, {"b": "c"}]})


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
        (("rules[*].port",), ["rules[0].port"]),
        (("rules",), ["rules[0].port", "rules[0].to"]),
        (("rules[1]",), []),
        (EVERYTHING, ["name", "rules[0].port", "rules[0].to"]),
    ],
)
def test_changes_at_or_below_the_given_paths_replace(
    replace_on: tuple[str, ...], replaced: list[str]
) -> None:
    old = {"name": "a", "rules": [{"port": 1, "to": 1}]}
    new = {"name": "b", "rules": [{"port": 2, "to": 2}]}

    diff = diff_inputs(old, new, replace_on=replace_on)

    assert [change.path for change in diff.changes if change.replace] == replaced


def test_ignored_paths_are_left_out_and_the_order_of_replacement_stays() -> None:
    diff = Diff(
        [Change("tags.a", "add"), Change("name", "update", replace=True)],
        delete_before_replace=True,
    )

    assert ignoring(diff, ["tags"]) == Diff(diff.changes[1:], delete_before_replace=True)
    assert ignoring(diff, ["tags.b", "nam"]) == diff
    assert ignoring(diff, ["*"]).changes == []


def test_what_the_provider_noted_for_itself_is_no_change() -> None:
    assert not diff_inputs({"a": 1, DEFAULTS: ["a"]}, {"a": 1})
