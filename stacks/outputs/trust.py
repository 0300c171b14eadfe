"""What certificates there are: the contracts of `trust`, and of a cluster's webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from linkmesh.linkerd.identity.trust_rotation import TrustState

from ..rotation import serialized_trust
from .reading import VERSION, Stacks, Values, export


@dataclass(frozen=True, kw_only=True)
class TrustContract:
    """What `trust` exports: the anchors."""

    anchors_pem: pulumi.Input[str]
    """Trust anchors: PEM certificates, one after another."""

    anchors_expiry: pulumi.Input[str]
    """When the first of them expires (RFC 3339)."""

    state: pulumi.Input[Values] = field(default_factory=lambda: serialized_trust(TrustState()))
    """Which generations there are: a state of trust, as plain data."""

    def export(self) -> None:
        """Export as `trust`."""
        export(
            "trust",
            {
                "anchorsPem": self.anchors_pem,
                "anchorsExpiry": self.anchors_expiry,
                "state": self.state,
            },
        )

    @classmethod
    def from_stack(cls, stacks: Stacks) -> "TrustContract":
        """Read from the stack `trust`."""
        trust = stacks.read("trust", "trust")
        # Stacks of older versions do not export it: their anchors are of the first generation.
        first = serialized_trust(TrustState())
        return cls(
            anchors_pem=trust["anchorsPem"],
            anchors_expiry=trust["anchorsExpiry"],
            state=trust.apply(lambda exported: exported.get("state") or first),
        )


@dataclass(frozen=True, kw_only=True)
class ExpiriesContract:
    """When each certificate of `trust` expires (RFC 3339)."""

    anchors: Mapping[str, pulumi.Input[str]]
    """By the anchor's name: `anchor`, `anchor-2`."""

    issuers: Mapping[str, pulumi.Input[str]]
    """By the issuer's cluster; empty if cert-manager makes them."""

    def export(self) -> None:
        """Export as `expiries`."""
        export("expiries", {"anchors": dict(self.anchors), "issuers": dict(self.issuers)})


@dataclass(frozen=True, kw_only=True)
class WebhooksContract:
    """When the certificates of a cluster's webhooks expire (RFC 3339)."""

    expiry: Mapping[str, pulumi.Input[str]]
    """By the webhook's key in the chart's values, e.g. `proxyInjector`."""

    authority: pulumi.Input[str]
    """Of the authority of the control plane's."""

    def export(self) -> None:
        """Export as `webhooks`."""
        export("webhooks", {"expiry": dict(self.expiry), "authority": self.authority})


@dataclass(frozen=True, kw_only=True)
class IssuerContract:
    """What `trust` gives to one cluster: its identity issuer. All of it is a secret."""

    certificate_pem: pulumi.Input[str]
    """The issuer's certificate."""

    private_key_pem: pulumi.Input[str]
    """Its private key."""

    expiry: pulumi.Input[str]
    """When it expires (RFC 3339)."""

    def export(self, cluster: str) -> None:
        """Export as `issuer_<cluster>`, and its expiry as `issuer_expiry_<cluster>`."""
        values = {
            "version": VERSION,
            "certificatePem": self.certificate_pem,
            "privateKeyPem": self.private_key_pem,
        }
        pulumi.export(f"issuer_{cluster}", pulumi.Output.secret(values))
        pulumi.export(f"issuer_expiry_{cluster}", self.expiry)

    @classmethod
    def from_stack(cls, stacks: Stacks, cluster: str) -> "IssuerContract":
        """Read from the stack `trust`."""
        issuer = stacks.read("trust", f"issuer_{cluster}")
        return cls(
            certificate_pem=issuer["certificatePem"],
            private_key_pem=issuer["privateKeyPem"],
            expiry=stacks.read("trust", f"issuer_expiry_{cluster}"),
        )
