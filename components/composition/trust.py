"""Trust anchors, and one identity issuer for each cluster that one of them signs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from ..environment import Plan
from ..generations import named
from ..linkerd.identity.authorities import (
    IdentityIssuer,
    IdentityIssuerArgs,
    TrustAnchor,
    TrustAnchorArgs,
    anchor_bundle,
)
from ..linkerd.identity.external_certificates import ExternalTrustAnchor
from ..linkerd.identity.trust_rotation import TrustState


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The anchors of an environment, and its issuers."""

    state: TrustState
    """Which generations there are."""

    anchors: Mapping[int, TrustAnchor | ExternalTrustAnchor]
    """Each anchor, by its generation."""

    issuers: Mapping[str, IdentityIssuer]
    """The issuer of each cluster that needs one, by its name; none if cert-manager makes them."""

    @property
    def anchors_pem(self) -> pulumi.Output[str]:
        """All anchors: PEM certificates, one after another."""
        return anchor_bundle([anchor.certificate_pem for anchor in self.anchors.values()])

    @property
    def anchor_expiries(self) -> dict[str, pulumi.Output[str]]:
        """When each anchor expires (RFC 3339), by its name: `anchor`, `anchor-2`."""
        return {named("anchor", number): one.expiry for number, one in self.anchors.items()}


def make_trust(
    plan: Plan,
    state: TrustState,
    external: Mapping[int, ExternalTrustAnchor],
    parent: pulumi.Resource | None = None,
) -> Trust:
    """Make the anchors that are not from elsewhere, and the issuers unless cert-manager does."""
    opts = pulumi.ResourceOptions(parent=parent)
    anchors = {
        number: external.get(number)
        or TrustAnchor(named("anchor", number), TrustAnchorArgs(), opts)
        for number in state.anchors
    }
    issuers = {}
    if plan.environment.linkerd.cert_manager is None:
        args = IdentityIssuerArgs(trust_anchor=anchors[state.signing], generation=state.issuers)
        issuers = {
            name: IdentityIssuer(f"{name}-issuer", args, opts) for name in plan.issued_clusters
        }
    return Trust(state=state, anchors=anchors, issuers=issuers)
