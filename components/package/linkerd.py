"""Linkerd's parts for other languages: certificates, control plane and extensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ..arguments.text import listed
from ..linkerd.identity.authorities import (
    IdentityIssuer,
    IdentityIssuerArgs,
    TrustAnchor,
    TrustAnchorArgs,
)
from ..linkerd.identity.cert_manager import CertManagerIssuer
from ..linkerd.identity.external_certificates import ExternalIdentityIssuer, ExternalTrustAnchor
from ..linkerd.installation.control_plane import LinkerdControlPlane
from ..linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from ..linkerd.installation.gateway_args import (
    GatewayArgs,
    LoadBalancerGateway,
    NlbGateway,
    NodePortGateway,
)
from ..linkerd.installation.installed import LinkerdInstallation
from ..linkerd.installation.multicluster import LinkerdMulticluster
from ..linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from ..linkerd.installation.multicluster_values import LinkTarget
from ..linkerd.installation.viz import LinkerdViz, LinkerdVizArgs
from ..linkerd.proxies.meshed_namespace import MeshedNamespace, MeshedNamespaceArgs
from .cluster import GivenCluster, OnCluster, on_cluster, others
from .crossing import Crossing, Given, chosen, fields
from .shapes import Property


@dataclass(frozen=True, kw_only=True)
class IssuerInputs:
    """What an identity issuer is made of."""

    trust_anchor: ExternalTrustAnchor
    """The trust anchor that signs the issuer: outputs of a `TrustAnchor`, or of a CA of yours."""


@dataclass(frozen=True, kw_only=True)
class IssuerCertificate:
    """Certificate and key of an identity issuer."""

    certificate_pem: pulumi.Input[str]
    """Its certificate, ECDSA P-256; a chain may follow it."""

    private_key_pem: pulumi.Input[str]
    """Its private key, a secret."""


@dataclass(frozen=True, kw_only=True)
class ControlPlaneInputs:
    """The identity issuer of a control plane."""

    issuer: IssuerCertificate | None = None
    """The cluster's identity issuer, signed by one of the trust anchors; or `cert_manager`."""

    cert_manager: CertManagerIssuer | None = None
    """How cert-manager makes the identity issuer; or `issuer`."""


@dataclass(frozen=True, kw_only=True)
class NlbGatewayInputs:
    """A gateway behind an AWS Network Load Balancer, on EKS with the load balancer controller."""

    internet_facing: bool = False
    """Whether the load balancer has public addresses; by default those of the VPC."""

    source_ranges: Sequence[str] = ()
    """
    CIDR blocks that may call the gateway; required if it is internet-facing.

    Empty: every address that has a route to the VPC. The whole internet is not valid.
    """


@dataclass(frozen=True, kw_only=True)
class MulticlusterInputs:
    """The gateway of a cluster, in at most one of three ways, and the clusters that it calls."""

    nlb_gateway: NlbGatewayInputs | None = None
    """Linked clusters call this one through a Network Load Balancer of AWS."""

    load_balancer_gateway: LoadBalancerGateway | None = None
    """Linked clusters call this one through a load balancer of another cloud or controller."""

    node_port_gateway: NodePortGateway | None = None
    """Linked clusters call this one through two ports of every node."""

    targets: Sequence[LinkTarget] = ()
    """The clusters that this one calls: each gets a mirror controller."""

    @property
    def gateway(self) -> GatewayArgs | None:
        """The gateway, however it is reached."""
        given: dict[str, GatewayArgs | None] = {
            "nlb_gateway": NlbGateway(**vars(self.nlb_gateway)) if self.nlb_gateway else None,
            "load_balancer_gateway": self.load_balancer_gateway,
            "node_port_gateway": self.node_port_gateway,
        }
        named = [name for name, each in given.items() if each]
        if len(named) > 1:
            raise ValueError(
                f"gateway must be given in one way (got {listed(named, 'and')}). A cluster has one "
                f"gateway. Use: {named[0]}"
            )
        return given[named[0]] if named else None


def _anchor(name: str, given: Given, opts: pulumi.ResourceOptions) -> TrustAnchor:
    return TrustAnchor(name, TrustAnchorArgs(**given), opts)


def _issuer(name: str, given: Given, opts: pulumi.ResourceOptions) -> IdentityIssuer:
    return IdentityIssuer(name, IdentityIssuerArgs(**given), opts)


def _control_plane(name: str, given: Given, opts: pulumi.ResourceOptions) -> LinkerdControlPlane:
    inputs = ControlPlaneInputs(issuer=given.get("issuer"), cert_manager=given.get("cert_manager"))
    issuer = _one_issuer(inputs, given.get("trust_anchors_pem", ""))
    own = others(given, "issuer", "cert_manager")

    def args(cluster: GivenCluster) -> LinkerdControlPlaneArgs:
        return LinkerdControlPlaneArgs(cluster=cluster, issuer=issuer, **own)

    return on_cluster(LinkerdControlPlane, name, given, opts, args)


