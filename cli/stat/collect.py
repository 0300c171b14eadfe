"""
Asking every cluster of an environment, side by side: its Prometheus, and its API server for pods.

What does not answer is said with the cluster, and the others are shown all the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2
from lightkube import ALL_NS, ApiError
from lightkube.resources.core_v1 import Pod

from components import api_server
from components.environment import Plan
from components.linkerd.mode import LinkMode

from ..runs.run import Project
from .figures import Figures, Key, figures
from .pods import Workload, meshed
from .prometheus import THROUGH_API_SERVER, Asked, Prometheus, UnansweredError
from .promql import By, Traffic, connections, golden, inbound, matcher, pod_to_pod, through_gateways
from .query import PLACE, Wanted
from .rows import Row, received, sent_pod_to_pod, sent_through_gateways

Counts = Mapping[Workload, tuple[int, int]]
"""Meshed pods and all pods of each workload."""


@dataclass(frozen=True, kw_only=True)
class ClusterStat:
    """What one cluster told, and what it did not."""

    cluster: str
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def collect(name: str, plan: Plan, wanted: Wanted, project: Project) -> list[ClusterStat]:
    """Ask every cluster that is wanted."""

    def one(cluster: str) -> ClusterStat:
        kubeconfig = project.outputs(f"{name}.{cluster}").get("kubeconfig")
        if kubeconfig is None:
            return ClusterStat(cluster=cluster, problems=["is not deployed"])
        with _http(kubeconfig, cluster, wanted) as http:
            prometheus = Prometheus(http, "" if wanted.prometheus else THROUGH_API_SERVER)
            return stat(cluster, plan, wanted, prometheus, _pods(kubeconfig))

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, wanted.clusters(plan)))


def stat(
    cluster: str,
    plan: Plan,
    wanted: Wanted,
    prometheus: Asked,
    pods: list[Any] | str,
) -> ClusterStat:
    """Put together what a cluster's Prometheus and pods tell; a text is why there are no pods."""
    counts: Counts = {}
    problems = []
    if isinstance(pods, str):
        problems.append(pods)
    else:
        namespaces = plan.clusters[cluster].namespaces
        counts = meshed(pods, wanted.by, namespaces, only=wanted.namespace)
    rows: list[Row] = []
    try:
        for traffic, rows_of in _tables(cluster, plan, wanted):
            measured = _measured(prometheus, traffic, wanted.by)
            rows += rows_of(measured, counts)
            problems += [] if measured else _silence(wanted, counts)
    except UnansweredError as error:
        # How much is meshed is worth knowing without figures too.
        rows = [] if wanted.is_between else received({}, counts)
        problems.append(str(error))
    return ClusterStat(cluster=cluster, rows=rows, problems=list(dict.fromkeys(problems)))


def _silence(wanted: Wanted, counts: Counts) -> list[str]:
    """Say that no proxy is heard of: where something is meshed, at least its probes are counted."""
    pods = sum(count for count, _ in counts.values())
    if wanted.is_between or wanted.namespace or not pods:
        return []
    return [
        f"Prometheus must have metrics of proxies (it has none of the last {wanted.window}, though "
        f"{pods} pods are meshed). It scrapes none, or seldom. Look at its targets, or use a "
        "longer --window"
    ]


def _tables(
    cluster: str, plan: Plan, wanted: Wanted
) -> Iterator[tuple[Traffic, Callable[[Mapping[Key, Figures], Counts], Iterable[Row]]]]:
    """List which traffic is measured, and how rows are made of it."""
    by, window, namespace = wanted.by, wanted.window, wanted.namespace
    also = [matcher(wanted.cluster_label, "=", cluster)] if wanted.cluster_label else []
    if not wanted.is_between:
        yield inbound(by, window, namespace=namespace, also=also), received
        return
    target, service = wanted.target, wanted.service
    yield (
        through_gateways(
            by, window, namespace=namespace, target=target, service=service, also=also
        ),
        sent_through_gateways,
    )
    exports = [
        export for export in wanted.exports(plan, cluster) if export.mode is not LinkMode.GATEWAY
    ]
    if exports:
        names = {f"{export.mirror}.{export.namespace}" for export in exports}
        yield (
            pod_to_pod(by, window, sorted(names), namespace=namespace, also=also),
            partial(sent_pod_to_pod, exports=exports),
        )


def _measured(prometheus: Asked, traffic: Traffic, by: By) -> dict[Key, Figures]:
    queries = golden(traffic) | (connections(traffic) if by is By.POD else {})
    answers = {metric: prometheus.query(text) for metric, text in queries.items()}
    return figures(answers, traffic.by)


def _http(kubeconfig: str, cluster: str, wanted: Wanted) -> httpx2.Client:
    if not wanted.prometheus:
        return api_server.http(kubeconfig)
    url = wanted.prometheus.replace(PLACE, cluster).rstrip("/")
    return httpx2.Client(base_url=url, timeout=api_server.READ_TIMEOUT_SECONDS)


def _pods(kubeconfig: str) -> list[Any] | str:
    """Read all pods of a cluster; what went wrong, as a text, if they cannot be read."""
    client = api_server.client(kubeconfig)
    try:
        return list(client.list(Pod, namespace=ALL_NS, chunk_size=500))
    except ApiError as error:
        return f"pods cannot be read: {error.status.message}"
    except Exception as error:
        return f"the API server does not answer ({type(error).__name__})"
