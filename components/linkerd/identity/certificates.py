"""
Validation of certificates made elsewhere against what Linkerd accepts.

Without it, a wrong certificate shows only as an identity controller that does not start.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)

# Source of all rules: linkerd2, pkg/issuercerts/issuercerts.go
RSA_BITS = (2048, 4096)


def split(bundle: str) -> list[str]:
    """Split a bundle of PEM certificates."""
    return [found.group() for found in _CERTIFICATE.finditer(bundle)]


def joined(certificates: Sequence[str]) -> str:
    """Join PEM certificates into a bundle, each once; a single one is returned unchanged."""
    if len(certificates) == 1:
        return certificates[0]
    return "".join(f"{one}\n" for one in dict.fromkeys(one.strip() for one in certificates))


def expiry(certificate_pem: str) -> str:
    """Return when the first certificate of a PEM text expires (RFC 3339)."""
    return f"{_read(certificate_pem).not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"


def anchor_problems(
    certificate_pem: str, private_key_pem: str | None = None, *, at: datetime | None = None
) -> list[str]:
    """List why Linkerd would not accept a certificate as trust anchor; `at` is now by default."""
    certificate = _readable(certificate_pem)
    if certificate is None:
        return [_unreadable("certificate of a trust anchor")]
    problems = []
    if not _is_p256(certificate.public_key()) and not _is_rsa(certificate.public_key()):
        problems.append(
            "certificate of a trust anchor must have a key of ECDSA P-256 or RSA 2048 or 4096 (got "
            f"{_kind(certificate)}). Linkerd accepts no other."
        )
    return (
        problems
        + _authority_problems("certificate of a trust anchor", certificate)
        + _anchor_limits(certificate, at or datetime.now(UTC))
        + (
            []
            if private_key_pem is None
            else _key_problems("trust anchor", certificate, private_key_pem)
        )
    )


def issuer_problems(certificate_pem: str, private_key_pem: str, anchors_pem: str) -> list[str]:
    """List why Linkerd would not accept a certificate and key as identity issuer."""
    certificate = _readable(certificate_pem)
    if certificate is None:
        return [_unreadable("certificate of an identity issuer")]
    problems = []
    if not _is_p256(certificate.public_key()):
        problems.append(
            "certificate of an identity issuer must have a key of ECDSA P-256 (got "
            f"{_kind(certificate)}). Linkerd accepts no other."
        )
    problems += _authority_problems("certificate of an identity issuer", certificate)
    problems += _key_problems("identity issuer", certificate, private_key_pem)
    # A chain, the issuer first, may lead to the anchor.
    chain = [_read(one) for one in split(certificate_pem)]
    anchors = [_read(one) for one in split(anchors_pem)]
    signers = [*chain[1:2], *anchors] if len(chain) > 1 else anchors
    if not any(_has_signed(signer, certificate) for signer in signers):
        problems.append(
            "certificate of an identity issuer must be signed by one of the trust anchors (it is "
            "not). Proxies of other clusters would not trust its proxies."
        )
    return problems


def _read(certificate_pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate_pem.encode())


def _readable(certificate_pem: str) -> x509.Certificate | None:
    try:
        return _read(certificate_pem)
    except ValueError:
        return None


def _unreadable(thing: str) -> str:
    return (
        f"{thing} must be PEM (it is not). It begins with -----BEGIN CERTIFICATE-----. Use: the "
        "text of the file, not its name"
    )


def _is_p256(key: object) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def _is_rsa(key: object) -> bool:
    return isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS


def _kind(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPublicKey) else type(key).__name__


def _authority_problems(thing: str, certificate: x509.Certificate) -> list[str]:
    problems = []
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        is_authority = basic.ca
    except x509.ExtensionNotFound:
        is_authority = False
    if not is_authority:
        problems.append(
            f"{thing} must be a certificate authority (it is not). It could not sign certificates."
        )
    if not isinstance(certificate.signature_hash_algorithm, hashes.SHA256):
        problems.append(
            f"{thing} must be signed with SHA-256 (it is not). Linkerd accepts no other."
        )
    return problems


def _anchor_limits(certificate: x509.Certificate, at: datetime) -> list[str]:
    """List limits of an anchor that rule it out: its expiry and its path length."""
    problems = []
    if certificate.not_valid_after_utc <= at:
        problems.append(
            "certificate of a trust anchor must not have expired (got one that expired on "
            f"{certificate.not_valid_after_utc:%Y-%m-%d}). Proxies would refuse one another. Use: "
            "a "
            "new certificate"
        )
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return problems
    if basic.path_length == 0:
        problems.append(
            "certificate of a trust anchor must allow an authority below it (got a path length of "
            "0). Issuers are authorities too. Use: a path length of 1, or none"
        )
    return problems


def _key_problems(thing: str, certificate: x509.Certificate, private_key_pem: str) -> list[str]:
    try:
        key = serialization.load_pem_private_key(private_key_pem.encode(), None)
    except (TypeError, ValueError):
        return [f"private key of the {thing} must be PEM without a password (got a secret)."]
    if key.public_key() == certificate.public_key():
        return []
    return [f"private key of the {thing} must be that of its certificate (got another secret)."]


def _has_signed(signer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(signer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True
