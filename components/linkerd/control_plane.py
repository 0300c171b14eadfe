"""
Linkerd's control plane, in high availability.

The issuer's key goes into a Secret of our own and never into Helm values, which anybody who may
read the release's Secret can print. The Gateway API's CRDs come with Linkerd's, and before the
control plane, whose policy controller looks for them only once, when it starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .. import helm
from ..cluster import Cluster
from ..versions import LINKERD_CHARTS
from . import charts

NAMESPACE = "linkerd"

# Not in high availability: what one pod may use. Source of all of HA_VALUES:
# linkerd2, charts/linkerd-control-plane/values-ha.yaml
_CONTROLLER = {
    "cpu": {"limit": "", "request": "100m"},
    "memory": {"limit": "250Mi", "request": "50Mi"},
}

HA_VALUES: dict[str, Any] = {
    "enablePodDisruptionBudget": True,
    "controller": {"podDisruptionBudget": {"maxUnavailable": 1}},
    "deploymentStrategy": {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": "25%"}},
    "enablePodAntiAffinity": True,
    "proxy": {
        "resources": {
            "cpu": {"request": "100m"},
            "memory": {"limit": "250Mi", "request": "20Mi"},
        }
    },
    "controllerReplicas": 3,
    "controllerResources": _CONTROLLER,
    "destinationResources": _CONTROLLER,
    "identityResources": {
        "cpu": _CONTROLLER["cpu"],
        "memory": {"limit": "250Mi", "request": "10Mi"},
    },
    "heartbeatResources": _CONTROLLER,
    "proxyInjectorResources": _CONTROLLER,
    "webhookFailurePolicy": "Fail",
    "spValidatorResources": _CONTROLLER,
    "highAvailability": True,
}

# The chart's default is ten minutes after each rendering, another value every time.
HEARTBEAT_SCHEDULE = "17 3 * * *"

# Helm does not make the namespace as `linkerd install` does, so it is made with the same marks.
# Source: linkerd2, charts/linkerd-control-plane/templates/namespace.yaml
NAMESPACE_LABELS = {
    "linkerd.io/is-control-plane": "true",
    "config.linkerd.io/admission-webhooks": "disabled",
    "linkerd.io/control-plane-ns": NAMESPACE,
    "pod-security.kubernetes.io/enforce": "privileged",
}


@dataclass(frozen=True, kw_only=True)
class LinkerdControlPlaneArgs:
    """What to install, and where."""

    cluster: Cluster
    """The cluster to install on; at least three nodes that take pods."""

    trust_anchors_pem: pulumi.Input[str]
    """Trust anchors that all linked clusters share: PEM certificates, one after another."""

    issuer_certificate_pem: pulumi.Input[str]
    """The cluster's identity issuer, signed by one of the anchors."""

    issuer_key_pem: pulumi.Input[str]
    """The issuer's private key; treated as a secret."""

    cluster_domain: str = "cluster.local"
    """Suffix of the cluster's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster."""

    gateway_api: bool = True
    """
    Whether to install the Gateway API's CRDs, as Linkerd bundles them.

    False if something else on the cluster owns them; Linkerd cannot start its policy without.
    """

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-control-plane, merged last."""

    crds_values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-crds, merged last."""


def control_plane_values(
    *, trust_anchors_pem: pulumi.Input[str], cluster_domain: str, trust_domain: str
) -> dict[str, Any]:
    """Make the Helm values of the linkerd-control-plane chart."""
    return {
        **HA_VALUES,
        "clusterDomain": cluster_domain,
        "identityTrustDomain": trust_domain,
        "identityTrustAnchorsPEM": trust_anchors_pem,
        "identity": {"issuer": {"scheme": "kubernetes.io/tls"}},
        "heartbeatSchedule": HEARTBEAT_SCHEDULE,
    }


def crds_values(*, gateway_api: bool) -> dict[str, Any]:
    """Make the Helm values of the linkerd-crds chart."""
    return {"installGatewayAPI": gateway_api}


class LinkerdControlPlane(pulumi.ComponentResource):
    """
    Linkerd's control plane on one cluster.

    Makes:
        the namespace `linkerd`, the Secret of the identity issuer, and the Helm releases
        `linkerd-crds` and `linkerd-control-plane`.
    Source: https://linkerd.io/2-edge/tasks/install-helm/
    """

    namespace: str
    """Namespace of the control plane; linked clusters must have the same."""

    def __init__(
        self,
        name: str,
        args: LinkerdControlPlaneArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdControlPlane", name, {}, opts)
        self.namespace = NAMESPACE
        namespace = _namespace(name, args, parent=self)
        crds = _crds(name, args, namespace, parent=self)
        issuer = _issuer_secret(name, args, namespace, parent=self)
        self.release = _release(name, args, namespace, depends_on=[crds, issuer], parent=self)
        self.register_outputs({"namespace": self.namespace})


def _namespace(
    name: str, args: LinkerdControlPlaneArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": NAMESPACE,
            "labels": NAMESPACE_LABELS,
            "annotations": {"linkerd.io/inject": "disabled"},
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _crds(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    return helm.release(
        f"{name}-crds",
        chart=charts.CRDS,
        namespace=namespace.metadata.name,
        location=args.charts,
        values=helm.merged(crds_values(gateway_api=args.gateway_api), args.crds_values),
        provider=args.cluster.provider,
        parent=parent,
    )


def _issuer_secret(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Secret:
    return kubernetes.core.v1.Secret(
        f"{name}-identity-issuer",
        metadata={"name": "linkerd-identity-issuer", "namespace": namespace.metadata.name},
        type="kubernetes.io/tls",
        string_data={
            "tls.crt": args.issuer_certificate_pem,
            "tls.key": pulumi.Output.secret(args.issuer_key_pem),
            "ca.crt": args.trust_anchors_pem,
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _release(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    depends_on: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    values = control_plane_values(
        trust_anchors_pem=args.trust_anchors_pem,
        cluster_domain=args.cluster_domain,
        trust_domain=args.trust_domain,
    )
    return helm.release(
        f"{name}-control-plane",
        chart=charts.CONTROL_PLANE,
        namespace=namespace.metadata.name,
        location=args.charts,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
        depends_on=depends_on,
        parent=parent,
    )
