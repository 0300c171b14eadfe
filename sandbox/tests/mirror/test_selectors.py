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


@pytest.mark.parametrize("text", ["mesh/federated=member", "mesh/federated in (member,to.local)"])
def test_a_selector_can_be_read_from_the_local_mirrors_argument(text: str) -> None:
    assert selects(parse(text), {"mesh/federated": "member"})
    assert not selects(parse(text), {"mesh/federated": "to.other"})


def test_what_the_product_never_writes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must use the operator In \(got Exists\)"):
        selects({"matchExpressions": [{"key": KEY, "operator": "Exists"}]}, {})
    with pytest.raises(ValueError, match=r"must be key=value or key in \(a,b\) \(got '!old'\)"):
        parse("!old")


def test_an_excluded_prefix_matches_without_its_slash() -> None:
    excluded = ["kubectl.kubernetes.io/*", "exact"]

    assert is_excluded("kubectl.kubernetes.io/last-applied-configuration", excluded)
    assert is_excluded("kubectl.kubernetes.iou", excluded)
    assert is_excluded("exact", excluded)
    assert not is_excluded("exactly", excluded)
