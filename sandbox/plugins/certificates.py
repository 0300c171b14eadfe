"""
Keys, certificate requests and certificates, encoded as Terraform's tls provider encodes them.

Everything is genuine cryptography. What is modelled are the choices of that provider and of Go's
crypto/x509 below it: traditional PEM for keys, 128 random bits as serial number, subject key
identifiers only for authorities and on request, no path length of zero.
Source: hashicorp/terraform-provider-tls d72d90e1, internal/provider/common_cert.go, common_key.go
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from sandbox.plugins.contract import Refused

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey

CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P224": ec.SECP224R1,
    "P256": ec.SECP256R1,
    "P384": ec.SECP384R1,
    "P521": ec.SECP521R1,
}
KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "cert_signing",
    "crl_signing",
    "encipher_only",
    "decipher_only",
)
EXTENDED_KEY_USAGES = {
    "any_extended": ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    "server_auth": ExtendedKeyUsageOID.SERVER_AUTH,
    "client_auth": ExtendedKeyUsageOID.CLIENT_AUTH,
    "code_signing": ExtendedKeyUsageOID.CODE_SIGNING,
    "email_protection": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "ipsec_end_system": ObjectIdentifier("1.3.6.1.5.5.7.3.5"),
    "ipsec_tunnel": ObjectIdentifier("1.3.6.1.5.5.7.3.6"),
    "ipsec_user": ObjectIdentifier("1.3.6.1.5.5.7.3.7"),
    "timestamping": ExtendedKeyUsageOID.TIME_STAMPING,
    "ocsp_signing": ExtendedKeyUsageOID.OCSP_SIGNING,
    "microsoft_server_gated_crypto": ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"),
    "netscape_server_gated_crypto": ObjectIdentifier("2.16.840.1.113730.4.1"),
    "microsoft_commercial_code_signing": ObjectIdentifier("1.3.6.1.4.1.311.2.1.22"),
    "microsoft_kernel_code_signing": ObjectIdentifier("1.3.6.1.4.1.311.61.1.1"),
}
ALLOWED_USES = frozenset({*KEY_USAGES, *EXTENDED_KEY_USAGES})

# In the order in which Go writes a subject. Source: go, crypto/x509/pkix, Name.ToRDNSequence
SUBJECT_NAMES = {
    "country": NameOID.COUNTRY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "organizationalUnit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "province": NameOID.STATE_OR_PROVINCE_NAME,
    "streetAddresses": NameOID.STREET_ADDRESS,
    "postalCode": NameOID.POSTAL_CODE,
    "commonName": NameOID.COMMON_NAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "emailAddress": NameOID.EMAIL_ADDRESS,
}


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a certificate will say."""

    subject: x509.Name
    alternative_names: Sequence[x509.GeneralName]
    allowed_uses: Sequence[str]
    not_before: datetime
    not_after: datetime
    is_ca: bool
    max_path_length: int | None
    set_subject_key_id: bool
    set_authority_key_id: bool = False


def new_key(algorithm: str, *, curve: str, rsa_bits: int) -> PrivateKey:
    """Make a private key."""
    if algorithm == "ECDSA":
        return ec.generate_private_key(CURVES[curve]())
    if algorithm == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=rsa_bits)
    return ed25519.Ed25519PrivateKey.generate()


def read_key(pem: str, path: str) -> PrivateKey:
    """Read a private key; an error never tells its content."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Refused(
            f"Failed to parse private key PEM of '{path}' (got a secret)", path
        ) from error
    if not isinstance(key, PrivateKey):
        raise Refused(f"'{path}' must be an RSA, ECDSA or ED25519 key (got {type(key).__name__})")
    return key


def algorithm_of(key: PrivateKey) -> str:
    """Name a key's algorithm as the provider does."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return "ECDSA"
    return "RSA" if isinstance(key, rsa.RSAPrivateKey) else "ED25519"


def key_outputs(key: PrivateKey) -> dict[str, Any]:
    """Encode a key in all the ways in which the provider offers it."""
    # Go has no traditional format for Ed25519, and its ssh package does not know P-224.
    traditional = not isinstance(key, ed25519.Ed25519PrivateKey)
    legacy = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    public = key.public_key()
    outputs = {
        "privateKeyPem": _private_pem(key, legacy),
        "privateKeyPemPkcs8": _private_pem(key, PrivateFormat.PKCS8),
        "privateKeyOpenssh": "",
        "publicKeyPem": _public_bytes(public, Encoding.PEM).decode(),
        "publicKeyOpenssh": "",
        "publicKeyFingerprintMd5": "",
        "publicKeyFingerprintSha256": "",
    }
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP224R1):
        return outputs
    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return {
        **outputs,
        "privateKeyOpenssh": _private_pem(key, PrivateFormat.OpenSSH),
        "publicKeyOpenssh": f"{line.decode()}\n",
        **_fingerprints(line),
    }


def key_id(key: PrivateKey) -> str:
    """Make the resource id of a key: a hash of the public half."""
    return hashlib.sha1(_public_bytes(key.public_key(), Encoding.DER)).hexdigest()


def subject_name(subject: Mapping[str, Any]) -> x509.Name:
    """Make a distinguished name."""
    attributes = []
    for key, oid in SUBJECT_NAMES.items():
        given = subject.get(key)
        for value in given if isinstance(given, list) else [given] if given else []:
            try:
                attributes.append(x509.NameAttribute(oid, value))
            except ValueError as error:
                raise Refused(f"'subject.{key}' must fit into a certificate: {error}") from error
    return x509.Name(attributes)


