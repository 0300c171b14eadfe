"""
The viz extension: metrics, tap and dashboard, in high availability by default.

Prometheus has one replica with six hours of metrics in memory, in each profile. For more, use
another Prometheus (`values`: `prometheus.enabled` and `prometheusUrl`). Traces: see
`ProxyTracing`.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ...cluster import Cluster
from ...ingress import block_problems
from ...versions import LINKERD_CHART, LINKERD_CHARTS
from ..identity.webhooks import (
    OF_VIZ,
    Webhook,
    WebhookCertificates,
    WebhookCertificatesArgs,
    webhook_values,
)
from ..labels import EXTENSION, VIZ_NAMESPACE
from . import charts
from .cni import pod_security
from .images import viz_images
from .profiles import InstallProfile, profile_problems
from .viz_access import allow_networks

# The chart's Helm hook would set this label and that of `pod_security`; set here, no Job has to
# run. Source: linkerd2, viz/charts/linkerd-viz/templates/namespace.yaml
NAMESPACE_LABELS = {EXTENSION: "viz"}

# Source of all: linkerd2, viz/charts/linkerd-viz/values-ha.yaml, which leaves metrics-api, the tap
# injector and the dashboard at one replica. Three here where the chart allows one to be unavailable
# during a rollout; two where it does not, so that one of three nodes is free for a new pod.
_RESOURCES = {
    "cpu": {"limit": "", "request": "100m"},
    "memory": {"limit": "250Mi", "request": "50Mi"},
}

HA_VALUES: dict[str, Any] = {
    "enablePodAntiAffinity": True,
    "enablePodDisruptionBudget": True,
    "resources": _RESOURCES,
    "metricsAPI": {"replicas": 2},
    "tap": {"replicas": 3, "resources": _RESOURCES},
    "tapInjector": {"replicas": 3},
    "dashboard": {"replicas": 2, "resources": _RESOURCES},
    "prometheus": {
        "resources": {
            "cpu": {"limit": "", "request": "300m"},
            "memory": {"limit": "8192Mi", "request": "300Mi"},
        }
    },
}

SMALL_VALUES: dict[str, Any] = {
    "enablePodAntiAffinity": False,
    "enablePodDisruptionBudget": False,
    "metricsAPI": {"replicas": 1},
    "tap": {"replicas": 1},
    "tapInjector": {"replicas": 1},
    "dashboard": {"replicas": 1},
}

PROFILE_VALUES = {InstallProfile.HIGH_AVAILABILITY: HA_VALUES, InstallProfile.SMALL: SMALL_VALUES}


@dataclass(frozen=True, kw_only=True)
class LinkerdVizArgs:
    """Arguments of `LinkerdViz`."""

    cluster: Cluster
    """The cluster to install on. Its Linkerd control plane must already run."""

    cluster_domain: str = "cluster.local"
    """Suffix of the cluster's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster."""

    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY
    """The size of the installation; high availability by default, which needs three nodes."""

    nodes: int | None = None
    """How many nodes take pods, to validate the profile; None if unknown."""

    cni: bool = False
    """Whether the CNI plugin redirects traffic, so that pods of the namespace are restricted."""

    webhook_certificates: bool = True
    """Whether to make the certificates of tap and its injector; False leaves them to the chart."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods, e.g. those of `data_plane.py`, which roll them with trust."""

    api_server_networks: Sequence[str] = ()
    """
    CIDR blocks from which the API server calls pods, and may query Prometheus.

    Empty: only viz may query it. On EKS the cluster's subnets; `mesh stat` queries this way.
    """

    registry: str | None = None
    """Registry of every image, Prometheus' included; None is where each is published."""

    version: str = LINKERD_CHART
    """Version of the chart; that of the control plane."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-viz, merged last."""

    def __post_init__(self) -> None:
        problems = [
            *profile_problems(self.profile, self.nodes),
            *self._network_problems(),
            *charts.problems(location=self.charts, version=self.version, registry=self.registry),
        ]
        if problems:
            raise ValueError("\n".join(problems))

    def _network_problems(self) -> Iterator[str]:
        for network in self.api_server_networks:
            yield from block_problems("api_server_networks of viz", network)


def viz_values(
    *,
    cluster_domain: str,
    trust_domain: str,
    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY,
    registry: str | None = None,
    pod_annotations: Mapping[str, pulumi.Input[str]] | None = None,
    webhooks_authority_pem: pulumi.Input[str] | None = None,
) -> dict[str, Any]:
    """Make the Helm values of the linkerd-viz chart; without an authority it makes certificates."""
    values = {
        "clusterDomain": cluster_domain,
        "identityTrustDomain": trust_domain,
        "createNamespaceMetadataJob": False,
    }
    annotations = {"podAnnotations": dict(pod_annotations)} if pod_annotations else {}
    layers = [
        PROFILE_VALUES[profile],
        values,
        annotations,
        viz_images(registry),
        webhook_values(OF_VIZ, webhooks_authority_pem),
    ]
    return functools.reduce(helm.merged, layers)


class LinkerdViz(pulumi.ComponentResource):
    """
    Linkerd's viz extension on one cluster.

    Makes:
        the namespace, certificates of tap and its injector, and one Helm release; if the API
        server may query Prometheus, a NetworkAuthentication and an AuthorizationPolicy.
    Source: https://linkerd.io/2-edge/features/dashboard/
    """

    webhook_expiry: Mapping[Webhook, pulumi.Output[str]]
    """When each certificate expires (RFC 3339); empty if the chart makes them."""

    def __init__(
        self,
        name: str,
        args: LinkerdVizArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdViz", name, {}, opts)
        namespace = _namespace(name, args, parent=self)
        webhooks = _webhooks(name, args, namespace, parent=self)
        self.release = _release(name, args, namespace, webhooks, parent=self)
        self.webhook_expiry = webhooks.expiry if webhooks else {}
        if args.api_server_networks:
            allow_networks(
                name, args.api_server_networks, namespace.metadata.name, self._child_options(args)
            )
        self.register_outputs({})

    def _child_options(self, args: LinkerdVizArgs) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, provider=args.cluster.provider, depends_on=[self.release]
        )


def _namespace(
    name: str, args: LinkerdVizArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": VIZ_NAMESPACE,
            "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.cni)},
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _webhooks(
    name: str,
    args: LinkerdVizArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> WebhookCertificates | None:
    if not args.webhook_certificates:
        return None
    return WebhookCertificates(
        f"{name}-webhooks",
        WebhookCertificatesArgs(
            cluster=args.cluster, namespace=namespace.metadata.name, webhooks=OF_VIZ
        ),
        pulumi.ResourceOptions(parent=parent),
    )


def _release(
    name: str,
    args: LinkerdVizArgs,
    namespace: kubernetes.core.v1.Namespace,
    webhooks: WebhookCertificates | None,
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    values = viz_values(
        cluster_domain=args.cluster_domain,
        trust_domain=args.trust_domain,
        profile=args.profile,
        registry=args.registry,
        pod_annotations=args.pod_annotations,
        webhooks_authority_pem=webhooks.authority_pem if webhooks else None,
    )
    return helm.release(
        f"{name}-release",
        chart=charts.at(charts.VIZ, args.version),
        namespace=namespace.metadata.name,
        location=args.charts,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
        depends_on=webhooks.secrets if webhooks else (),
        parent=parent,
    )
