"""
Who gets Linkerd's proxy: all of a namespace, or only the workloads that ask for it.

The annotation of a workload's pods wins over that of its namespace, so an exception is always said
where it applies, also where leaving the annotation out would do today. Mirror services need their
namespace on the source as well, so namespaces are resources of clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .workload_proxy import WorkloadProxy, proxy_annotations

# Source: linkerd2, pkg/k8s/labels.go, ProxyInjectAnnotation
ANNOTATION = "linkerd.io/inject"
ENABLED = "enabled"
DISABLED = "disabled"

# Namespaces that Linkerd's webhook never sees. Source: linkerd2,
# charts/linkerd-control-plane/values.yaml, proxyInjector.namespaceSelector
NEVER_INJECTED = ("kube-system", "cert-manager")


class Injection(Enum):
    """Who is injected, for all of an environment."""

    PER_NAMESPACE = "per namespace"
    """Everything in a meshed namespace; for production, where nothing may be forgotten."""

    PER_DEPLOYMENT = "per deployment"
    """Only workloads that carry the annotation; for development and tests."""


@dataclass(frozen=True, kw_only=True)
class Unmeshed:
    """An exception: a workload, or all of a namespace, that stays out of the mesh."""

    namespace: str
    """The namespace."""

    workload: str | None = None
    """Name of the workload; None means all of the namespace."""

    why: str
    """Why; one sentence, for whoever wonders in a year."""

    def __post_init__(self) -> None:
        if not self.why.strip():
            named = self.workload or self.namespace
            raise ValueError(
                f"why of an unmeshed workload must be said (got nothing for {named!r}). What is "
                "not in the mesh is neither encrypted nor seen. Use: why='a job that never ends'"
            )


def is_meshed(exceptions: Sequence[Unmeshed], namespace: str, workload: str | None = None) -> bool:
    """Tell whether a workload, or a namespace as a whole, has no exception."""
    return not any(
        exception.namespace == namespace and exception.workload in (None, workload)
        for exception in exceptions
    )


def namespace_annotations(injection: Injection, *, meshed: bool = True) -> dict[str, str]:
    """Make the annotations of a namespace."""
    if not meshed:
        return {ANNOTATION: DISABLED}
    return {ANNOTATION: ENABLED} if injection is Injection.PER_NAMESPACE else {}


def workload_annotations(
    injection: Injection, *, meshed: bool = True, proxy: WorkloadProxy | None = None
) -> dict[str, str]:
    """Make the annotations of a workload's pods; a proxy of its own only if it has one at all."""
    if not meshed:
        return {ANNOTATION: DISABLED}
    asked = {ANNOTATION: ENABLED} if injection is Injection.PER_DEPLOYMENT else {}
    return {**asked, **(proxy_annotations(proxy) if proxy else {})}


def is_injected(namespace: dict[str, str], workload: dict[str, str]) -> bool:
    """
    Tell from the annotations of both whether Linkerd injects a workload's pods.

    Source: linkerd2, pkg/inject/report.go, disableByAnnotation
    """
    return {**namespace, **workload}.get(ANNOTATION) in (ENABLED, "ingress")
