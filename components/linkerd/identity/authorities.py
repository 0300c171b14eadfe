"""
The components `TrustAnchor`, one for all linked clusters, and `IdentityIssuer`, one for each.

The private key of the trust anchor is needed only to sign issuers: it stays in the stack that makes
it. Anchors and issuers from elsewhere are in external_certificates.py, new generations in
trust_rotation.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import pulumi
import pulumi_tls as tls

from ...arguments import checked
from ...generations import named
from ..identities import TRUST_DOMAIN, issuer_name
from . import certificates
from .keys import CA_USES, RENEWAL, hours, private_key

# Ten years: replacing an anchor restarts every meshed pod of every cluster.
ANCHOR_LIFETIME = timedelta(days=3650)

# One year, as Linkerd's documentation signs issuers.
ISSUER_LIFETIME = timedelta(days=365)


@checked
@dataclass(frozen=True, kw_only=True)
class TrustAnchorArgs:
    """Arguments of `TrustAnchor`."""

    lifetime: timedelta = ANCHOR_LIFETIME
    """Its lifetime, in whole hours: ten years by default, at least that of issuers (one year)."""

    def __post_init__(self) -> None:
        if self.lifetime < ISSUER_LIFETIME:
            raise ValueError(
                f"lifetime of a trust anchor must be at least {ISSUER_LIFETIME.days} days "
                f"(got {self.lifetime}). Its issuers would outlive it. Use: timedelta(days=3650)"
            )


class Anchor(Protocol):
    """A certificate and key that sign issuers: a `TrustAnchor` or an `ExternalTrustAnchor`."""

    @property
    def certificate_pem(self) -> pulumi.Input[str]:
        """The certificate."""

    @property
    def private_key_pem(self) -> pulumi.Input[str]:
        """Its private key, a secret."""


@checked
@dataclass(frozen=True, kw_only=True)
class IdentityIssuerArgs:
    """Arguments of `IdentityIssuer`."""

    trust_anchor: Anchor
    """The trust anchor that signs the issuer: a `TrustAnchor` or an `ExternalTrustAnchor`."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the identities that the issuer signs; part of its common name."""

    lifetime: timedelta = ISSUER_LIFETIME
    """
    Its lifetime, in whole hours: one year by default, more than 60 days.

    The first `pulumi up` in its last 60 days renews it.
    """

    generation: int = 1
    """Generation of its key, from 1: another number makes a new key."""

    def __post_init__(self) -> None:
        problems = []
        if self.lifetime <= RENEWAL:
            problems.append(
                f"lifetime of an identity issuer must be more than {RENEWAL.days} days (got "
                f"{self.lifetime}). It is renewed in its last {RENEWAL.days} days: each "
                "`up` would make another. Use: timedelta(days=365)"
            )
        if self.generation < 1:
            problems.append(f"generation must be at least 1 (got {self.generation}).")
        if problems:
            raise ValueError("\n".join(problems))


def anchor_bundle(anchors: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """Join the certificates of trust anchors, all of which proxies then trust."""
    return pulumi.Output.all(*anchors).apply(certificates.joined)


class Issuer(Protocol):
    """An identity issuer: an `IdentityIssuer` or an `ExternalIdentityIssuer`."""

    @property
    def certificate_pem(self) -> pulumi.Input[str]:
        """Its certificate."""

    @property
    def private_key_pem(self) -> pulumi.Input[str]:
        """Its private key, a secret."""


class TrustAnchor(pulumi.ComponentResource):
    """
    The root certificate that all linked clusters share.

    Makes:
        one private key and one self-signed certificate.
    Example:
        TrustAnchor("anchor")
    Source: https://linkerd.io/2-edge/tasks/generate-certificates/
    """

    certificate_pem: pulumi.Output[str]
    """The certificate; not a secret."""

    private_key_pem: pulumi.Output[str]
    """Its private key, a secret: only to sign issuers in the same program; do not export it."""

    expiry: pulumi.Output[str]
    """When it expires (RFC 3339)."""

    def __init__(
        self,
        name: str,
        args: TrustAnchorArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:TrustAnchor", name, {}, opts)
        args = args or TrustAnchorArgs()
        key = private_key(name, parent=self)
        certificate = tls.SelfSignedCert(
            f"{name}-certificate",
            private_key_pem=key.private_key_pem,
            is_ca_certificate=True,
            set_subject_key_id=True,
            allowed_uses=CA_USES,
            validity_period_hours=hours(args.lifetime),
            subject={"common_name": f"root.linkerd.{TRUST_DOMAIN}"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.private_key_pem = key.private_key_pem
        self.certificate_pem = certificate.cert_pem
        self.expiry = certificate.validity_end_time
        self.register_outputs({"certificate_pem": self.certificate_pem, "expiry": self.expiry})


class IdentityIssuer(pulumi.ComponentResource):
    """
    The intermediate certificate with which one cluster signs its proxies.

    Makes:
        one private key, one signing request and one certificate signed by the trust anchor.
    Example:
        IdentityIssuer("west-issuer", IdentityIssuerArgs(trust_anchor=trust_anchor))
    Source: https://linkerd.io/2-edge/tasks/generate-certificates/
    """

    certificate_pem: pulumi.Output[str]
    """The certificate; not a secret."""

    private_key_pem: pulumi.Output[str]
    """Its private key, a secret (PKCS#8)."""

    expiry: pulumi.Output[str]
    """When it expires (RFC 3339)."""

    def __init__(
        self,
        name: str,
        args: IdentityIssuerArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:IdentityIssuer", name, {}, opts)
        key = private_key(named(name, args.generation), parent=self)
        certificate = _signed(name, args, key, parent=self)
        self.private_key_pem = key.private_key_pem_pkcs8
        self.certificate_pem = certificate.cert_pem
        self.expiry = certificate.validity_end_time
        self.register_outputs({"certificate_pem": self.certificate_pem, "expiry": self.expiry})


def _signed(
    name: str, args: IdentityIssuerArgs, key: tls.PrivateKey, parent: pulumi.Resource
) -> tls.LocallySignedCert:
    request = tls.CertRequest(
        f"{name}-request",
        private_key_pem=key.private_key_pem,
        subject={"common_name": issuer_name(args.trust_domain)},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return tls.LocallySignedCert(
        f"{name}-certificate",
        cert_request_pem=request.cert_request_pem,
        ca_private_key_pem=pulumi.Output.secret(args.trust_anchor.private_key_pem),
        ca_cert_pem=args.trust_anchor.certificate_pem,
        is_ca_certificate=True,
        max_path_length=0,
        set_subject_key_id=True,
        allowed_uses=CA_USES,
        validity_period_hours=hours(args.lifetime),
        early_renewal_hours=hours(RENEWAL),
        opts=pulumi.ResourceOptions(parent=parent),
    )
