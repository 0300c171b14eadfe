"""Routes that lead nowhere are errors, each with a remedy."""

from typing import Any

import pytest

from linkmesh.environment import Export, Route, hub
from tests.components.environment.described import on_aws, planned, problems

CLUSTERS = (on_aws("front", block=10), on_aws("blue", block=20), on_aws("green", block=30))
LINKS = hub("front", spokes=["blue", "green"])
EXPORTS = [Export("api", namespace="shop", of=name) for name in ("blue", "green")]


def route(**overrides: Any) -> Route:
    """Describe a valid route, with changes."""
    ordinary: dict[str, Any] = {
        "namespace": "shop",
        "on": "front",
        "port": 80,
        "weights": {"blue": 100, "green": 0},
    }
    return Route("api", **{**ordinary, **overrides})


def test_a_route_between_two_mirrors_is_valid() -> None:
    assert planned(*CLUSTERS, links=LINKS, exports=EXPORTS, routes=[route()]).routes


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"on": "back"}, "must be of clusters of the environment (got 'back')"),
        ({"weights": {"red": 1}}, "must be of clusters of the environment (got 'red')"),
        ({"namespace": "other"}, "must go to clusters that export the service to it"),
        ({"weights": {"blue": 0}}, "must add up to more than 0"),
        ({"weights": {"blue": -1, "green": 2}}, "must be between 0 and"),
        ({"weights": {}}, "must go to between 1 and"),
        ({"port": 0}, "must be between 1 and 65535"),
    ],
)
def test_a_route_that_cannot_be_is_an_error(overrides: dict[str, Any], said: str) -> None:
    found = problems(*CLUSTERS, links=LINKS, exports=EXPORTS, routes=[route(**overrides)])

    assert any(said in problem for problem in found)


def test_a_route_is_given_once() -> None:
    found = problems(*CLUSTERS, links=LINKS, exports=EXPORTS, routes=[route(), route()])

    assert "must be given once (got 2 times)" in found[0]
