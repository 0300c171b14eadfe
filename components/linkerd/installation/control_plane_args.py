"""Arguments of `LinkerdControlPlane` and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from ...cluster import Cluster
from ...support import gateway_api_problems
from ...versions import LINKERD_CHART, LINKERD_CHARTS
from ..identity.cert_manager import CertManagerIssuer
from ..proxies.proxy import ProxyConfig, tracing_problems
from . import charts
from .profiles import InstallProfile, profile_problems


@dataclass(frozen=True, kw_only=True)
class LinkerdControlPlaneArgs:
    """Arguments of `LinkerdControlPlane`."""

    cluster: Cluster
    """The cluster to install on."""

    trust_anchors_pem: pulumi.Input[str] = ""
    """
    Trust anchors that all linked clusters share: PEM certificates, one after another.

    Required without `cert_manager`, which has them from elsewhere. With it, they are what
    `linkerd multicluster check` compares.
    """

    issuer_certificate_pem: pulumi.Input[str] | None = None
    """The cluster's identity issuer, signed by one of the anchors; None with a `cert_manager`."""

    issuer_key_pem: pulumi.Input[str] | None = None
    """The issuer's private key; treated as a secret. None with a `cert_manager`."""

    cert_manager: CertManagerIssuer | None = None
    """How cert-manager makes the issuer; None if its certificate and key are given."""

    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY
    """The size of the installation; high availability by default, which needs three nodes."""

    nodes: int | None = None
    """How many nodes take pods, to validate the profile; None if unknown."""

    proxy: ProxyConfig = field(default_factory=ProxyConfig)
    """Settings of proxies: resources, admin port, tracing."""

    cni: bool = False
    """Whether Linkerd's CNI plugin redirects traffic, instead of init containers with NET_ADMIN."""

    webhook_certificates: bool = True
    """
    Whether to make the webhooks' certificates.

    False leaves them to the chart, which makes new ones at each upgrade and restarts what uses
    them, or to `values` that name another source, e.g. `injectCaFrom` of cert-manager.
    """

    cluster_domain: str = "cluster.local"
    """Suffix of the cluster's DNS names."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster."""

    gateway_api: bool = True
    """
    Whether to install the Gateway API's CRDs, as Linkerd bundles them.

    False if something else on the cluster owns them; Linkerd cannot start its policy without.
    """

    gateway_api_version: str | None = None
    """Version that something else installs, to validate against Linkerd's; None if unknown."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods, e.g. those of `data_plane.py`, which roll them with trust."""

    registry: str | None = None
    """Registry of every image, injected ones included; None is Linkerd's own. See `images.py`."""

    version: str = LINKERD_CHART
    """Version of the charts; every chart of a cluster must have the same."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-control-plane, merged last."""

    crds_values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-crds, merged last."""

    cni_values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd2-cni, merged last."""

    def __post_init__(self) -> None:
        tracing, domains = self.proxy.tracing, (self.trust_domain, self.cluster_domain)
        problems = [
            *_identity_problems(self),
            *profile_problems(self.profile, self.nodes),
            *tracing_problems(tracing, trust_domain=domains[0], cluster_domain=domains[1]),
            *charts.problems(location=self.charts, version=self.version, registry=self.registry),
            *_gateway_api_problems(self),
        ]
        if problems:
            raise ValueError("\n".join(problems))


def _identity_problems(args: LinkerdControlPlaneArgs) -> list[str]:
    given = [args.issuer_certificate_pem is not None, args.issuer_key_pem is not None]
    no_anchors = isinstance(args.trust_anchors_pem, str) and not args.trust_anchors_pem
    if args.cert_manager is not None and any(given):
        return [
            "issuer_certificate_pem and issuer_key_pem must not be set with cert_manager (got "
            "both). Both would write the Secret linkerd-identity-issuer. Use: one of the two"
        ]
    if args.cert_manager is None and (no_anchors or not all(given)):
        return [
            "trust_anchors_pem, issuer_certificate_pem and issuer_key_pem must be set (at least "
            "one is not). No proxy would get an identity. Use: an IdentityIssuer's, or cert_manager"
        ]
    return []


def _gateway_api_problems(args: LinkerdControlPlaneArgs) -> list[str]:
    if args.gateway_api_version is None:
        return []
    if args.gateway_api:
        return [
            "gateway_api_version must not be set with gateway_api (got "
            f"{args.gateway_api_version}). The one that Linkerd bundles is installed. Use: "
            "gateway_api=False"
        ]
    return gateway_api_problems(args.gateway_api_version, args.version)