def alternative_names(properties: Mapping[str, Any]) -> list[x509.GeneralName]:
    """Collect DNS names, IP addresses and URIs."""
    names: list[x509.GeneralName] = [x509.DNSName(each) for each in properties.get("dnsNames", [])]
    for index, text in enumerate(properties.get("ipAddresses", [])):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(text)))
        except ValueError as error:
            where = f"ipAddresses[{index}]"
            raise Refused(f"'{where}' must be an IP address (got {text!r})", where) from error
    names.extend(x509.UniformResourceIdentifier(each) for each in properties.get("uris", []))
    return names


def new_request(
    key: PrivateKey, subject: x509.Name, names: Sequence[x509.GeneralName]
) -> tuple[str, str]:
    """Make a certificate request; returns its PEM and its id."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    request = builder.sign(key, _hash_for(key))
    identifier = hashlib.sha1(request.public_bytes(Encoding.DER)).hexdigest()
    return request.public_bytes(Encoding.PEM).decode(), identifier


def read_request(pem: str) -> x509.CertificateSigningRequest:
    """Read a certificate request."""
    try:
        return x509.load_pem_x509_csr(pem.encode())
    except ValueError as error:
        raise Refused(
            f"Failed to parse certificate request PEM: {error}", "certRequestPem"
        ) from error


def read_certificate(pem: str) -> x509.Certificate:
    """Read the first certificate of a text."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise Refused(f"Failed to parse CA certificate PEM: {error}", "caCertPem") from error


def new_certificate(
    template: Template,
    *,
    public_key: PublicKey,
    signed_by: PrivateKey,
    issuer: x509.Certificate | None,
) -> tuple[str, str]:
    """Make a certificate, signed by itself if there is no issuer; returns its PEM and its id."""
    if issuer is not None and signed_by.public_key() != issuer.public_key():
        raise Refused(
            "Failed to create certificate: "
            "x509: provided PrivateKey doesn't match parent's PublicKey"
        )
    if template.is_ca and not list(template.subject):
        raise Refused(
            "Invalid Certificate Subject: Must contain at least one Distinguished Name when "
            "creating Certificate Authority (CA)"
        )
    serial = secrets.randbits(128) or 1
    builder = (
        x509.CertificateBuilder()
        .subject_name(template.subject)
        .issuer_name(issuer.subject if issuer is not None else template.subject)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(template.not_before)
        .not_valid_after(template.not_after)
    )
    for extension, critical in _extensions(template, public_key, issuer):
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(signed_by, _hash_for(signed_by))
    return certificate.public_bytes(Encoding.PEM).decode(), str(serial)


def _extensions(
    template: Template, public_key: PublicKey, issuer: x509.Certificate | None
) -> list[tuple[x509.ExtensionType, bool]]:
    used = set(template.allowed_uses)
    extensions: list[tuple[x509.ExtensionType, bool]] = []
    if used & set(KEY_USAGES):
        extensions.append((_key_usage(used), True))
    extended = [EXTENDED_KEY_USAGES[use] for use in template.allowed_uses if use not in KEY_USAGES]
    if extended:
        extensions.append((x509.ExtendedKeyUsage(extended), False))
    # Go leaves out a length of 0 unless MaxPathLenZero is set, which the provider does not do.
    length = template.max_path_length if template.is_ca else None
    length = length if length is not None and length > 0 else None
    extensions.append((x509.BasicConstraints(ca=template.is_ca, path_length=length), True))
    own_id = x509.SubjectKeyIdentifier.from_public_key(public_key)
    has_own_id = template.is_ca or template.set_subject_key_id
    if has_own_id:
        extensions.append((own_id, False))
    authority = _authority_id(template, own_id if has_own_id else None, issuer)
    if authority is not None:
        extensions.append((authority, False))
    if template.alternative_names:
        critical = not list(template.subject)
        names = x509.SubjectAlternativeName(template.alternative_names)
        extensions.append((names, critical))
    return extensions


def _authority_id(
    template: Template, own_id: x509.SubjectKeyIdentifier | None, issuer: x509.Certificate | None
) -> x509.AuthorityKeyIdentifier | None:
    if issuer is None:
        if not template.set_authority_key_id:
            return None
        if own_id is None:
            raise Refused(
                "Invalid Certificate Authority: Could not determine Authority Key Identifier"
            )
        return x509.AuthorityKeyIdentifier(own_id.digest, None, None)
    if issuer.subject == template.subject:  # Go takes it for self-signed
        return None
    try:
        found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return None
    return x509.AuthorityKeyIdentifier(found.value.digest, None, None)


def _key_usage(used: set[str]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature="digital_signature" in used,
        content_commitment="content_commitment" in used,
        key_encipherment="key_encipherment" in used,
        data_encipherment="data_encipherment" in used,
        key_agreement="key_agreement" in used,
        key_cert_sign="cert_signing" in used,
        crl_sign="crl_signing" in used,
        encipher_only="encipher_only" in used,
        decipher_only="decipher_only" in used,
    )


def _hash_for(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size > 256:
        return hashes.SHA384() if key.curve.key_size == 384 else hashes.SHA512()
    return hashes.SHA256()


def _private_pem(key: PrivateKey, encoding: PrivateFormat) -> str:
    return key.private_bytes(Encoding.PEM, encoding, NoEncryption()).decode()


def _public_bytes(key: PublicKey, encoding: Encoding) -> bytes:
    return key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def _fingerprints(line: bytes) -> dict[str, str]:
    blob = base64.b64decode(line.split()[1])
    md5 = hashlib.md5(blob).hexdigest()
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return {
        "publicKeyFingerprintMd5": ":".join(md5[i : i + 2] for i in range(0, len(md5), 2)),
        "publicKeyFingerprintSha256": f"SHA256:{sha256}",
    }
