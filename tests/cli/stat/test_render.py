"""The table and the JSON document; without measurements values stay empty."""

import io

import pytest
from rich.console import Console

from linkmesh.cli.stat.collect import ClusterStat
from linkmesh.cli.stat.figures import Figures
from linkmesh.cli.stat.promql import By
from linkmesh.cli.stat.query import Query
from linkmesh.cli.stat.render import document, text
from linkmesh.cli.stat.rows import Row

API = Row(
    namespace="shop",
    name="api",
    meshed=(2, 3),
    figures=Figures(
        success=0.5,
        rps=12.34,
        p50_ms=1.4,
        p95_ms=20,
        p99_ms=300,
        connections=4,
        read_bps=1234.5,
        written_bps=0,
    ),
)
IDLE = Row(namespace="shop", name="idle", figures=Figures())


def shown(found: list[ClusterStat], query: Query) -> list[str]:
    """Render the table, with single spaces."""
    console = Console(file=io.StringIO(), width=160, highlight=False)
    console.print(text(found, query))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_a_row_without_traffic_is_not_a_row_of_failures() -> None:
    assert shown([ClusterStat(cluster="west", rows=[API, IDLE])], Query())[1:] == [
        "west shop api 2/3 50.00% 12.3 1 20 300",
        "west shop idle - - - - - -",
    ]


def test_pods_have_connections_and_bytes() -> None:
    found = [ClusterStat(cluster="west", rows=[API])]

    assert shown(found, Query(by=By.POD))[1] == (
        "west shop api 2/3 50.00% 12.3 1 20 300 4 1234.5 0.0"
    )


@pytest.mark.parametrize(
    ("success", "written"), [(1.0, "100.00%"), (0.99999, "<100%"), (0.0, "0.00%")]
)
def test_one_failure_in_many_is_not_rounded_away(success: float, written: str) -> None:
    row = Row(namespace="shop", name="api", figures=Figures(success=success))

    assert written in shown([ClusterStat(cluster="west", rows=[row])], Query())[1].split()


def test_a_cluster_that_does_not_answer_is_named_below_the_others() -> None:
    found = [
        ClusterStat(cluster="west", rows=[API]),
        ClusterStat(cluster="east", problems=["is not deployed"]),
    ]

    assert shown(found, Query())[-2:] == ["", "east: is not deployed"]


def test_without_calls_there_is_a_sentence() -> None:
    assert shown([ClusterStat(cluster="west")], Query(source="west")) == [
        "no calls between clusters in the last 1m"
    ]


def test_the_document_has_numbers_and_null() -> None:
    called = Row(namespace="shop", name="web", figures=Figures(), target="west", service="api.shop")
    query = Query(source="east")

    assert document("demo", [ClusterStat(cluster="east", rows=[called])], query) == {
        "schema": 1,
        "environment": "demo",
        "complete": True,
        "by": "deploy",
        "window": "1m",
        "clusters": [
            {
                "cluster": "east",
                "problems": [],
                "rows": [
                    {
                        "namespace": "shop",
                        "name": "web",
                        "target": "west",
                        "service": "api.shop",
                        "meshedPods": None,
                        "pods": None,
                        "successRate": None,
                        "requestsPerSecond": None,
                        "latencyMsP50": None,
                        "latencyMsP95": None,
                        "latencyMsP99": None,
                        "tcpConnections": None,
                        "readBytesPerSecond": None,
                        "writtenBytesPerSecond": None,
                    }
                ],
            }
        ],
    }


def test_the_document_has_connections_of_pods() -> None:
    row = document("demo", [ClusterStat(cluster="west", rows=[API])], Query(by=By.POD))["clusters"][
        0
    ]["rows"][0]

    assert (row["meshedPods"], row["pods"]) == (2, 3)
    assert (row["tcpConnections"], row["readBytesPerSecond"]) == (4, 1234.5)
    assert row["writtenBytesPerSecond"] == 0
