"""Weights between a service and its mirrors: what is created, and what is not valid."""

from collections.abc import Sequence
from typing import Any

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.traffic.routes import RouteBackend, RouteKind, RouteMatch, RouteRetries
from linkmesh.linkerd.traffic.weighted_route import (
    WeightedRoute,
    WeightedRouteArgs,
    even_backends,
    fallback_backends,
    traffic_shift_steps,
)
from tests import engine
from tests.components.clusters import on_a_cluster

HALVES = even_backends("ui", "east", port=80)


def split(**overrides: Any) -> engine.Notes:
    """Split the calls of one service."""

    def make(west: Cluster) -> None:
        arguments: dict[str, Any] = {
            "cluster": west,
            "namespace": "yelb",
            "service": "ui",
            "port": 80,
            "backends": HALVES,
            **overrides,
        }
        WeightedRoute("ui-weights", WeightedRouteArgs(**arguments))

    return on_a_cluster(make)


def problems_of(**overrides: Any) -> list[str]:
    with pytest.raises(ValueError, match="must") as error:
        split(**overrides)
    return str(error.value).splitlines()


def weights(backends: Sequence[RouteBackend]) -> dict[str, int]:
    return {backend.service: backend.weight for backend in backends}


def test_a_route_is_beside_its_service_on_the_cluster_that_calls() -> None:
    route = split().one("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute")

    # No empty map of annotations: the API server drops it, and each `up` would add it again.
    assert route.inputs["metadata"] == {"name": "ui", "namespace": "yelb"}
    assert route.inputs["spec"]["rules"][0]["backendRefs"] == [
        {"name": "ui", "port": 80, "weight": 50},
        {"name": "ui-east", "port": 80, "weight": 50},
    ]
    assert route.within == "ui-weights"
    assert "west-kubernetes" in route.provider


def test_what_matches_nothing_has_a_route_without_retries_that_is_there_first() -> None:
    """Annotations are those of a whole route: a POST was retried like the GET that matched."""
    made = split(
        matches=[RouteMatch(path="/fail", method="GET")], retries=RouteRetries(limit=3)
    ).of("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute")
    rest, route = sorted(made, key=lambda each: each.name)

    assert rest.inputs["metadata"] == {"name": "ui-rest", "namespace": "yelb"}
    assert rest.inputs["spec"]["rules"] == [{"backendRefs": [{"name": "ui", "port": 80}]}]
    assert route.inputs["metadata"]["annotations"]["retry.linkerd.io/limit"] == "3"
    assert len(route.inputs["spec"]["rules"]) == 1
    assert "ui-weights-rest" in route.after


def test_without_matches_there_is_one_route() -> None:
    assert len(split().of("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute")) == 1


def test_grpc_has_a_route_of_its_own() -> None:
    kind = "kubernetes:gateway.networking.k8s.io/v1:GRPCRoute"
    made = split(kind="GRPC", matches=[RouteMatch(method="yelb.Votes")], route="votes").of(kind)

    assert {each.inputs["metadata"]["name"] for each in made} == {"votes", "votes-rest"}


def test_the_weights_are_an_output() -> None:
    assert {"weights": {"ui": 50, "ui-east": 50}} in split().components


def test_a_fallback_gets_no_calls_until_it_is_switched_on() -> None:
    assert weights(fallback_backends("ui", "east", port=80)) == {"ui": 100, "ui-east": 0}
    assert weights(fallback_backends("ui", "east", port=80, over=True)) == {"ui": 0, "ui-east": 100}


def test_a_switch_moves_all_calls_step_by_step() -> None:
    steps = traffic_shift_steps("ui-blue", "ui-green", port=80)

    assert [weights(step) for step in steps] == [
        {"ui-blue": 100, "ui-green": 0},
        {"ui-blue": 90, "ui-green": 10},
        {"ui-blue": 50, "ui-green": 50},
        {"ui-blue": 0, "ui-green": 100},
    ]


def test_each_step_of_a_switch_is_a_route() -> None:
    for step in traffic_shift_steps("ui", "ui-east", port=80, steps=(1, 99)):
        assert split(backends=step).of("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute")


@pytest.mark.parametrize("steps", [(), (50, 10), (0, 0), (-1, 50), (0, 101)])
def test_steps_that_do_not_rise_are_errors(steps: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="steps must be rising percentages"):
        traffic_shift_steps("ui", "ui-east", port=80, steps=steps)


def test_a_switch_to_the_same_service_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"switch must lead .* \(got ui for both\)"):
        traffic_shift_steps("ui", "ui", port=80)


def test_a_traffic_split_is_an_error_by_the_component() -> None:
    assert problems_of(kind="TrafficSplit") == [
        "kind must be HTTP or GRPC (got 'TrafficSplit'). Linkerd no longer serves TrafficSplit: "
        "its "
        "SMI extension ended in 2024, and linkerd-failover with it. Use: WeightedRoute with "
        "kind=RouteKind.HTTP and the same weights; for failover a federated service"
    ]


def test_weights_that_add_up_to_nothing_are_errors() -> None:
    assert problems_of(backends=[RouteBackend(service="ui", port=80, weight=0)]) == [
        "weights of backends must add up to more than 0 (got 0). Every call would fail. Use: a "
        "weight from 1 to 1000000 for one of them"
    ]


def test_a_service_named_twice_is_an_error() -> None:
    assert problems_of(backends=[HALVES[0], HALVES[0]]) == [
        "backends must name each Service once (got ui 2 times). Its two weights would be added "
        "silently. Use: one weight for each"
    ]


@pytest.mark.parametrize("number", [0, 17])
def test_a_number_of_backends_that_no_rule_takes_is_an_error(number: int) -> None:
    backends = [RouteBackend(service=f"ui-{index}", port=80, weight=1) for index in range(number)]

    assert problems_of(backends=backends) == [
        f"backends must be between 1 and 16 (got {number}). The Gateway API takes no other number "
        "in one rule. Use: even_backends(...)"
    ]


def test_all_problems_are_reported_at_once() -> None:
    problems = problems_of(
        namespace="Yelb",
        port=0,
        kind=RouteKind.GRPC,
        matches=[RouteMatch(path="/")],
        backends=[RouteBackend(service="ui", port=80, weight=-1)],
    )

    assert [problem.split(" must ")[0] for problem in problems] == [
        "namespace",
        "port",
        "match of a GRPCRoute",
        "weight of backend ui",
    ]
