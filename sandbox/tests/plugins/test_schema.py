"""
A schema refuses what it does not know, all of it at once, and shows no value that may be secret.
"""

from typing import Any

import pytest

from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import DEFAULTS, UNKNOWN

SCHEMA = Schema(
    required={"cidr": str},
    optional={
        "count": int,
        "flag": bool,
        "tags": {"*": str},
        "rules": [Schema(required={"port": int}, optional={"to": {"in", "out"}})],
        "sure": {True},
        "anything": object,
    },
    replace_on={"cidr"},
    computed={"arn", "cidr"},
)


def failures(news: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        SCHEMA.check(news)
    return refused.value.failures


def test_what_fits_is_accepted_without_what_is_none() -> None:
    news = {
        "cidr": "10.0.0.0/8",
        "count": 1,
        "flag": False,
        "tags": {"a.b": "c"},
        "rules": [{"port": 1, "to": "in"}, {"port": UNKNOWN}],
        "anything": [1, {"x": None}],
    }

    assert SCHEMA.check({**news, "count": 1}) == news
    assert SCHEMA.check({"cidr": "x", "tags": None}) == {"cidr": "x"}


def test_unknown_values_have_any_shape() -> None:
    news = {"cidr": UNKNOWN, "rules": UNKNOWN, "tags": {"a": UNKNOWN}, "count": UNKNOWN}

    assert SCHEMA.check(news) == news


def test_an_unknown_property_is_refused_with_its_path_and_the_known_ones() -> None:
    assert failures({"cidr": "x", "rules": [{"port": 1, "ports": 2}]}) == [
        (
            "rules[0].ports",
            "'rules[0].ports' must be a property that the imitated provider knows (it does not). "
            "It would have no effect. Known: port, to",
        )
    ]


def test_everything_wrong_is_told_at_once() -> None:
    found = failures({"count": "1", "rules": [{"to": "up"}], "tags": [], "flag": 1, "sure": 1})

    assert found == [
        ("count", "'count' must be an integer (got str)"),
        ("rules[0].to", "'rules[0].to' must be one of in, out (got 'up')"),
        ("rules[0].port", "'rules[0].port' must be set (it is not)"),
        ("tags", "'tags' must be an object (got list)"),
        ("flag", "'flag' must be a boolean (got int)"),
        ("sure", "'sure' must be one of True (got 1)"),
        ("cidr", "'cidr' must be set (it is not)"),
    ]


def test_a_preview_knows_inputs_and_does_not_know_what_is_computed() -> None:
    assert SCHEMA.preview({"cidr": "x", DEFAULTS: ["cidr"]}) == {"cidr": "x", "arn": UNKNOWN}
