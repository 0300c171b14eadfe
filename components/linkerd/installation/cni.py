"""
Linkerd's CNI plugin, which redirects traffic to proxies on the node instead of in each pod.

Without it every meshed pod starts with an init container that has NET_ADMIN and NET_RAW, which the
pod security level `restricted` forbids. It is installed before the control plane: a pod that starts
before the plugin is on its node has no redirection, and its network validator fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ...arguments import checked
from ...cluster import Cluster
from ...versions import LINKERD_CHART, LINKERD_CHARTS
from ..labels import ADMISSION_WEBHOOKS, CNI_NAMESPACE, CNI_RESOURCE, DISABLED, POD_SECURITY
from ..ports import ADMIN_PORT
from . import charts
from .extra_values import CNI, value_problems
from .images import cni_images

# Helm does not make the namespace; the plugin writes on the node, so it must be privileged.
# Source: linkerd2, charts/linkerd2-cni/templates/cni-plugin.yaml
NAMESPACE_LABELS = {
    CNI_RESOURCE: "true",
    ADMISSION_WEBHOOKS: DISABLED,
    POD_SECURITY: "privileged",
}


def pod_security(*, cni: bool) -> dict[str, str]:
    """
    Make the label with the pod security level of a namespace of Linkerd.

    Source: linkerd2, charts/linkerd-control-plane/templates/namespace.yaml
    """
    return {POD_SECURITY: "restricted" if cni else "privileged"}


@checked
@dataclass(frozen=True, kw_only=True)
class LinkerdCniArgs:
    """Arguments of `LinkerdCni`."""

    cluster: Cluster
    """The cluster to install on. Its own CNI plugin must let others be chained after it."""

    admin_port: int = ADMIN_PORT
    """Port of the proxies' metrics and probes, which is not redirected."""

    registry: str | None = None
    """Registry of the image; None is Linkerd's own."""

    version: str = LINKERD_CHART
    """Version of the chart; that of the control plane."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd2-cni, merged last."""

    def __post_init__(self) -> None:
        ours = cni_values(admin_port=self.admin_port, registry=self.registry)
        problems = [
            *charts.problems(location=self.charts, version=self.version, registry=self.registry),
            *value_problems(charts.CNI.name, CNI, ours=ours, extra=self.values),
        ]
        if problems:
            raise ValueError("\n".join(problems))


def cni_values(*, admin_port: int, registry: str | None) -> dict[str, Any]:
    """
    Make the Helm values of the linkerd2-cni chart.

    The repair controller restarts pods that started before the plugin on a new node.
    """
    return {
        "proxyAdminPort": admin_port,
        "repairController": {"enabled": True},
        **cni_images(registry),
    }


class LinkerdCni(pulumi.ComponentResource):
    """
    Linkerd's CNI plugin on one cluster.

    Makes:
        the namespace `linkerd-cni` and the Helm release `linkerd2-cni`.
    Source: https://linkerd.io/2-edge/features/cni/
    """

    def __init__(
        self,
        name: str,
        args: LinkerdCniArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdCni", name, {}, opts)
        provider = args.cluster.provider
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": CNI_NAMESPACE, "labels": NAMESPACE_LABELS},
            opts=pulumi.ResourceOptions(parent=self, provider=provider),
        )
        values = cni_values(admin_port=args.admin_port, registry=args.registry)
        self.release = helm.release(
            f"{name}-release",
            chart=charts.at(charts.CNI, args.version),
            namespace=namespace.metadata.name,
            location=args.charts,
            values=helm.merged(values, args.values),
            provider=provider,
            parent=self,
        )
        self.register_outputs({})
