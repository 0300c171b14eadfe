"""Metrics computed from samples; without traffic there are none."""

from linkmesh.cli.stat.figures import Figures, figures
from linkmesh.cli.stat.prometheus import Sample
from linkmesh.cli.stat.promql import Metric

BY = ("namespace", "deployment")
API = {"namespace": "shop", "deployment": "api"}


def requests(ended: str, rate: float) -> Sample:
    """Make the rate of requests that ended in one way."""
    return Sample({**API, "classification": ended}, rate)


def test_the_success_rate_is_a_share_of_the_answers() -> None:
    found = figures({Metric.REQUESTS: [requests("success", 9.0), requests("failure", 1.0)]}, BY)

    assert found == {("shop", "api"): Figures(success=0.9, rps=10.0)}


def test_only_failures_are_no_success() -> None:
    found = figures({Metric.REQUESTS: [requests("failure", 2.0)]}, BY)

    assert found["shop", "api"] == Figures(success=0.0, rps=2.0)


def test_no_requests_are_no_success_rate() -> None:
    found = figures({Metric.REQUESTS: [requests("success", 0.0), requests("failure", 0.0)]}, BY)

    assert found["shop", "api"] == Figures()


def test_each_metric_is_a_figure_of_its_own() -> None:
    kinds = [one for one in Metric if one is not Metric.REQUESTS]

    found = figures({kind: [Sample(API, float(at))] for at, kind in enumerate(kinds)}, BY)

    assert found["shop", "api"] == Figures(
        p50_ms=0, p95_ms=1, p99_ms=2, connections=3, read_bps=4, written_bps=5
    )
