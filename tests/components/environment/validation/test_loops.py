"""Routes and aliases that lead calls from gateway to gateway and back."""

import pytest

from linkmesh.environment import Alias, Export, LinkMode, Route, mesh
from tests.components.environment.described import EAST, WEST, on_aws, planned, problems

NORTH = on_aws("north", block=30)


def exports(mode: LinkMode = LinkMode.GATEWAY) -> list[Export]:
    """Export one service of each cluster."""
    return [Export("api", namespace="shop", of=name, mode=mode) for name in ("west", "east")]


def route(on: str, **weights: int) -> Route:
    """Split the calls of a cluster."""
    return Route("api", namespace="shop", on=on, port=80, weights=weights)


def alias(on: str, of: str) -> Alias:
    """Lead the calls of a cluster to another one."""
    return Alias("api", namespace="shop", on=on, of=of, port=80)


@pytest.mark.parametrize(
    "entries",
    [
        {"aliases": [alias("west", "east"), alias("east", "west")]},
        {"routes": [route("west", west=50, east=50), route("east", east=50, west=50)]},
        {"routes": [route("east", west=1)], "aliases": [alias("west", "east")]},
    ],
    ids=["aliases", "routes", "both"],
)
def test_calls_that_are_led_back_are_an_error(entries: dict[str, list[object]]) -> None:
    links = mesh("west", "east")

    [problem] = problems(WEST, EAST, links=links, exports=exports(), **entries)

    assert problem.split(". ")[0] in (
        "routes and aliases of shop/api must not lead calls back to where they come from (got "
        f"{loop})"
        for loop in ("west -> east -> west", "east -> west -> east")
    )


def test_a_loop_of_three_clusters_is_named() -> None:
    third = Export("api", namespace="shop", of="north")
    routes = [route("west", east=1), route("east", north=1), route("north", west=1)]

    [problem] = problems(
        WEST,
        EAST,
        NORTH,
        links=mesh("west", "east", "north"),
        exports=[*exports(), third],
        routes=routes,
    )

    assert "(got west -> east -> north -> west)" in problem


@pytest.mark.parametrize(
    ("routes", "mode"),
    [
        ([route("west", west=50, east=50)], LinkMode.GATEWAY),
        ([route("west", west=1, east=0), route("east", east=1, west=0)], LinkMode.GATEWAY),
        ([route("west", west=1, east=1), route("east", east=1, west=1)], LinkMode.FLAT),
    ],
    ids=["one way", "without calls", "pod to pod"],
)
def test_calls_that_end_are_valid(routes: list[Route], mode: LinkMode) -> None:
    links = mesh("west", "east")

    assert planned(WEST, EAST, links=links, exports=exports(mode), routes=routes).routes
