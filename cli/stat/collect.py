"""
Queries all clusters of an environment in parallel: Prometheus for metrics, API servers for pods.

If a cluster does not answer, that is a problem of its result; the others are still shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2
from lightkube import ALL_NS, ApiError
from lightkube.resources.core_v1 import Pod

from linkmesh import api_server
from linkmesh.environment import Plan
from linkmesh.linkerd.mode import LinkMode

from ..runs.project import Project
from .figures import Figures, Key, figures
from .pods import Workload, meshed
from .prometheus import THROUGH_API_SERVER, Prometheus, PrometheusError, QueryClient
from .promql import By, Traffic, connections, golden, inbound, matcher, pod_to_pod, through_gateways
from .query import PLACE, Query
from .rows import Row, received, sent_pod_to_pod, sent_through_gateways

Counts = Mapping[Workload, tuple[int, int]]
"""Meshed pods and all pods of each workload."""


@dataclass(frozen=True, kw_only=True)
class ClusterStat:
    """The result of one cluster: rows and problems."""

    cluster: str
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def collect(name: str, plan: Plan, query: Query, project: Project) -> list[ClusterStat]:
    """Query all selected clusters."""

    def one(cluster: str) -> ClusterStat:
        kubeconfig = project.outputs(f"{name}.{cluster}").get("kubeconfig")
        if kubeconfig is None:
            return ClusterStat(cluster=cluster, problems=["is not deployed"])
        with _http(kubeconfig, cluster, query) as http:
            prometheus = Prometheus(http, "" if query.prometheus else THROUGH_API_SERVER)
            return stat(cluster, plan, query, prometheus, _pods(kubeconfig))

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, query.clusters(plan)))


def stat(
    cluster: str,
    plan: Plan,
    query: Query,
    prometheus: QueryClient,
    pods: list[Any] | str,
) -> ClusterStat:
    """Compute the rows of a cluster; `pods` is a text if they could not be read."""
    counts: Counts = {}
    problems = []
    if isinstance(pods, str):
        problems.append(pods)
    else:
        namespaces = plan.clusters[cluster].namespaces
        counts = meshed(pods, query.by, namespaces, only=query.namespace)
    rows: list[Row] = []
    try:
        for traffic, rows_of in _tables(cluster, plan, query):
            measured = _measured(prometheus, traffic, query.by)
            rows += rows_of(measured, counts)
            problems += [] if measured else _no_metrics(query, counts)
    except PrometheusError as error:
        # Meshed pods are shown without metrics too.
        rows = [] if query.is_between else received({}, counts)
        problems.append(str(error))
    return ClusterStat(cluster=cluster, rows=rows, problems=list(dict.fromkeys(problems)))


def _no_metrics(query: Query, counts: Counts) -> list[str]:
    """Report missing metrics: if pods are meshed, at least their probes are counted."""
    pods = sum(count for count, _ in counts.values())
    if query.is_between or query.namespace or not pods:
        return []
    return [
        f"Prometheus must have metrics of proxies (it has none of the last {query.window}, though "
        f"{pods} pods are meshed). It scrapes none, or rarely. Check its targets, or use a "
        "longer --window"
    ]


def _tables(
    cluster: str, plan: Plan, query: Query
) -> Iterator[tuple[Traffic, Callable[[Mapping[Key, Figures], Counts], Iterable[Row]]]]:
    """Return the traffic to measure, each with the function that makes rows of it."""
    by, window, namespace = query.by, query.window, query.namespace
    also = [matcher(query.cluster_label, "=", cluster)] if query.cluster_label else []
    if not query.is_between:
        yield inbound(by, window, namespace=namespace, also=also), received
        return
    target, service = query.target, query.service
    yield (
        through_gateways(
            by, window, namespace=namespace, target=target, service=service, also=also
        ),
        sent_through_gateways,
    )
    exports = [
        export for export in query.exports(plan, cluster) if export.mode is not LinkMode.GATEWAY
    ]
    if exports:
        names = {f"{export.mirror}.{export.namespace}" for export in exports}
        yield (
            pod_to_pod(by, window, sorted(names), namespace=namespace, also=also),
            partial(sent_pod_to_pod, exports=exports),
        )


def _measured(prometheus: QueryClient, traffic: Traffic, by: By) -> dict[Key, Figures]:
    queries = golden(traffic) | (connections(traffic) if by is By.POD else {})
    answers = {metric: prometheus.query(text) for metric, text in queries.items()}
    return figures(answers, traffic.by)


def _http(kubeconfig: str, cluster: str, query: Query) -> httpx2.Client:
    if not query.prometheus:
        return api_server.http(kubeconfig)
    url = query.prometheus.replace(PLACE, cluster).rstrip("/")
    return httpx2.Client(base_url=url, timeout=api_server.READ_TIMEOUT_SECONDS)


def _pods(kubeconfig: str) -> list[Any] | str:
    """Read all pods of a cluster; return a text with the reason if they cannot be read."""
    client = api_server.client(kubeconfig)
    try:
        return list(client.list(Pod, namespace=ALL_NS, chunk_size=500))
    except ApiError as error:
        return f"pods cannot be read: {error.status.message}"
    except Exception as error:
        return f"the API server does not answer ({type(error).__name__})"
