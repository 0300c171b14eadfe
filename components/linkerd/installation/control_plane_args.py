"""Arguments of `LinkerdControlPlane` and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from ...arguments import checked
from ...support import gateway_api_problems
from ..identity.authorities import Issuer
from ..identity.cert_manager import CertManagerIssuer
from ..proxies.proxy import tracing_problems
from . import charts
from .cni import cni_values
from .control_plane_values import control_plane_values
from .extra_values import CNI, CONTROL_PLANE, value_problems
from .installed import LinkerdInstallation


@checked
@dataclass(frozen=True, kw_only=True)
class LinkerdControlPlaneArgs(LinkerdInstallation):
    """
    Arguments of `LinkerdControlPlane`: its settings, which extensions share, and its certificates.

    All problems are reported together, as one `ValueError`.
    """

    trust_anchors_pem: pulumi.Input[str] = ""
    """
    Trust anchors that all linked clusters share: PEM certificates, one after another.

    Required with an issuer of this library or an `ExternalIdentityIssuer`. With cert-manager they
    are only for `linkerd multicluster check`, which compares clusters.
    """

    issuer: Issuer | CertManagerIssuer
    """
    The cluster's identity issuer, signed by one of the trust anchors.

    An `IdentityIssuer`, an `ExternalIdentityIssuer`, or a `CertManagerIssuer`. Its private key goes
    into a Secret, not into Helm values.
    """

    webhook_certificates: bool = True
    """
    Whether this component makes the certificates of the webhooks.

    False: the chart makes them, others at each upgrade, which restarts their pods; or `values` name
    another source, e.g. `injectCaFrom` of cert-manager.
    """

    gateway_api: bool = True
    """
    Whether to install the CRDs of the Gateway API, in the version that Linkerd bundles.

    False if something else on the cluster installs them: Linkerd's policy controller needs them.
    """

    gateway_api_version: str | None = None
    """Version of other Gateway API CRDs, e.g. `1.4.0`, to be validated; None if not known."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods; a change of one restarts them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-control-plane, merged last."""

    crds_values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-crds, merged last."""

    cni_values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd2-cni, merged last."""

    def _problems(self) -> list[str]:
        return [
            *_identity_problems(self),
            *super()._problems(),
            *tracing_problems(
                self.proxy.tracing,
                trust_domain=self.trust_domain,
                cluster_domain=self.cluster_domain,
            ),
            *_gateway_api_problems(self),
            *self._value_problems(),
        ]

    def _value_problems(self) -> list[str]:
        ours = self.own_values()
        plugin = cni_values(admin_port=self.proxy.admin_port, registry=self.registry)
        return [
            *value_problems(charts.CONTROL_PLANE.name, CONTROL_PLANE, ours=ours, extra=self.values),
            *value_problems(charts.CNI.name, CNI, ours=plugin, extra=self.cni_values),
        ]

    def own_values(self, webhooks_authority_pem: pulumi.Input[str] | None = None) -> dict[str, Any]:
        """
        Make the values of the chart linkerd-control-plane, without the extra ones.

        Args:
            webhooks_authority_pem: of the webhooks' Secrets; None if the chart makes them.
        """
        return control_plane_values(
            trust_anchors_pem=self.trust_anchors_pem,
            cluster_domain=self.cluster_domain,
            trust_domain=self.trust_domain,
            profile=self.profile,
            proxy=self.proxy,
            registry=self.registry,
            pod_annotations=self.pod_annotations,
            cni=self.cni,
            external_ca=isinstance(self.issuer, CertManagerIssuer),
            webhooks_authority_pem=webhooks_authority_pem,
        )


def _identity_problems(args: LinkerdControlPlaneArgs) -> list[str]:
    missing = isinstance(args.trust_anchors_pem, str) and not args.trust_anchors_pem
    if missing and not isinstance(args.issuer, CertManagerIssuer):
        return [
            "trust_anchors_pem must be given with this issuer (got none). No proxy could verify "
            "another one. Use: the certificate_pem of the TrustAnchor"
        ]
    return []


def _gateway_api_problems(args: LinkerdControlPlaneArgs) -> list[str]:
    if args.gateway_api_version is None:
        return []
    if args.gateway_api:
        return [
            "gateway_api_version must be left out with gateway_api (got "
            f"{args.gateway_api_version}). The version that Linkerd bundles is installed. Use: "
            "gateway_api=False"
        ]
    return gateway_api_problems(args.gateway_api_version, args.version)
