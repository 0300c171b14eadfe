"""Selectors of a link: what they choose, and that an empty one chooses nothing."""

import pytest

from sandbox.mirror.selectors import is_excluded, parse, selects

KEY = "mirror.linkerd.io/exported"


@pytest.mark.parametrize("empty", [None, {}, {"matchLabels": {}}, {"matchExpressions": []}])
def test_an_empty_selector_selects_nothing(empty: dict[str, object] | None) -> None:
    assert not selects(empty, {KEY: "true"})


def test_labels_and_expressions_must_all_hold() -> None:
    selector = {
        "matchLabels": {"app": "db"},
        "matchExpressions": [{"key": KEY, "operator": "In", "values": ["true", "to.local"]}],
    }

    assert selects(selector, {"app": "db", KEY: "to.local"})
    assert not selects(selector, {"app": "db", KEY: "to.other"})
    assert not selects(selector, {KEY: "true"})


@pytest.mark.parametrize(
    ("operator", "values", "chosen"),
    [
        ("In", ["true"], True),
        ("In", ["other"], False),
        ("NotIn", ["true"], False),
        ("NotIn", ["other"], True),
        ("Exists", [], True),
        ("DoesNotExist", [], False),
    ],
)
def test_each_operator_means_what_kubernetes_says(
    operator: str, values: list[str], chosen: bool
) -> None:
    expression = {"key": KEY, "operator": operator, "values": values}

    assert selects({"matchExpressions": [expression]}, {KEY: "true"}) is chosen


@pytest.mark.parametrize(
    "invalid",
    [
        {"key": KEY, "operator": "In", "values": []},
        {"key": KEY, "operator": "Exists", "values": ["true"]},
        {"key": KEY, "operator": "Equals", "values": ["true"]},
    ],
)
def test_an_invalid_expression_selects_nothing(invalid: dict[str, object]) -> None:
    assert not selects({"matchExpressions": [invalid]}, {KEY: "true"})


def test_a_selector_can_be_read_from_the_local_mirrors_argument() -> None:
    selector = parse("mirror.linkerd.io/federated=member,!old,kind!=x,known")

    assert selects(selector, {"mirror.linkerd.io/federated": "member", "known": ""})
    assert not selects(selector, {"mirror.linkerd.io/federated": "member", "known": "", "old": ""})
    assert not selects(selector, {"mirror.linkerd.io/federated": "member"})


def test_an_excluded_prefix_matches_without_its_slash() -> None:
    excluded = ["kubectl.kubernetes.io/*", "exact"]

    assert is_excluded("kubectl.kubernetes.io/last-applied-configuration", excluded)
    assert is_excluded("kubectl.kubernetes.iou", excluded)
    assert is_excluded("exact", excluded)
    assert not is_excluded("exactly", excluded)
