"""The viz extension: metrics, tap and dashboard, in high availability."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .. import helm
from ..cluster import Cluster
from ..versions import LINKERD_CHARTS
from . import charts

NAMESPACE = "linkerd-viz"

# The chart's own Helm hook would set these labels; made here, no Job has to run.
# Source: linkerd2, viz/charts/linkerd-viz/templates/namespace.yaml
NAMESPACE_LABELS = {
    "linkerd.io/extension": "viz",
    "pod-security.kubernetes.io/enforce": "privileged",
}

# Source of all: linkerd2, viz/charts/linkerd-viz/values-ha.yaml
_RESOURCES = {
    "cpu": {"limit": "", "request": "100m"},
    "memory": {"limit": "250Mi", "request": "50Mi"},
}

HA_VALUES: dict[str, Any] = {
    "enablePodAntiAffinity": True,
    "enablePodDisruptionBudget": True,
    "resources": _RESOURCES,
    "tap": {"replicas": 3, "resources": _RESOURCES},
    "dashboard": {"resources": _RESOURCES},
    "prometheus": {
        "resources": {
            "cpu": {"limit": "", "request": "300m"},
            "memory": {"limit": "8192Mi", "request": "300Mi"},
        }
    },
}


@dataclass(frozen=True, kw_only=True)
class LinkerdVizArgs:
    """What to install, and where."""

    cluster: Cluster
    """The cluster to install on. Its Linkerd control plane must already run."""

    cluster_domain: str = "cluster.local"
    """Suffix of the cluster's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-viz, merged last."""


def viz_values(*, cluster_domain: str, trust_domain: str) -> dict[str, Any]:
    """Make the Helm values of the linkerd-viz chart."""
    return {
        **HA_VALUES,
        "clusterDomain": cluster_domain,
        "identityTrustDomain": trust_domain,
        "createNamespaceMetadataJob": False,
    }


class LinkerdViz(pulumi.ComponentResource):
    """
    Linkerd's viz extension on one cluster.

    Makes:
        the namespace and one Helm release.
    Source: https://linkerd.io/2-edge/features/dashboard/
    """

    def __init__(
        self,
        name: str,
        args: LinkerdVizArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdViz", name, {}, opts)
        provider = args.cluster.provider
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": NAMESPACE, "labels": NAMESPACE_LABELS},
            opts=pulumi.ResourceOptions(parent=self, provider=provider),
        )
        values = viz_values(cluster_domain=args.cluster_domain, trust_domain=args.trust_domain)
        self.release = helm.release(
            f"{name}-release",
            chart=charts.VIZ,
            namespace=namespace.metadata.name,
            location=args.charts,
            values=helm.merged(values, args.values),
            provider=provider,
            parent=self,
        )
        self.register_outputs({})
