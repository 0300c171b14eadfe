"""Queries to Prometheus: the path, the answers, and who rejected a query."""

import json
from typing import Any

import httpx2
import pytest

from linkmesh.cli.stat.prometheus import (
    THROUGH_API_SERVER,
    Prometheus,
    PrometheusError,
    Sample,
    samples,
)

ONE = {"metric": {"deployment": "api"}, "value": [1700000000.0, "1.5"]}


def answer(*results: dict[str, Any], kind: str = "vector") -> str:
    """Write Prometheus' answer."""
    data = {"resultType": kind, "result": list(results)}
    return json.dumps({"status": "success", "data": data})


def error_text(status: int, body: dict[str, Any] | str) -> str:
    """Return the message about an answer with an error."""
    with pytest.raises(PrometheusError) as error:
        samples(status, body if isinstance(body, str) else json.dumps(body))
    return str(error.value)


def test_a_value_has_its_labels() -> None:
    assert samples(200, answer(ONE)) == [Sample({"deployment": "api"}, 1.5)]


def test_values_that_are_not_numbers_are_left_out() -> None:
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
def test_the_error_names_who_does_not_answer_and_no_password(prefix: str, who: str) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("to https://me:hush@192.0.2.1", request=request)

    with (
        httpx2.Client(
            base_url="https://me:hush@192.0.2.1", transport=httpx2.MockTransport(respond)
        ) as http,
        pytest.raises(PrometheusError) as error,
    ):
        Prometheus(http, prefix).query("up")

    assert str(error.value) == f"{who} does not answer (ConnectError)"


def test_a_read_time_out_of_the_api_server_is_one_of_prometheus() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("", request=request)

    with (
        httpx2.Client(
            base_url="https://192.0.2.1", transport=httpx2.MockTransport(respond)
        ) as http,
        pytest.raises(
            PrometheusError, match=r"^Prometheus does not answer through the API server "
        ),
    ):
        Prometheus(http, THROUGH_API_SERVER).query("up")


def test_a_cluster_without_viz_is_an_error_with_a_remedy() -> None:
    missing = {"kind": "Status", "code": 404, "message": 'services "prometheus" not found'}

    assert error_text(404, missing) == (
        "linkerd-viz has no Prometheus here (no Service prometheus in linkerd-viz). Use: "
        "Linkerd(viz=True) in the description and mesh up ENV, or --prometheus URL"
    )


def test_an_error_of_the_api_server_contains_its_message() -> None:
    none = {"kind": "Status", "message": "no endpoints available for service"}

    assert error_text(503, none) == (
        "the API server does not reach Prometheus (503): no endpoints available for service"
    )


def test_errors_of_linkerd_and_of_the_api_server_differ() -> None:
    assert error_text(403, "").startswith(
        "Linkerd rejects the API server's calls to Prometheus (403)"
    )
    assert error_text(403, {"kind": "Status", "message": "forbidden"}) == (
        "the API server does not reach Prometheus (403): forbidden"
    )


def test_an_error_of_prometheus_contains_its_message() -> None:
    parse = {"status": "error", "errorType": "bad_data", "error": "parse error"}

    assert error_text(400, parse) == "Prometheus must answer (got 400 parse error)"
    assert error_text(200, "<html>") == "Prometheus must answer (got 200)"
    assert error_text(200, answer(kind="matrix")) == "Prometheus must answer a vector (got matrix)"
