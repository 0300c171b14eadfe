"""PromQL queries, word for word."""

import pytest

from linkmesh.cli.stat.promql import (
    By,
    Metric,
    connections,
    golden,
    inbound,
    matcher,
    pod_to_pod,
    through_gateways,
    window_problem,
)


def test_requests_are_counted_by_how_they_ended() -> None:
    asked = golden(inbound(By.DEPLOY, "1m", namespace="yelb"))

    assert asked[Metric.REQUESTS] == (
        'sum(rate(response_total{direction="inbound", deployment!="", namespace="yelb"}[1m])) '
        "by (namespace, deployment, classification)"
    )


def test_latencies_are_quantiles_of_all_buckets_of_a_workload() -> None:
    asked = golden(inbound(By.POD, "30s"))

    assert asked[Metric.P95] == (
        "histogram_quantile(0.95, sum(rate(response_latency_ms_bucket"
        '{direction="inbound", pod!=""}[30s])) by (le, namespace, pod))'
    )
    assert asked.keys() == {Metric.REQUESTS, Metric.P50, Metric.P95, Metric.P99}


def test_a_connection_is_counted_at_the_caller() -> None:
    asked = connections(inbound(By.POD, "1m"))

    assert asked == {
        Metric.CONNECTIONS: 'sum(tcp_open_connections{direction="inbound", pod!="", peer="src"}) '
        "by (namespace, pod)",
        Metric.READ: 'sum(rate(tcp_read_bytes_total{direction="inbound", pod!="", peer="src"}'
        "[1m])) by (namespace, pod)",
        Metric.WRITTEN: 'sum(rate(tcp_write_bytes_total{direction="inbound", pod!="", peer="src"}'
        "[1m])) by (namespace, pod)",
    }


def test_calls_through_a_gateway_are_known_by_the_cluster_called() -> None:
    traffic = through_gateways(By.DEPLOY, "1m", target="west", service="api")

    assert golden(traffic)[Metric.REQUESTS] == (
        'sum(rate(response_total{direction="outbound", deployment!="", dst_target_cluster="west", '
        'dst_target_service="api"}[1m])) by (namespace, deployment, dst_target_cluster, '
        "dst_target_service_namespace, dst_target_service, classification)"
    )
    assert 'peer="dst"' in connections(traffic)[Metric.READ]


def test_calls_through_any_gateway_are_all_that_name_a_cluster() -> None:
    assert 'dst_target_cluster!=""' in through_gateways(By.DEPLOY, "1m").matchers


def test_calls_pod_to_pod_are_known_by_the_mirror_that_was_called() -> None:
    traffic = pod_to_pod(By.DEPLOY, "1m", ["web-west.shop", "api-west.shop"])

    assert golden(traffic)[Metric.REQUESTS] == (
        'sum(rate(response_total{direction="outbound", deployment!="", '
        r'authority=~"(api\\-west\\.shop|web\\-west\\.shop)\\.svc\\..+"}[1m])) '
        "by (namespace, deployment, authority, classification)"
    )


def test_arguments_are_escaped() -> None:
    assert matcher("namespace", "=", 'a"} or vector(1) #\\') == (
        r'namespace="a\"} or vector(1) #\\"'
    )


def test_one_prometheus_for_all_clusters_has_a_matcher_for_the_cluster() -> None:
    traffic = inbound(By.DEPLOY, "1m", also=[matcher("cluster", "=", "west")])

    assert traffic.matchers[-1] == 'cluster="west"'


@pytest.mark.parametrize("window", ["15s", "1m", "6h", "90s"])
def test_a_window_of_at_least_two_scrapes_is_valid(window: str) -> None:
    assert window_problem(window) == ""


@pytest.mark.parametrize("window", ["14s", "0m", "1d", "m", "1m30s", "", "1m]"])
def test_another_window_is_a_problem(window: str) -> None:
    assert window_problem(window) == (
        f"--window must be at least 15s, in s, m or h, of at most six digits (got '{window}'). "
        "Prometheus counts between "
        "scrapes, and viz scrapes every 10 s. Use: --window 1m"
    )
