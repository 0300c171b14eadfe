"""Asking Prometheus: which path, what an answer means, and who it is that refuses."""

import json
from typing import Any

import httpx2
import pytest

from cli.stat.prometheus import (
    THROUGH_API_SERVER,
    Prometheus,
    Sample,
    UnansweredError,
    samples,
)

ONE = {"metric": {"deployment": "api"}, "value": [1700000000.0, "1.5"]}


def answer(*results: dict[str, Any], kind: str = "vector") -> str:
    """Write Prometheus' answer."""
    data = {"resultType": kind, "result": list(results)}
    return json.dumps({"status": "success", "data": data})


def refused(status: int, said: dict[str, Any] | str) -> str:
    """Tell how an answer is refused."""
    with pytest.raises(UnansweredError) as error:
        samples(status, said if isinstance(said, str) else json.dumps(said))
    return str(error.value)


def test_a_value_has_the_labels_it_is_of() -> None:
    assert samples(200, answer(ONE)) == [Sample({"deployment": "api"}, 1.5)]


def test_no_number_is_no_value() -> None:
    nothing = {"metric": {}, "value": [1700000000.0, "NaN"]}

    assert samples(200, answer(nothing, ONE)) == [Sample({"deployment": "api"}, 1.5)]


def test_the_query_goes_through_the_api_server_to_the_service_of_viz() -> None:
    asked: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, text=answer(ONE))

    with httpx2.Client(
        base_url="https://192.0.2.1:6443", transport=httpx2.MockTransport(respond)
    ) as http:
        Prometheus(http, THROUGH_API_SERVER).query('up{a="b c"}')

    assert asked[0].url.path == (
        "/api/v1/namespaces/linkerd-viz/services/prometheus:9090/proxy/api/v1/query"
    )
    assert dict(asked[0].url.params) == {"query": 'up{a="b c"}'}
    assert asked[0].method == "GET"


@pytest.mark.parametrize(
    ("prefix", "who"), [(THROUGH_API_SERVER, "the API server"), ("", "Prometheus")]
)
def test_who_does_not_answer_is_named_and_no_password(prefix: str, who: str) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("to https://me:hush@192.0.2.1", request=request)

    with (
        httpx2.Client(
            base_url="https://me:hush@192.0.2.1", transport=httpx2.MockTransport(respond)
        ) as http,
        pytest.raises(UnansweredError) as error,
    ):
        Prometheus(http, prefix).query("up")

    assert str(error.value) == f"{who} does not answer (ConnectError)"


def test_an_api_server_that_waits_for_prometheus_is_not_blamed() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("", request=request)

    with (
        httpx2.Client(
            base_url="https://192.0.2.1", transport=httpx2.MockTransport(respond)
        ) as http,
        pytest.raises(
            UnansweredError, match=r"^Prometheus does not answer through the API server "
        ),
    ):
        Prometheus(http, THROUGH_API_SERVER).query("up")


def test_a_cluster_without_viz_is_told_how_to_get_it() -> None:
    missing = {"kind": "Status", "code": 404, "message": 'services "prometheus" not found'}

    assert refused(404, missing) == (
        "linkerd-viz brings no Prometheus here (no Service prometheus in linkerd-viz). Say "
        "Linkerd(viz=True) in the environment's description, and: mesh up ENV. One of your own: "
        "--prometheus URL"
    )


def test_what_the_api_server_refuses_is_told_in_its_words() -> None:
    none = {"kind": "Status", "message": "no endpoints available for service"}

    assert refused(503, none) == (
        "the API server does not reach Prometheus (503): no endpoints available for service"
    )


def test_a_refusal_by_linkerd_is_told_from_one_by_the_api_server() -> None:
    assert refused(403, "").startswith("Linkerd refuses the API server's calls to Prometheus (403)")
    assert refused(403, {"kind": "Status", "message": "forbidden"}) == (
        "the API server does not reach Prometheus (403): forbidden"
    )


def test_what_prometheus_refuses_is_told_in_its_words() -> None:
    parse = {"status": "error", "errorType": "bad_data", "error": "parse error"}

    assert refused(400, parse) == "Prometheus must answer (got 400 parse error)"
    assert refused(200, "<html>") == "Prometheus must answer (got 200)"
    assert refused(200, answer(kind="matrix")) == "Prometheus must answer a vector (got matrix)"
