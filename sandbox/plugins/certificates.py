"""
Certificate requests and certificates, made as Terraform's tls provider makes them.

Everything is genuine cryptography. What is modelled are the choices of that provider and of Go's
crypto/x509 below it: 128 random bits as serial number, subject key identifiers only for authorities
and on request, no path length of zero.
Source: hashicorp/terraform-provider-tls d72d90e1, internal/provider/common_cert.go
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from sandbox.plugins.contract import Refused
from sandbox.plugins.keys import PrivateKey, PublicKey, signature_hash

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
    request = builder.sign(key, signature_hash(key))
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


def requested_names(request: x509.CertificateSigningRequest) -> list[x509.GeneralName]:
    """List the alternative names that a request asks for."""
    try:
        extension = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return list(extension.value)


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
    certificate = builder.sign(signed_by, signature_hash(signed_by))
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
