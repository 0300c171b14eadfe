"""
Proxy injection: in all of a namespace, or only in workloads with an annotation.

The annotation of a workload's pods has priority over that of its namespace, so an exception always
writes it, also where the namespace has none. Mirror services need their namespace on the source
too, so namespaces are resources of clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import pulumi
import pulumi_kubernetes as kubernetes

from ...cluster import Cluster
from ..labels import DISABLED, ENABLED, INJECT
from .workload_proxy import WorkloadProxy, proxy_annotations

# Namespaces that Linkerd's webhook never sees. Source: linkerd2,
# charts/linkerd-control-plane/values.yaml, proxyInjector.namespaceSelector
NEVER_INJECTED = ("kube-system", "cert-manager")


class Injection(Enum):
    """Which workloads of an environment are injected."""

    PER_NAMESPACE = "per namespace"
    """All workloads of a meshed namespace; for production."""

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
    """The reason, in one sentence."""

    def __post_init__(self) -> None:
        if not self.why.strip():
            named = self.workload or self.namespace
            raise ValueError(
                f"why of an unmeshed workload must give a reason (got none for {named!r}). What is "
                "not in the mesh has no encryption and no metrics. Use: why='a job that never ends'"
            )


@dataclass(frozen=True, kw_only=True)
class MeshedNamespaceArgs:
    """Arguments of `MeshedNamespace`."""

    cluster: Cluster
    """The cluster it is on."""

    namespace: str
    """Its name; the same on every cluster that exports or mirrors services in it."""

    injection: Injection = Injection.PER_NAMESPACE
    """Which workloads are injected."""

    exceptions: Sequence[Unmeshed] = ()
    """Workloads that are not injected; those of other namespaces are ignored."""

    def __post_init__(self) -> None:
        if self.namespace in NEVER_INJECTED:
            raise ValueError(
                f"namespace must be one that Linkerd injects (got {self.namespace!r}). Its webhook "
                f"never sees {' and '.join(NEVER_INJECTED)}. Use: a namespace of your own"
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
        return {INJECT: DISABLED}
    return {INJECT: ENABLED} if injection is Injection.PER_NAMESPACE else {}


def workload_annotations(
    injection: Injection, *, meshed: bool = True, proxy: WorkloadProxy | None = None
) -> dict[str, str]:
    """Make the annotations of a workload's pods, with its proxy settings if it is meshed."""
    if not meshed:
        return {INJECT: DISABLED}
    asked = {INJECT: ENABLED} if injection is Injection.PER_DEPLOYMENT else {}
    return {**asked, **(proxy_annotations(proxy) if proxy else {})}


def is_injected(namespace: dict[str, str], workload: dict[str, str]) -> bool:
    """
    Tell from both annotations whether Linkerd injects a workload's pods.

    Source: linkerd2, pkg/inject/report.go, disableByAnnotation
    """
    return {**namespace, **workload}.get(INJECT) in (ENABLED, "ingress")


class MeshedNamespace(pulumi.ComponentResource):
    """
    A namespace whose workloads can be part of the mesh.

    Makes:
        one namespace.
    """

    def __init__(
        self,
        name: str,
        args: MeshedNamespaceArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:MeshedNamespace", name, {}, opts)
        annotations = namespace_annotations(
            args.injection, meshed=is_meshed(args.exceptions, args.namespace)
        )
        self.namespace = kubernetes.core.v1.Namespace(
            name,
            metadata={
                "name": args.namespace,
                # None rather than empty: the API server drops an empty map, which would show as
                # drift.
                "annotations": annotations or None,
            },
            opts=pulumi.ResourceOptions(parent=self, provider=args.cluster.provider),
        )
        self.register_outputs({})
