"""
Who gets Linkerd's proxy: all of a namespace, or only the workloads that ask for it.

Mirror services need their namespace on the source as well, so namespaces are resources of clusters.
"""

from dataclasses import dataclass
from enum import Enum

import pulumi
import pulumi_kubernetes as kubernetes

from ..cluster import Cluster

# Source: linkerd2, pkg/k8s/labels.go, ProxyInjectAnnotation
ANNOTATION = "linkerd.io/inject"


class Injection(Enum):
    """Who is injected, for all of an environment."""

    PER_NAMESPACE = "per namespace"
    """Everything in a meshed namespace; for production, where nothing may be forgotten."""

    PER_DEPLOYMENT = "per deployment"
    """Only workloads that carry the annotation; for development and tests."""


@dataclass(frozen=True, kw_only=True)
class MeshedNamespaceArgs:
    """Which namespace, and who is injected in it."""

    cluster: Cluster
    """The cluster it is on."""

    namespace: str
    """Its name; the same on every cluster that exports or mirrors services in it."""

    injection: Injection = Injection.PER_NAMESPACE
    """Who is injected."""


def namespace_annotations(injection: Injection) -> dict[str, str]:
    """Make the annotations of a namespace."""
    return {ANNOTATION: "enabled"} if injection is Injection.PER_NAMESPACE else {}


def workload_annotations(injection: Injection) -> dict[str, str]:
    """Make the annotations of a meshed workload's pods."""
    return {ANNOTATION: "enabled"} if injection is Injection.PER_DEPLOYMENT else {}


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
        self.namespace = kubernetes.core.v1.Namespace(
            name,
            metadata={
                "name": args.namespace,
                # Left out rather than empty: an empty map is not kept, and would show as drift.
                "annotations": namespace_annotations(args.injection) or None,
            },
            opts=pulumi.ResourceOptions(parent=self, provider=args.cluster.provider),
        )
        self.register_outputs({})
