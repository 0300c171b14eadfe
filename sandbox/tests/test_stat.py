"""
`mesh stat` with a genuine Prometheus: the figures in the table are those computed here by hand.

What the proxies tell is in proxies.py. Two pods of `api`, requests a second and their latencies:

               success  failure    <= 10 ms  <= 20 ms  <= 100 ms
    api-1            9        1           5         9         10
    api-2           10        0           0         0         10
    api             19        1           5         9         20

Success: 9/10, 10/10, 19/20. A quantile lies in the first bucket that holds so many requests, as far
between its bounds as the requests in it. Of the 10 of api-1, P50 is the 5th, the last of the first
bucket: 10; P95 the 9.5th, in the third: 20 + 80 x 0.5/1 = 60; P99 the 9.9th: 20 + 80 x 0.9/1 = 92.
Those of api-2 are all in the third: 20 + 80 x 0.5 = 60, 96 and 99.2. Of the 20 of `api`, P50 is the
10th, in the third bucket after 9: 20 + 80 x 1/11 = 27.3; P95 the 19th: 20 + 80 x 10/11 = 92.7; P99
the 19.8th: 20 + 80 x 10.8/11 = 98.5.
`web` calls `api` on west through the gateway, 3 + 1 a second, and `db` pod to pod, 2 a second; all
of them are in the third bucket.
"""

import io
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from rich.console import Console

from linkmesh.cli.stat.collect import ClusterStat, stat
from linkmesh.cli.stat.prometheus import Prometheus
from linkmesh.cli.stat.promql import By
from linkmesh.cli.stat.query import Query
from linkmesh.cli.stat.render import text
from linkmesh.environment import Export, LinkSpec
from linkmesh.linkerd.mode import LinkMode
from sandbox.home import PROJECT
from sandbox.tests.proxies import scraped
from sandbox.toolchain import FOR_TESTS, build_toolchain
from tests.cli.stat.test_pods import pod
from tests.components.environment.described import EAST, WEST, planned

pytestmark = pytest.mark.sandbox

# The window holds 15 s; the rest is for a busy machine.
PATIENCE_SECONDS = 120

DESCRIBED = planned(
    EAST,
    WEST,
    links=[LinkSpec("east", "west")],
    exports=[
        Export("api", namespace="shop", of="west"),
        Export("db", namespace="shop", of="west", mode=LinkMode.FLAT),
    ],
)

PODS = [
    pod("api-1"),
    pod("api-2"),
    pod("idle-1", of="idle"),
    pod("web-1", of="web"),
    pod("web-2", of="web", is_meshed=False),
]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Run a genuine Prometheus for all tests, until its window is full."""
    build_toolchain(recipes=FOR_TESTS)
    with (
        scraped(tmp_path_factory.mktemp("prometheus")) as url,
        httpx2.Client(base_url=url, timeout=10) as http,
    ):
        asked = Prometheus(http)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not _is_full(asked):
            time.sleep(0.5)
        yield asked


def _is_full(prometheus: Prometheus) -> bool:
    try:
        found = prometheus.query('rate(response_total{pod="api-2", classification="success"}[15s])')
    except Exception:  # it is still starting
        return False
    return bool(found) and round(found[0].value, 3) == 10


def shown(prometheus: Prometheus, query: Query, pods: list[object] | str = PODS) -> list[str]:
    """Read the table a person sees of the cluster east, with single spaces."""
    found: ClusterStat = stat("east", DESCRIBED, query, prometheus, pods)
    console = Console(file=io.StringIO(), width=160, highlight=False)
    console.print(text([found], query))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_deployments_have_the_figures_computed_by_hand(prometheus: Prometheus) -> None:
    assert shown(prometheus, Query(window="15s")) == [
        "cluster namespace deployment meshed success rps p50 ms p95 ms p99 ms",
        "east shop api 2/2 95.00% 20.0 27 93 99",
        "east shop idle 1/1 - - - - -",
        "east shop web 1/2 - - - - -",
    ]


def test_pods_have_connections_and_bytes_too(prometheus: Prometheus) -> None:
    assert shown(prometheus, Query(by=By.POD, window="15s"))[:3] == [
        "cluster namespace pod meshed success rps p50 ms p95 ms p99 ms tcp read B/s written B/s",
        "east shop api-1 1/1 90.00% 10.0 10 60 92 3 1000.0 2500.0",
        "east shop api-2 1/1 100.00% 10.0 60 96 99 4 500.0 250.0",
    ]


def test_calls_to_another_cluster_are_seen_from_the_source(prometheus: Prometheus) -> None:
    assert shown(prometheus, Query(source="east", window="15s")) == [
        "cluster namespace deployment to cluster service meshed success rps p50 ms p95 ms p99 ms",
        "east shop web west api.shop 1/2 75.00% 4.0 60 96 99",
        "east shop web west db.shop:8080 1/2 100.00% 2.0 60 96 99",
    ]


def test_another_namespace_has_no_figures(prometheus: Prometheus) -> None:
    assert shown(prometheus, Query(namespace="other", window="15s")) == [
        "no workloads in namespace other"
    ]


def test_prometheus_understands_every_name_a_person_may_type(prometheus: Prometheus) -> None:
    query = Query(namespace='a"} or vector(1) #\\', window="15s")

    assert stat("east", DESCRIBED, query, prometheus, []).problems == []


def test_figures_are_shown_though_pods_cannot_be_read(prometheus: Prometheus) -> None:
    lines = shown(prometheus, Query(window="15s"), "pods cannot be read: forbidden")

    assert lines[1] == "east shop api - 95.00% 20.0 27 93 99"
    assert lines[-1] == "east: pods cannot be read: forbidden"


def test_the_way_through_an_api_server_leads_to_prometheus(tmp_path: Path) -> None:
    build_toolchain(recipes=FOR_TESTS)
    unshare = ["unshare", "--user", "--map-root-user", "--net"]
    allowed = all(shutil.which(program) for program in ("unshare", "ip")) and (
        subprocess.run([*unshare, "true"], capture_output=True).returncode == 0
    )
    if not allowed:
        pytest.skip("needs network namespaces: an API server hands nothing on to loopback")

    done = subprocess.run(
        [*unshare, sys.executable, "-m", "sandbox.tests.own_network", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    without_viz, without_endpoint, complete = (
        one["clusters"][0] for one in json.loads(done.stdout)
    )
    api = [(row["name"], row["successRate"], row["requestsPerSecond"]) for row in complete["rows"]][
        :1
    ]
    assert complete["problems"] == []
    assert api == [("api", pytest.approx(0.95), pytest.approx(20, abs=0.001))]
    assert without_viz["problems"][0].startswith("linkerd-viz has no Prometheus here")
    assert without_endpoint["problems"][0].startswith(
        "the API server does not reach Prometheus (503): no endpoints available for service"
    )
