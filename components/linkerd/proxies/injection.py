"""
Proxy injection: in all of a namespace, or only in workloads with an annotation.

The annotation of a workload's pods has priority over that of its namespace, so an exception always
writes it, also where the namespace has none. Mirror services need their namespace on the source
too, so namespaces are resources of clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ...arguments import checked
from ..labels import DISABLED, ENABLED, INJECT
from .workload_proxy import WorkloadProxyConfig, proxy_annotations

# Namespaces that Linkerd's webhook never sees. Source: linkerd2,
# charts/linkerd-control-plane/values.yaml, proxyInjector.namespaceSelector
NEVER_INJECTED = ("kube-system", "cert-manager")


class Injection(Enum):
    """Which workloads get Linkerd's proxy."""

    PER_NAMESPACE = "per namespace"
    """All workloads of a meshed namespace; for production."""

    PER_DEPLOYMENT = "per deployment"
    """Only workloads with `linkerd.io/inject: enabled`; for development and tests."""


@checked
@dataclass(frozen=True, kw_only=True)
class Unmeshed:
    """An exception: a workload, or a whole namespace, without a proxy."""

    namespace: str
    """The namespace."""

    workload: str | None = None
    """Name of the workload; None: the whole namespace."""

    why: str
    """The reason, in one sentence."""

    def __post_init__(self) -> None:
        if not self.why.strip() or not self.why.isprintable():
            named = self.workload or self.namespace
            got = repr(self.why) if self.why.strip() else "none"
            raise ValueError(
                f"why of an unmeshed workload must give a reason, in one line (got {got} for "
                f"{named!r}). What is not in the mesh has no encryption and no metrics. Use: "
                "why='a job that never ends'"
            )


def is_meshed(exceptions: Sequence[Unmeshed], namespace: str, workload: str | None = None) -> bool:
    """Return whether a workload, or a namespace as a whole, has no exception."""
    return not any(
        exception.namespace == namespace and exception.workload in (None, workload)
        for exception in exceptions
    )


def namespace_annotations(injection: Injection, *, meshed: bool = True) -> dict[str, str]:
    """Make the annotations of a namespace."""
    if not meshed:
        return {INJECT: DISABLED}
    return {INJECT: ENABLED} if injection is Injection.PER_NAMESPACE else {}


def workload_annotations(
    injection: Injection, *, meshed: bool = True, proxy: WorkloadProxyConfig | None = None
) -> dict[str, str]:
    """Make the annotations of a workload's pods: injection, and settings of its own proxy."""
    if not meshed:
        return {INJECT: DISABLED}
    asked = {INJECT: ENABLED} if injection is Injection.PER_DEPLOYMENT else {}
    return {**asked, **(proxy_annotations(proxy) if proxy else {})}


def is_injected(namespace: dict[str, str], workload: dict[str, str]) -> bool:
    """
    Return from both annotations whether Linkerd injects a workload's pods.

    Source: linkerd2, pkg/inject/report.go, disableByAnnotation
    """
    return {**namespace, **workload}.get(INJECT) in (ENABLED, "ingress")