def _one_issuer(
    inputs: ControlPlaneInputs, anchors: pulumi.Input[str]
) -> ExternalIdentityIssuer | CertManagerIssuer:
    if (inputs.issuer is None) == (inputs.cert_manager is None):
        raise ValueError(
            "issuer must be given, or cert_manager (got "
            f"{'both' if inputs.issuer else 'neither'}). Proxies get their certificates from one "
            "issuer. Use: the outputs of an IdentityIssuer"
        )
    if inputs.cert_manager:
        return inputs.cert_manager
    assert inputs.issuer is not None
    return ExternalIdentityIssuer(
        certificate_pem=inputs.issuer.certificate_pem,
        private_key_pem=inputs.issuer.private_key_pem,
        trust_anchors_pem=anchors,
    )


def _parted(given: Given, *properties: Property) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was given of some properties, and what else was."""
    names = {each.field for each in properties}
    rest = others(given)
    return {key: rest.pop(key) for key in [*rest] if key in names}, rest


def _multicluster(name: str, given: Given, opts: pulumi.ResourceOptions) -> LinkerdMulticluster:
    settings, rest = _parted(given, *_SETTINGS)
    ways, rest = _parted(rest, *fields(MulticlusterInputs))
    inputs = MulticlusterInputs(**ways)

    def args(cluster: GivenCluster) -> LinkerdMulticlusterArgs:
        return LinkerdMulticlusterArgs(
            control_plane=LinkerdInstallation(cluster=cluster, **settings),
            gateway=inputs.gateway,
            targets=inputs.targets,
            **rest,
        )

    return on_cluster(LinkerdMulticluster, name, given, opts, args)


def _viz(name: str, given: Given, opts: pulumi.ResourceOptions) -> LinkerdViz:
    settings, rest = _parted(given, *_SETTINGS)

    def args(cluster: GivenCluster) -> LinkerdVizArgs:
        installation = LinkerdInstallation(cluster=cluster, **settings)
        return LinkerdVizArgs(control_plane=installation, **rest)

    return on_cluster(LinkerdViz, name, given, opts, args)


def _namespace(name: str, given: Given, opts: pulumi.ResourceOptions) -> MeshedNamespace:
    def args(cluster: GivenCluster) -> MeshedNamespaceArgs:
        return MeshedNamespaceArgs(cluster=cluster, **others(given))

    return on_cluster(MeshedNamespace, name, given, opts, args)


_SETTINGS = fields(LinkerdInstallation, without=["cluster"])
_ON_CLUSTER = fields(OnCluster)

CROSSINGS = {
    "TrustAnchor": Crossing(
        component=TrustAnchor,
        inputs=fields(TrustAnchorArgs),
        outputs=chosen(TrustAnchor, "certificate_pem", "private_key_pem", "expiry"),
        make=_anchor,
    ),
    "IdentityIssuer": Crossing(
        component=IdentityIssuer,
        inputs=(*fields(IssuerInputs), *fields(IdentityIssuerArgs, without=["trust_anchor"])),
        outputs=chosen(IdentityIssuer, "certificate_pem", "private_key_pem", "expiry"),
        make=_issuer,
    ),
    "LinkerdControlPlane": Crossing(
        component=LinkerdControlPlane,
        inputs=(
            *_ON_CLUSTER,
            *fields(ControlPlaneInputs),
            *fields(LinkerdControlPlaneArgs, without=["cluster", "issuer"]),
        ),
        outputs=chosen(
            LinkerdControlPlane, "namespace", "namespace_uid", "webhook_authority_expiry"
        ),
        make=_control_plane,
    ),
    "LinkerdMulticluster": Crossing(
        component=LinkerdMulticluster,
        inputs=(
            *_ON_CLUSTER,
            *fields(MulticlusterInputs),
            *_SETTINGS,
            *chosen(LinkerdMulticlusterArgs, "pod_annotations", "values"),
        ),
        outputs=chosen(LinkerdMulticluster, "namespace", "gateway"),
        make=_multicluster,
    ),
    "LinkerdViz": Crossing(
        component=LinkerdViz,
        inputs=(*_ON_CLUSTER, *_SETTINGS, *fields(LinkerdVizArgs, without=["control_plane"])),
        outputs=(),
        make=_viz,
    ),
    "MeshedNamespace": Crossing(
        component=MeshedNamespace,
        inputs=(*_ON_CLUSTER, *fields(MeshedNamespaceArgs, without=["cluster"])),
        outputs=(),
        make=_namespace,
    ),
}
