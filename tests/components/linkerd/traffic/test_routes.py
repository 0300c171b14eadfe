"""Routes as Linkerd reads them: what it would silently drop is an error."""

from datetime import timedelta

import pytest

from linkmesh.linkerd.traffic.routes import (
    RouteBackend,
    RouteKind,
    RouteMatch,
    RouteRetries,
    RouteTimeouts,
    rest_spec,
    route_annotations,
    route_kind,
    route_spec,
)

OWN = RouteBackend(service="ui", port=80, weight=90)
MIRROR = RouteBackend(service="ui-east", port=80, weight=10)


def test_the_parent_is_the_service_that_callers_name() -> None:
    spec = route_spec(kind=RouteKind.HTTP, service="ui", port=80, backends=[OWN, MIRROR])

    assert spec == {
        "parentRefs": [{"group": "core", "kind": "Service", "name": "ui", "port": 80}],
        "rules": [
            {
                "backendRefs": [
                    {"name": "ui", "port": 80, "weight": 90},
                    {"name": "ui-east", "port": 80, "weight": 10},
                ]
            }
        ],
    }


def test_a_match_is_a_condition_of_the_one_rule() -> None:
    match = RouteMatch(path="/api", headers={"x-canary": "yes"})

    spec = route_spec(
        kind=RouteKind.HTTP, service="ui", port=80, backends=[MIRROR], matches=[match]
    )

    [rule] = spec["rules"]
    assert rule["matches"] == [
        {
            "path": {"type": "PathPrefix", "value": "/api"},
            "headers": [{"type": "Exact", "name": "x-canary", "value": "yes"}],
        }
    ]


def test_requests_without_a_match_are_sent_to_the_service_itself() -> None:
    assert rest_spec(service="ui", port=80) == {
        "parentRefs": [{"group": "core", "kind": "Service", "name": "ui", "port": 80}],
        "rules": [{"backendRefs": [{"name": "ui", "port": 80}]}],
    }


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("yelb.Votes", {"type": "Exact", "service": "yelb.Votes"}),
        ("yelb.Votes/Cast", {"type": "Exact", "service": "yelb.Votes", "method": "Cast"}),
    ],
)
def test_a_grpc_method_is_matched_with_its_service(method: str, expected: dict[str, str]) -> None:
    assert RouteMatch(method=method).value(RouteKind.GRPC) == {"method": expected}


@pytest.mark.parametrize("given", [RouteKind.GRPC, "GRPC", "GRPCRoute"])
def test_a_kind_is_read_by_each_of_its_names(given: RouteKind | str) -> None:
    assert route_kind(given) is RouteKind.GRPC


def test_a_traffic_split_is_an_error_with_what_replaces_it() -> None:
    with pytest.raises(ValueError, match="TrafficSplit") as error:
        route_kind("TrafficSplit")

    assert str(error.value) == (
        "kind must be HTTP or GRPC (got 'TrafficSplit'). Linkerd no longer serves TrafficSplit: "
        "its "
        "SMI extension ended in 2024, and linkerd-failover with it. Use: WeightedRoute with "
        "kind=RouteKind.HTTP and the same weights; for failover a federated service"
    )


def test_another_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"kind must be HTTP or GRPC \(got 'TCPRoute'\)"):
        route_kind("TCPRoute")


def test_timeouts_and_retries_are_annotations() -> None:
    timeouts = RouteTimeouts(request=timedelta(seconds=2), idle=timedelta(milliseconds=1500))
    retries = RouteRetries(limit=2, timeout=timedelta(milliseconds=400), conditions=["5xx", "404"])

    assert route_annotations(RouteKind.HTTP, timeouts, retries) == {
        "timeout.linkerd.io/request": "2000ms",
        "timeout.linkerd.io/idle": "1500ms",
        "retry.linkerd.io/limit": "2",
        "retry.linkerd.io/timeout": "400ms",
        "retry.linkerd.io/http": "5xx,404",
    }


def test_retries_of_grpc_have_an_annotation_of_their_own() -> None:
    retries = RouteRetries(conditions=["unavailable"])

    assert route_annotations(RouteKind.GRPC, RouteTimeouts(), retries) == {
        "retry.linkerd.io/limit": "1",
        "retry.linkerd.io/grpc": "unavailable",
    }


def test_nothing_said_sets_nothing() -> None:
    assert route_annotations(RouteKind.HTTP, RouteTimeouts(), None) == {}


@pytest.mark.parametrize("condition", ["5xx", "gateway-error", "503", "500-504"])
def test_http_conditions_that_linkerd_knows_are_taken(condition: str) -> None:
    assert RouteRetries(conditions=[condition]).problems(RouteKind.HTTP) == []


@pytest.mark.parametrize("condition", ["unavailable", "600", "504-500", "5XXX", ""])
def test_other_http_conditions_are_errors(condition: str) -> None:
    (problem,) = RouteRetries(conditions=[condition]).problems(RouteKind.HTTP)

    assert problem.startswith("retry conditions of a HTTPRoute must be ones that Linkerd knows")


@pytest.mark.parametrize("value", [timedelta(0), timedelta(seconds=-1), timedelta(microseconds=1)])
def test_a_duration_that_linkerd_cannot_read_is_an_error(value: timedelta) -> None:
    (problem,) = RouteTimeouts(response=value).problems()

    assert problem.startswith("response timeout must be a positive whole number of milliseconds")


@pytest.mark.parametrize("limit", [0, -1, 65_536])
def test_a_retry_limit_that_linkerd_cannot_read_is_an_error(limit: int) -> None:
    (problem,) = RouteRetries(limit=limit).problems(RouteKind.HTTP)

    assert problem.startswith("retry limit must be between 1 and 65535")


@pytest.mark.parametrize("weight", [-1, 1_000_001])
def test_a_weight_that_is_no_such_number_is_an_error(weight: int) -> None:
    (problem,) = RouteBackend(service="ui", port=80, weight=weight).problems()

    assert problem == (
        f"weight of backend ui must be a whole number from 0 to 1000000 (got {weight!r}). The "
        "Gateway API accepts no other. Use: weight=50"
    )


def test_a_mirror_whose_name_is_too_long_is_an_error() -> None:
    (problem,) = RouteBackend(service="a" * 64, port=80, weight=1).problems()

    assert "a DNS label of at most 63 characters" in problem
    assert "64)" in problem


@pytest.mark.parametrize(
    ("match", "kind", "reason"),
    [
        (RouteMatch(), RouteKind.HTTP, "match must have a path, a method or headers"),
        (RouteMatch(path="api"), RouteKind.HTTP, "path of a match must start with /"),
        (RouteMatch(path="/api"), RouteKind.GRPC, "match of a GRPCRoute must have no path"),
    ],
)
def test_a_match_that_cannot_be_is_an_error(
    match: RouteMatch, kind: RouteKind, reason: str
) -> None:
    (problem,) = match.problems(kind)

    assert problem.startswith(reason)
