"""
Settings of Linkerd's proxy for the whole mesh: resources, ports and tracing.

Settings of one workload are in workload_proxy.py. The extension linkerd-jaeger no longer
exists (removed in edge-25.10.1, Linkerd 2.19): proxies and controllers send their spans themselves,
to any collector that speaks OTLP. That is `Tracing`.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from ... import names
from ...arguments import checked
from ...hosts import authority
from ...ports import LARGEST_PORT
from ..ports import ADMIN_PORT, CONTROL_PORT, INBOUND_PORT, OUTBOUND_PORT
from .quantities import CPU, MEMORY, quantity, range_problems


@checked
@dataclass(frozen=True, kw_only=True)
class ProxyResources:
    """Resource requests and limits of a proxy, as quantities of Kubernetes."""

    cpu_request: str | None = None
    """CPU request, e.g. `100m`; None: the setting of the mesh."""

    cpu_limit: str | None = None
    """CPU limit, e.g. `1`; None: the setting of the mesh."""

    memory_request: str | None = None
    """Memory request, e.g. `20Mi`; None: the setting of the mesh."""

    memory_limit: str | None = None
    """Memory limit, e.g. `250Mi`; None: the setting of the mesh."""

    def __post_init__(self) -> None:
        problems = [
            *range_problems("proxy", CPU, self.cpu_request, self.cpu_limit),
            *range_problems("proxy", MEMORY, self.memory_request, self.memory_limit),
        ]
        if problems:
            raise ValueError("\n".join(problems))


@checked
@dataclass(frozen=True, kw_only=True)
class ProxyTracing:
    """The collector of the spans of proxies and controllers."""

    endpoint: str
    """Host and port of an OTLP collector (gRPC), e.g. `collector.tracing:4317`."""

    service_account: str
    """Service account of the collector, which must be meshed: proxies check its identity."""

    namespace: str
    """Namespace of the collector's service account."""

    def __post_init__(self) -> None:
        problems = []
        if not (authority(self.endpoint) or ("", ""))[1]:
            problems.append(
                f"endpoint of tracing must be a host and a port (got {self.endpoint!r}). Proxies "
                "call it with gRPC and accept no URL. Use: 'collector.tracing:4317'"
            )
        if not names.is_object_name(self.service_account):
            problems.append(
                "service_account of tracing must be a name that Kubernetes takes (got "
                f"{self.service_account!r}). Proxies would refuse the collector. Use: 'collector'"
            )
        if not names.is_dns_label(self.namespace):
            problems.append(
                f"namespace of tracing must be a DNS label (got {self.namespace!r}). Proxies would "
                "refuse the collector. Use: 'tracing'"
            )
        if problems:
            raise ValueError("\n".join(problems))


@checked
@dataclass(frozen=True, kw_only=True)
class ProxyConfig:
    """Settings of all proxies of a cluster, as far as they differ from Linkerd's defaults."""

    resources: ProxyResources = field(default_factory=ProxyResources)
    """Requests and limits; None: those of the profile."""

    admin_port: int = ADMIN_PORT
    """
    Port of metrics, probes and readiness; Linkerd's own by default.

    It is also the port of the gateway's probe, of the sources' probe Services, of a load balancer's
    health checks and of the CNI plugin's exception: each of these takes it from here. Prometheus
    finds it by its name.
    """

    tracing: ProxyTracing | None = None
    """The collector of spans; None: no tracing."""

    def __post_init__(self) -> None:
        taken = {CONTROL_PORT: "control", INBOUND_PORT: "inbound", OUTBOUND_PORT: "outbound"}
        if self.admin_port in taken or not 1 <= self.admin_port <= LARGEST_PORT:
            ports = ", ".join(str(port) for port in sorted(taken))
            raise ValueError(
                f"admin_port must be a port that the proxy does not use otherwise (got "
                f"{self.admin_port}). It uses {ports} for its own traffic. Use: {ADMIN_PORT}"
            )


def tracing_problems(
    tracing: ProxyTracing | None, *, trust_domain: str, cluster_domain: str
) -> list[str]:
    """
    List why tracing cannot work.

    The chart builds the collector's identity with the cluster domain, though identities end with
    the trust domain. Source: linkerd2, charts/partials/templates/_proxy.tpl
    """
    if tracing is None or trust_domain == cluster_domain:
        return []
    return [
        f"trust_domain must be the cluster_domain where there is tracing (got {trust_domain!r} and "
        f"{cluster_domain!r}). Linkerd's chart expects the collector's identity in the cluster "
        "domain, and proxies would refuse the collector. Use: one domain for both, or tracing=None"
    ]


def resource_values(resources: ProxyResources) -> dict[str, Any]:
    """Make the chart values of the resources that are set."""
    given = {
        "cpu": {"request": resources.cpu_request, "limit": resources.cpu_limit},
        "memory": {"request": resources.memory_request, "limit": resources.memory_limit},
    }
    found = {
        what: {which: text for which, text in pair.items() if text is not None}
        for what, pair in given.items()
    }
    return {what: pair for what, pair in found.items() if pair}


def proxy_values(proxy: ProxyConfig) -> dict[str, Any]:
    """Make the values of the control plane's chart for proxies."""
    values: dict[str, Any] = {"ports": {"admin": proxy.admin_port}}
    if resources := resource_values(proxy.resources):
        values["resources"] = resources
    cores = quantity(proxy.resources.cpu_request or "0") or 0
    if cores > 1:
        # With fewer threads than requested cores, the other cores would be unused.
        # Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxy.runtime.workers
        values["runtime"] = {"workers": {"minimum": math.ceil(cores)}}
    if proxy.tracing is None:
        return {"proxy": values}
    identity = {
        "serviceAccountName": proxy.tracing.service_account,
        "namespace": proxy.tracing.namespace,
    }
    collector = {"endpoint": proxy.tracing.endpoint}
    values["tracing"] = {"enabled": True, "collector": {**collector, "meshIdentity": identity}}
    return {
        "proxy": values,
        "controller": {"tracing": {"enabled": True, "collector": collector}},
    }
