"""The table and the JSON: what nothing was measured of stays empty."""

import io

import pytest
from rich.console import Console

from cli.stat.collect import ClusterStat
from cli.stat.figures import Figures
from cli.stat.promql import By
from cli.stat.query import Wanted
from cli.stat.render import document, text
from cli.stat.rows import Row

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


def shown(found: list[ClusterStat], wanted: Wanted) -> list[str]:
    """Read what a person sees, with single spaces."""
    console = Console(file=io.StringIO(), width=160, highlight=False)
    console.print(text(found, wanted))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_a_row_without_traffic_is_not_a_row_of_failures() -> None:
    assert shown([ClusterStat(cluster="west", rows=[API, IDLE])], Wanted())[1:] == [
        "west shop api 2/3 50.00% 12.3 1 20 300",
        "west shop idle - - - - - -",
    ]


def test_pods_have_connections_and_bytes() -> None:
    found = [ClusterStat(cluster="west", rows=[API])]

    assert shown(found, Wanted(by=By.POD))[1] == (
        "west shop api 2/3 50.00% 12.3 1 20 300 4 1234.5 0.0"
    )


@pytest.mark.parametrize(
    ("success", "told"), [(1.0, "100.00%"), (0.99999, "<100%"), (0.0, "0.00%")]
)
def test_one_failure_in_many_is_not_rounded_away(success: float, told: str) -> None:
    row = Row(namespace="shop", name="api", figures=Figures(success=success))

    assert told in shown([ClusterStat(cluster="west", rows=[row])], Wanted())[1].split()


def test_a_cluster_that_does_not_answer_is_named_below_the_others() -> None:
    found = [
        ClusterStat(cluster="west", rows=[API]),
        ClusterStat(cluster="east", problems=["is not deployed"]),
    ]

    assert shown(found, Wanted())[-2:] == ["", "east: is not deployed"]


def test_no_calls_are_said_in_words() -> None:
    assert shown([ClusterStat(cluster="west")], Wanted(source="west")) == [
        "no calls between clusters in the last 1m"
    ]


def test_programs_get_numbers_and_null() -> None:
    called = Row(namespace="shop", name="web", figures=Figures(), target="west", service="api.shop")
    wanted = Wanted(source="east")

    assert document("demo", [ClusterStat(cluster="east", rows=[called])], wanted) == {
        "environment": "demo",
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
                        "toCluster": "west",
                        "service": "api.shop",
                        "meshed": None,
                        "pods": None,
                        "successRate": None,
                        "rps": None,
                        "p50Ms": None,
                        "p95Ms": None,
                        "p99Ms": None,
                    }
                ],
            }
        ],
    }


def test_programs_get_connections_of_pods() -> None:
    row = document("demo", [ClusterStat(cluster="west", rows=[API])], Wanted(by=By.POD))[
        "clusters"
    ][0]["rows"][0]

    assert (row["meshed"], row["pods"]) == (2, 3)
    assert (row["tcpConnections"], row["readBytesPerSecond"]) == (4, 1234.5)
    assert row["writtenBytesPerSecond"] == 0
