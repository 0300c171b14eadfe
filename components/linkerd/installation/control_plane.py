"""
The component `LinkerdControlPlane`, in high availability by default.

The private keys of the issuer and of the webhooks go into Secrets of this component and never into
Helm values, which are stored in the Secret of the release. The Gateway API's CRDs come with
Linkerd's and before the control plane, whose policy controller looks for them only when it starts.
Tracing is a setting of the proxies, `ProxyTracing`; the extension linkerd-jaeger no longer exists.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ..identity.cert_manager import CertManagerIssuer
from ..identity.cert_manager_issuer import issuer_certificate
from ..identity.webhook_names import OF_CONTROL_PLANE, Webhook
from ..identity.webhooks import WebhookCertificates, WebhookCertificatesArgs
from ..labels import (
    ADMISSION_WEBHOOKS,
    CONTROL_PLANE_NAMESPACE,
    CONTROL_PLANE_NS,
    DISABLED,
    INJECT,
    IS_CONTROL_PLANE,
    ISSUER_SECRET,
)
from . import charts
from .cni import LinkerdCni, LinkerdCniArgs, pod_security
from .control_plane_args import LinkerdControlPlaneArgs
from .control_plane_values import crds_values
from .existing_control_plane import ExistingControlPlane
from .installed import LinkerdInstallation

# Helm does not make the namespace as `linkerd install` does, so it is made with the same labels;
# `pod_security` is the last of them.
# Source: linkerd2, charts/linkerd-control-plane/templates/namespace.yaml
NAMESPACE_LABELS = {
    IS_CONTROL_PLANE: "true",
    ADMISSION_WEBHOOKS: DISABLED,
    CONTROL_PLANE_NS: CONTROL_PLANE_NAMESPACE,
}


class LinkerdControlPlane(pulumi.ComponentResource):
    """
    Linkerd's control plane on one cluster.

    Makes:
        the namespace `linkerd`, the Secret of the identity issuer (or a Certificate for
        cert-manager), certificates of the webhooks, with `cni` the CNI plugin, and the Helm
        releases `linkerd-crds` and `linkerd-control-plane`.
    Example:
        LinkerdControlPlane(
            "west-linkerd",
            LinkerdControlPlaneArgs(
                cluster=cluster,
                trust_anchors_pem=trust_anchor.certificate_pem,
                issuer=issuer,
            ),
        )
    Source: https://linkerd.io/2-edge/tasks/install-helm/
    """

    namespace: str
    """Namespace of the control plane, `linkerd`; linked clusters must have the same."""

    installation: LinkerdInstallation
    """Settings that extensions share with the control plane."""

    namespace_uid: pulumi.Output[str]
    """UID of that namespace: a cluster that was replaced has another one, or none."""

    webhook_expiry: Mapping[Webhook, pulumi.Output[str]]
    """When each webhook's certificate expires (RFC 3339); empty without `webhook_certificates`."""

    webhook_authority_expiry: pulumi.Output[str] | None
    """When the CA of these certificates expires (RFC 3339); None without them."""

    def __init__(
        self,
        name: str,
        args: LinkerdControlPlaneArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdControlPlane", name, {}, opts)
        self.namespace, self.installation = CONTROL_PLANE_NAMESPACE, args
        namespace = _namespace(name, args, parent=self)
        self.namespace_uid = namespace.metadata.uid
        crds = _crds(name, args, namespace, parent=self)
        issuer = _issuer(name, args, namespace, parent=self)
        webhooks = _webhooks(name, args, namespace, parent=self)
        cni = _cni(name, args, parent=self)
        before = [crds, issuer, *(webhooks.secrets if webhooks else ()), *cni]
        self.release = _release(name, args, namespace, webhooks, depends_on=before, parent=self)
        self.webhook_expiry = webhooks.expiry if webhooks else {}
        self.webhook_authority_expiry = webhooks.authority_expiry if webhooks else None
        self.register_outputs({"namespace": self.namespace})


def installation_of(
    control_plane: LinkerdControlPlane | ExistingControlPlane | LinkerdInstallation,
) -> LinkerdInstallation:
    """Return the settings of a control plane, of this program or another one."""
    if isinstance(control_plane, LinkerdInstallation):
        return control_plane
    return control_plane.installation


def _namespace(
    name: str, args: LinkerdControlPlaneArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": CONTROL_PLANE_NAMESPACE,
            "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.cni)},
            "annotations": {INJECT: DISABLED},
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
        chart=charts.at(charts.CRDS, args.version),
        namespace=namespace.metadata.name,
        location=args.charts_location,
        values=helm.merged(crds_values(gateway_api=args.gateway_api), args.crds_values),
        provider=args.cluster.provider,
        parent=parent,
    )


def _issuer(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.core.v1.Secret | kubernetes.apiextensions.CustomResource:
    if isinstance(args.issuer, CertManagerIssuer):
        return issuer_certificate(
            f"{name}-identity-issuer-certificate",
            args.issuer,
            cluster=args.cluster,
            namespace=namespace.metadata.name,
            trust_domain=args.trust_domain,
            parent=parent,
        )
    return kubernetes.core.v1.Secret(
        f"{name}-identity-issuer",
        metadata={"name": ISSUER_SECRET, "namespace": namespace.metadata.name},
        type="kubernetes.io/tls",
        string_data={
            "tls.crt": args.issuer.certificate_pem,
            "tls.key": pulumi.Output.secret(args.issuer.private_key_pem),
            "ca.crt": args.trust_anchors_pem,
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _webhooks(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> WebhookCertificates | None:
    if not args.webhook_certificates:
        return None
    return WebhookCertificates(
        f"{name}-webhooks",
        WebhookCertificatesArgs(
            cluster=args.cluster, namespace=namespace.metadata.name, webhooks=OF_CONTROL_PLANE
        ),
        pulumi.ResourceOptions(parent=parent),
    )


def _cni(
    name: str, args: LinkerdControlPlaneArgs, parent: pulumi.Resource
) -> Sequence[pulumi.Resource]:
    if not args.cni:
        return ()
    plugin = LinkerdCni(
        f"{name}-cni",
        LinkerdCniArgs(
            cluster=args.cluster,
            admin_port=args.proxy.admin_port,
            registry=args.registry,
            version=args.version,
            charts=args.charts_location,
            values=args.cni_values,
        ),
        pulumi.ResourceOptions(parent=parent),
    )
    return (plugin.release,)


def _release(
    name: str,
    args: LinkerdControlPlaneArgs,
    namespace: kubernetes.core.v1.Namespace,
    webhooks: WebhookCertificates | None,
    depends_on: list[pulumi.Resource],
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    values = args.own_values(webhooks.authority_pem if webhooks else None)
    return helm.release(
        f"{name}-control-plane",
        chart=charts.at(charts.CONTROL_PLANE, args.version),
        namespace=namespace.metadata.name,
        location=args.charts_location,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
        depends_on=depends_on,
        parent=parent,
    )
