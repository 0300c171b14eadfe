"""
Certificates from elsewhere: a trust anchor that signs issuers of this library, or an issuer.

Plain strings are validated against what Linkerd accepts before anything is created; outputs of
other resources are not known by then.
"""

from dataclasses import dataclass

import pulumi

from . import certificates


@dataclass(frozen=True, kw_only=True)
class ExternalTrustAnchor:
    """A trust anchor from elsewhere, e.g. of a company's CA, to sign an `IdentityIssuer`."""

    certificate_pem: pulumi.Input[str]
    """Its certificate: ECDSA P-256, or RSA with 2048 or 4096 bits."""

    private_key_pem: pulumi.Input[str] = ""
    """Its private key, a secret: only in the stack that signs issuers; empty if it signs none."""

    def __post_init__(self) -> None:
        if isinstance(self.certificate_pem, str) and isinstance(self.private_key_pem, str):
            key = self.private_key_pem or None
            _raise_if_any(certificates.anchor_problems(self.certificate_pem, key))

    @property
    def expiry(self) -> pulumi.Output[str]:
        """When it expires (RFC 3339)."""
        return pulumi.Output.from_input(self.certificate_pem).apply(certificates.expiry)


@dataclass(frozen=True, kw_only=True)
class ExternalIdentityIssuer:
    """An identity issuer from elsewhere, for `LinkerdControlPlaneArgs.issuer`."""

    certificate_pem: pulumi.Input[str]
    """Its certificate, ECDSA P-256; a chain may follow it."""

    private_key_pem: pulumi.Input[str]
    """Its private key, a secret."""

    trust_anchors_pem: pulumi.Input[str]
    """The trust anchors, one of which signed it or the last of its chain; only for validation."""

    def __post_init__(self) -> None:
        texts = (self.certificate_pem, self.private_key_pem, self.trust_anchors_pem)
        known = [text for text in texts if isinstance(text, str)]
        if len(known) == len(texts):
            _raise_if_any(certificates.issuer_problems(known[0], known[1], known[2]))

    @property
    def expiry(self) -> pulumi.Output[str]:
        """When it expires (RFC 3339)."""
        return pulumi.Output.from_input(self.certificate_pem).apply(certificates.expiry)


def _raise_if_any(problems: list[str]) -> None:
    if problems:
        raise ValueError("\n".join(problems))
