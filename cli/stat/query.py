"""The arguments of `mesh stat` and their validation against the description."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from linkmesh.environment import Export, Plan
from linkmesh.names import is_dns_label

from .promql import By, window_problem

PLACE = "{cluster}"
"""Placeholder for the name of each cluster in the URL of a Prometheus."""

# Source: https://prometheus.io/docs/concepts/data_model/
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Query:
    """What `mesh stat` shows."""

    by: By = By.DEPLOY
    window: str = "1m"

    cluster: str | None = None
    """The only cluster to show; None means all."""

    namespace: str | None = None
    """The only namespace to show; None means all with meshed pods."""

    source: str | None = None
    """Show calls from this cluster to other clusters."""

    to: str | None = None
    """Show calls to a cluster, or to one of its services: `cluster/service`."""

    prometheus: str | None = None
    """URL of a Prometheus; None means viz's, through each API server."""

    cluster_label: str | None = None
    """Label that distinguishes clusters in that Prometheus; None if it has only one cluster."""

    @property
    def is_between(self) -> bool:
        """Whether calls between clusters are shown, not received calls."""
        return bool(self.source or self.to)

    @property
    def target(self) -> str | None:
        """The cluster that is called."""
        return None if self.to is None else self.to.partition("/")[0]

    @property
    def service(self) -> str | None:
        """The service that is called."""
        return None if self.to is None else self.to.partition("/")[2] or None

    def clusters(self, plan: Plan) -> list[str]:
        """List the clusters to query: calls are counted at their source."""
        if self.cluster or self.source:
            return [str(self.cluster or self.source)]
        if not self.target:
            return plan.names
        target = plan.clusters.get(self.target)
        return [*target.sources] if target else []

    def exports(self, plan: Plan, source: str) -> list[Export]:
        """List the described services that are called from a cluster."""
        return [
            export.described
            for export in plan.exports
            if source in export.callers
            and self.target in {None, export.described.of}
            and self.service in {None, export.described.service}
        ]


def problems(query: Query, plan: Plan) -> list[str]:
    """List what is not valid, each with its remedy."""
    unknown = [
        f"{option} must be a cluster of the environment (got '{given}'). "
        f"Use one of: {', '.join(plan.names)}"
        for option, given in {
            "--cluster": query.cluster,
            "--from": query.source,
            "--to": query.target,
        }.items()
        if given is not None and given not in plan.names
    ]
    window = window_problem(query.window)
    return [
        *unknown,
        *([window] if window else []),
        *_namespace_problems(query),
        *(_between_problems(query, plan) if not unknown else []),
        *_prometheus_problems(query, plan),
    ]


def _namespace_problems(query: Query) -> list[str]:
    if query.namespace is None or is_dns_label(query.namespace):
        return []
    return [
        f"--namespace must be the name of a namespace (got {query.namespace!r}). No workload would "
        "be in it. Use: --namespace NAME, or leave it out"
    ]


def _between_problems(query: Query, plan: Plan) -> list[str]:
    if query.cluster and query.is_between:
        return ["--cluster must not be combined with --from or --to. Use: --from CLUSTER"]
    target = query.target
    if not target:
        return []
    sources = plan.clusters[target].sources
    if not sources or (query.source and query.source not in sources):
        return [
            f"--to must be a cluster that {query.source or 'another one'} is linked to (got "
            f"'{target}'). Its sources are: {', '.join(sources) or 'none'}"
        ]
    if (query.to or "").endswith("/"):
        return [f"--to must name a service after the slash (got '{query.to}'). Use: --to {target}"]
    exported = sorted(
        {export.described.service for export in plan.exports if export.described.of == target}
    )
    if query.service and query.service not in exported:
        return [
            f"--to must be a service that {target} exports (got '{query.service}'). "
            f"It exports: {', '.join(exported) or 'none'}"
        ]
    return []


def _prometheus_problems(query: Query, plan: Plan) -> list[str]:
    url = query.prometheus
    if url is None:
        return (
            ["--cluster-label must be combined with --prometheus. Use: both, or none"]
            if query.cluster_label is not None
            else []
        )
    found = []
    if not _is_url(url.replace(PLACE, "cluster")):
        # Without the value, which may contain a password.
        found.append("--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090")
    if query.cluster_label is not None and not _LABEL.fullmatch(query.cluster_label):
        found.append(
            "--cluster-label must be the name of a label of Prometheus (got "
            f"{query.cluster_label!r}). A query with it would fail. Use, e.g.: --cluster-label "
            "cluster"
        )
    is_apart = PLACE in url or query.cluster_label
    if not is_apart and len(query.clusters(plan)) > 1:
        found.append(
            "--prometheus must distinguish clusters (it is one URL for several). Else each would "
            f"show the same figures. Use: {PLACE} in the URL, --cluster-label NAME, or "
            "--cluster NAME"
        )
    return found


def _is_url(text: str) -> bool:
    if "{" in text or "}" in text:
        return False
    try:
        url = urlsplit(text)
        return url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:  # an invalid port or address
        return False
