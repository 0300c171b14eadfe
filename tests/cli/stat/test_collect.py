"""Queries to all clusters, and the problems of those that do not answer."""

from collections.abc import Callable
from typing import Any, cast

import httpx2
import pytest

from linkmesh import api_server
from linkmesh.cli.runs.project import Project
from linkmesh.cli.stat import collect as collecting
from linkmesh.cli.stat.collect import collect, stat
from linkmesh.cli.stat.figures import Figures
from linkmesh.cli.stat.prometheus import THROUGH_API_SERVER, PrometheusError, Sample
from linkmesh.cli.stat.promql import By
from linkmesh.cli.stat.query import Query
from linkmesh.environment import Export, LinkSpec
from linkmesh.linkerd.mode import LinkMode
from tests.cli.stat.test_pods import pod
from tests.components.environment.described import EAST, WEST, planned
from tests.engine import KUBECONFIG

DESCRIBED = planned(
    EAST,
    WEST,
    links=[LinkSpec("east", "west")],
    exports=[
        Export("api", namespace="shop", of="west"),
        Export("db", namespace="shop", of="west", mode=LinkMode.FLAT),
    ],
)
SUCCESS = Sample({"namespace": "shop", "deployment": "api", "classification": "success"}, 2.0)


class FakePrometheus:
    """A Prometheus with requests to `api` only, which records its queries."""

    def __init__(self, error: str = "") -> None:
        self.asked: list[str] = []
        self.error = error

    def query(self, text: str) -> list[Sample]:
        """Answer with the requests that were received."""
        self.asked.append(text)
        if self.error:
            raise PrometheusError(self.error)
        return [SUCCESS] if "response_total" in text and "inbound" in text else []


class FakeProject:
    """A project in which only east is deployed."""

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs."""
        return {"kubeconfig": KUBECONFIG} if stack == "demo.east" else {}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.URL]:
    """Record requests to a Prometheus without data; no cluster has pods."""
    urls: list[httpx2.URL] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        urls.append(request.url)
        body = {"status": "success", "data": {"resultType": "vector", "result": []}}
        return httpx2.Response(200, json=body)

    transport, make = httpx2.MockTransport(respond), httpx2.Client

    def client(base: str) -> Callable[..., httpx2.Client]:
        return lambda *_, **options: make(
            base_url=options.get("base_url", base), transport=transport
        )

    monkeypatch.setattr(api_server, "http", client("https://192.0.2.1"))
    monkeypatch.setattr(httpx2, "Client", client(""))
    monkeypatch.setattr(collecting, "_pods", lambda _: [])
    return urls


def asked_of_demo(query: Query) -> list[list[str]]:
    """Query an environment in which only east is deployed; returns the problems."""
    found = collect("demo", DESCRIBED, query, cast(Project, FakeProject()))
    return [one.problems for one in found]


def test_a_cluster_that_is_not_deployed_is_a_problem_beside_the_others(
    asked: list[httpx2.URL],
) -> None:
    assert asked_of_demo(Query()) == [[], ["is not deployed"]]


def test_viz_is_queried_through_the_api_server(asked: list[httpx2.URL]) -> None:
    asked_of_demo(Query())

    assert {(url.host, url.path) for url in asked} == {
        ("192.0.2.1", f"{THROUGH_API_SERVER}/api/v1/query")
    }


def test_another_prometheus_is_queried_at_its_url(asked: list[httpx2.URL]) -> None:
    asked_of_demo(Query(prometheus="https://{cluster}.metrics.example/prom/"))

    assert {f"{url.host}{url.path}" for url in asked} == {"east.metrics.example/prom/api/v1/query"}


def test_one_prometheus_for_all_is_queried_with_the_cluster_label(asked: list[httpx2.URL]) -> None:
    asked_of_demo(Query(prometheus="https://metrics.example", cluster_label="where"))

    assert all('where="east"' in url.params["query"] for url in asked)


def test_deployments_need_no_queries_of_connections() -> None:
    prometheus = FakePrometheus()

    found = stat("east", DESCRIBED, Query(), prometheus, [pod("api-1")])

    assert len(prometheus.asked) == 4
    assert [(row.name, row.meshed) for row in found.rows] == [("api", (1, 1))]
    assert found.rows[0].figures == Figures(success=1.0, rps=2.0)


def test_pods_have_queries_of_connections_too() -> None:
    prometheus = FakePrometheus()

    stat("east", DESCRIBED, Query(by=By.POD), prometheus, [])

    assert len(prometheus.asked) == 7


def test_calls_between_clusters_are_queried_in_each_described_mode() -> None:
    both, gateway = FakePrometheus(), FakePrometheus()

    stat("east", DESCRIBED, Query(source="east"), both, "unread")
    stat("east", DESCRIBED, Query(to="west/api"), gateway, "unread")

    assert sum("dst_target_cluster" in text for text in both.asked) == 4
    assert sum("authority=~" in text for text in both.asked) == 4
    assert all('dst_target_service="api"' in text for text in gateway.asked)


def test_a_prometheus_that_does_not_answer_is_a_problem_and_meshed_pods_are_shown() -> None:
    found = stat("east", DESCRIBED, Query(), FakePrometheus("is away"), [pod("api-1")])

    assert found.problems == ["is away"]
    assert [(row.name, row.meshed, row.figures) for row in found.rows] == [
        ("api", (1, 1), Figures())
    ]


def test_a_prometheus_without_metrics_of_proxies_is_a_problem() -> None:
    elsewhere = FakePrometheus()
    elsewhere.query = lambda text: []  # type: ignore[method-assign]  # a Prometheus of others

    found = stat("east", DESCRIBED, Query(), elsewhere, [pod("api-1"), pod("api-2")])

    assert found.problems == [
        "Prometheus must have metrics of proxies (it has none of the last 1m, though 2 pods are "
        "meshed). It scrapes none, or rarely. Check its targets, or use a longer --window"
    ]
    quiet = Query(namespace="shop")
    assert stat("east", DESCRIBED, quiet, elsewhere, [pod("api-1")]).problems == []


def test_the_same_problem_is_reported_once() -> None:
    found = stat("east", DESCRIBED, Query(), FakePrometheus("no answer"), "no answer")

    assert found.problems == ["no answer"]
    assert found.rows == []
