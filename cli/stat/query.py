"""What a person wants to see, held against the description of the environment; pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from stacks.environment import Environment, Export

from .promql import By, window_problem

PLACE = "{cluster}"
"""Stands for the name of each cluster in the URL of a Prometheus."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person wants to see."""

    by: By = By.DEPLOY
    window: str = "1m"

    cluster: str | None = None
    """The one cluster whose workloads are shown; None means each."""

    namespace: str | None = None
    """The one namespace of the workloads; None means those in which something is meshed."""

    source: str | None = None
    """Show calls of this cluster's workloads to other clusters."""

    to: str | None = None
    """Show calls to a cluster, or to one service of it: `cluster/service`."""

    prometheus: str | None = None
    """URL of a Prometheus to ask; None asks viz's through each API server."""

    cluster_label: str | None = None
    """Label by which that Prometheus tells clusters apart; None if it holds one's metrics only."""

    @property
    def is_between(self) -> bool:
        """Whether calls from cluster to cluster are shown, not what is received."""
        return bool(self.source or self.to)

    @property
    def target(self) -> str | None:
        """The cluster that is called."""
        return self.to.partition("/")[0] if self.to else None

    @property
    def service(self) -> str | None:
        """The service that is called."""
        return self.to.partition("/")[2] or None if self.to else None

    def clusters(self, environment: Environment) -> list[str]:
        """List the clusters that are asked: calls are counted where they start."""
        if self.cluster or self.source:
            return [str(self.cluster or self.source)]
        return environment.sources_of(self.target) if self.target else [*environment.names]

    def exports(self, environment: Environment, source: str) -> list[Export]:
        """List the described services that are called from a cluster."""
        return [
            export
            for export in environment.exports
            if source in environment.callers_of(export)
            and self.target in {None, export.of}
            and self.service in {None, export.service}
        ]


def problems(wanted: Wanted, environment: Environment) -> list[str]:
    """List why it cannot be shown, each with what to do."""
    unknown = [
        f"{option} must be a cluster of the environment (got '{given}'). "
        f"Use one of: {', '.join(environment.names)}"
        for option, given in {
            "--cluster": wanted.cluster,
            "--from": wanted.source,
            "--to": wanted.target,
        }.items()
        if given and given not in environment.names
    ]
    window = window_problem(wanted.window)
    return [
        *unknown,
        *([window] if window else []),
        *(_between_problems(wanted, environment) if not unknown else []),
        *_prometheus_problems(wanted, environment),
    ]


def _between_problems(wanted: Wanted, environment: Environment) -> list[str]:
    if wanted.cluster and wanted.is_between:
        return ["--cluster must not be said together with --from or --to. Use --from alone."]
    target = wanted.target
    if not target:
        return []
    sources = environment.sources_of(target)
    if not sources or (wanted.source and wanted.source not in sources):
        return [
            f"--to must be a cluster that {wanted.source or 'another one'} is linked to (got "
            f"'{target}'). Its sources are: {', '.join(sources) or 'none'}"
        ]
    exported = sorted({export.service for export in environment.exports if export.of == target})
    if wanted.service and wanted.service not in exported:
        return [
            f"--to must be a service that {target} exports (got '{wanted.service}'). "
            f"It exports: {', '.join(exported) or 'none'}"
        ]
    return []


def _prometheus_problems(wanted: Wanted, environment: Environment) -> list[str]:
    url = wanted.prometheus
    if url is None:
        return ["--cluster-label must go with --prometheus."] if wanted.cluster_label else []
    found = []
    if not _is_url(url.replace(PLACE, "cluster")):
        # Not the text itself: it may hold a password.
        found.append("--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090")
    is_apart = PLACE in url or wanted.cluster_label
    if not is_apart and len(wanted.clusters(environment)) > 1:
        found.append(
            "--prometheus must tell clusters apart (it is one URL for several). Else each would "
            f"show the same figures. Use: {PLACE} in the URL, --cluster-label NAME, or "
            "--cluster NAME"
        )
    return found


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:  # a port or an address that is none
        return False
