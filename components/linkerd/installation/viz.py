"""
The component `LinkerdViz`: metrics, tap and dashboard, in high availability by default.

Prometheus has one replica and six hours of metrics in each profile. For more, use another one:
`values` with `prometheus.enabled` and `prometheusUrl`. Viz shows no traces: see `ProxyTracing`.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ...arguments import checked
from ...ingress import block_problems
from ..identity.webhook_names import OF_VIZ, Webhook
from ..identity.webhooks import WebhookCertificates, WebhookCertificatesArgs, webhook_values
from ..labels import EXTENSION, VIZ_NAMESPACE
from . import charts
from .cni import pod_security
from .control_plane import LinkerdControlPlane, installation_of
from .existing_control_plane import ExistingControlPlane
from .extra_values import VIZ, value_problems
from .images import viz_images
from .installed import LinkerdInstallation, waiting_for
from .profiles import InstallProfile
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


@checked
@dataclass(frozen=True, kw_only=True)
class LinkerdVizArgs:
    """Arguments of `LinkerdViz`."""

    control_plane: LinkerdControlPlane | ExistingControlPlane | LinkerdInstallation
    """
    Linkerd's control plane on the cluster, with which the extension shares its settings.

    A `LinkerdInstallation` is for one that another program installed, and an
    `ExistingControlPlane` is one that is compared with it.
    """

    webhook_certificates: bool = True
    """Whether this component makes the certificates of tap and its injector; False: the chart."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods; a change of one restarts them."""

    api_server_networks: Sequence[str] = ()
    """
    CIDR blocks from which the API server may call Prometheus, as `mesh stat` does through it.

    On EKS those of the control plane's subnets. Empty: only pods of viz may call Prometheus.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-viz, merged last."""

    def __post_init__(self) -> None:
        problems = [
            problem
            for network in self.api_server_networks
            for problem in block_problems("api_server_networks of viz", network)
        ]
        shared = {
            "clusterDomain": self.installation.cluster_domain,
            "identityTrustDomain": self.installation.trust_domain,
        }
        problems += value_problems(charts.VIZ.name, VIZ, ours=shared, extra=self.values)
        if problems:
            raise ValueError("\n".join(problems))

    @property
    def installation(self) -> LinkerdInstallation:
        """Settings of the control plane."""
        return installation_of(self.control_plane)


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

    It waits for its control plane.

    Makes:
        the namespace, certificates of tap and its injector, and one Helm release; with
        `api_server_networks`, a NetworkAuthentication and an AuthorizationPolicy.
    Example:
        LinkerdViz("west-viz", LinkerdVizArgs(control_plane=control_plane))
    Source: https://linkerd.io/2-edge/features/dashboard/
    """

    webhook_expiry: Mapping[Webhook, pulumi.Output[str]]
    """When each certificate expires (RFC 3339); empty without `webhook_certificates`."""

    def __init__(
        self,
        name: str,
        args: LinkerdVizArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        opts = waiting_for(opts, args.control_plane)
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
            parent=self, provider=args.installation.cluster.provider, depends_on=[self.release]
        )


def _namespace(
    name: str, args: LinkerdVizArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": VIZ_NAMESPACE,
            "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.installation.cni)},
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.installation.cluster.provider),
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
            cluster=args.installation.cluster, namespace=namespace.metadata.name, webhooks=OF_VIZ
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
    installation = args.installation
    values = viz_values(
        cluster_domain=installation.cluster_domain,
        trust_domain=installation.trust_domain,
        profile=installation.profile,
        registry=installation.registry,
        pod_annotations=args.pod_annotations,
        webhooks_authority_pem=webhooks.authority_pem if webhooks else None,
    )
    return helm.release(
        f"{name}-release",
        chart=charts.at(charts.VIZ, installation.version),
        namespace=namespace.metadata.name,
        location=installation.charts_location,
        values=helm.merged(values, args.values),
        provider=args.installation.cluster.provider,
        depends_on=webhooks.secrets if webhooks else (),
        parent=parent,
    )
