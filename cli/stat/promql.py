"""
Writes PromQL queries.

Names of metrics and labels are those of Linkerd's proxy. Calls through a gateway have labels for
the target cluster and the service. Pod-to-pod calls do not; they are identified by the name that
was called (`authority`): that of the mirror. Differences from `linkerd viz stat`: latencies cover
the whole window, not only the last two scrapes, and a connection counts once, not at both of its
ends.
Source: linkerd2, viz/metrics-api/stat_summary.go, viz/pkg/prometheus/prometheus.go,
controller/api/destination/watcher/port_publisher.go
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum

# A shorter window does not contain two scrapes. Source: linkerd2,
# viz/charts/linkerd-viz/values.yaml, scrape_interval of 10 s, and viz/cmd/stat.go, which rejects
# less.
LEAST_WINDOW = timedelta(seconds=15)

TARGET_LABELS = ("dst_target_cluster", "dst_target_service_namespace", "dst_target_service")
"""Labels of calls through a gateway: the cluster called, the service's namespace, its name."""

NAME_CALLED = "authority"
"""Label of a call: the name that was called, with its port."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


class By(StrEnum):
    """What each row of the table shows."""

    DEPLOY = "deploy"
    POD = "pod"

    @property
    def label(self) -> str:
        """Its label in Prometheus."""
        return "deployment" if self is By.DEPLOY else "pod"


class Metric(Enum):
    """Metrics that are queried."""

    REQUESTS = "requests"
    P50 = "0.5"
    P95 = "0.95"
    P99 = "0.99"
    CONNECTIONS = "connections"
    READ = "read"
    WRITTEN = "written"


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Which traffic is counted, and how it is grouped."""

    matchers: tuple[str, ...]
    """Conditions on labels, in PromQL."""

    by: tuple[str, ...]
    """Labels; each combination of their values is a row."""

    peer: str
    """Which end of a proxy's connections counts: `src` (its callers) or `dst` (what it calls)."""

    window: str
    """Time window, e.g. `1m`."""


def window_problem(window: str) -> str:
    """Return what is wrong with a window; empty if it is valid."""
    found = re.fullmatch(r"(\d{1,6})([smh])", window, re.ASCII)
    if found and timedelta(**{_UNITS[found[2]]: int(found[1])}) >= LEAST_WINDOW:
        return ""
    return (
        f"--window must be at least 15s, in s, m or h, of at most six digits (got '{window}'). "
        "Prometheus counts between scrapes, and viz scrapes every 10 s. Use: --window 1m"
    )


def inbound(
    by: By, window: str, *, namespace: str | None = None, also: Sequence[str] = ()
) -> Traffic:
    """Select the traffic that workloads receive."""
    return Traffic(
        matchers=(
            matcher("direction", "=", "inbound"),
            *_own(by, namespace),
            *also,
        ),
        by=("namespace", by.label),
        peer="src",
        window=window,
    )


def through_gateways(
    by: By,
    window: str,
    *,
    namespace: str | None = None,
    target: str | None = None,
    service: str | None = None,
    also: Sequence[str] = (),
) -> Traffic:
    """Select the traffic that workloads send to gateways of other clusters."""
    cluster = matcher("dst_target_cluster", "=", target) if target else 'dst_target_cluster!=""'
    return Traffic(
        matchers=(
            matcher("direction", "=", "outbound"),
            *_own(by, namespace),
            cluster,
            *([matcher("dst_target_service", "=", service)] if service else []),
            *also,
        ),
        by=("namespace", by.label, *TARGET_LABELS),
        peer="dst",
        window=window,
    )


def pod_to_pod(
    by: By,
    window: str,
    names: Sequence[str],
    *,
    namespace: str | None = None,
    also: Sequence[str] = (),
) -> Traffic:
    """
    Select the traffic that workloads send to mirrors whose endpoints are pods of other clusters.

    Args:
        names: the mirrors, each as `service.namespace`.
    """
    called = "|".join(re.escape(name) for name in sorted(names))
    return Traffic(
        matchers=(
            matcher("direction", "=", "outbound"),
            *_own(by, namespace),
            matcher(NAME_CALLED, "=~", rf"({called})\.svc\..+"),
            *also,
        ),
        by=("namespace", by.label, NAME_CALLED),
        peer="dst",
        window=window,
    )


def golden(traffic: Traffic) -> dict[Metric, str]:
    """Write the queries of requests and latencies."""
    labels, by, window = ", ".join(traffic.matchers), ", ".join(traffic.by), traffic.window
    queries = {
        Metric.REQUESTS: f"sum(rate(response_total{{{labels}}}[{window}])) "
        f"by ({by}, classification)"
    }
    buckets = f"sum(rate(response_latency_ms_bucket{{{labels}}}[{window}])) by (le, {by})"
    for quantile in (Metric.P50, Metric.P95, Metric.P99):
        queries[quantile] = f"histogram_quantile({quantile.value}, {buckets})"
    return queries


def connections(traffic: Traffic) -> dict[Metric, str]:
    """Write the queries of TCP connections and bytes."""
    labels = ", ".join((*traffic.matchers, matcher("peer", "=", traffic.peer)))
    by, window = ", ".join(traffic.by), traffic.window
    return {
        Metric.CONNECTIONS: f"sum(tcp_open_connections{{{labels}}}) by ({by})",
        Metric.READ: f"sum(rate(tcp_read_bytes_total{{{labels}}}[{window}])) by ({by})",
        Metric.WRITTEN: f"sum(rate(tcp_write_bytes_total{{{labels}}}[{window}])) by ({by})",
    }


def matcher(label: str, operator: str, value: str) -> str:
    """Write one condition on a label, with an escaped value."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{label}{operator}"{quoted}"'


def _own(by: By, namespace: str | None) -> tuple[str, ...]:
    """Write which workloads count; pods without a Deployment have no row of Deployments."""
    named = f'{by.label}!=""'
    return (named, matcher("namespace", "=", namespace)) if namespace else (named,)
