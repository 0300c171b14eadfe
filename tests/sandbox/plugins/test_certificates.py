"""
Certificates say what was asked, in the way in which Go would write them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from sandbox.plugins.certificates import (
    Template,
    alternative_names,
    new_certificate,
    new_request,
    read_certificate,
    read_request,
    requested_names,
    subject_name,
)
from sandbox.plugins.contract import Refused
from sandbox.plugins.keys import PrivateKey, new_key

START = datetime(2026, 1, 1, tzinfo=UTC)


def key() -> PrivateKey:
    return new_key("ECDSA", curve="P256", rsa_bits=0)


def template(**overrides: Any) -> Template:
    said = {
        "subject": subject_name({"commonName": "root.linkerd.cluster.local"}),
        "alternative_names": [],
        "allowed_uses": ["cert_signing", "crl_signing"],
        "not_before": START,
        "not_after": START + timedelta(days=1),
        "is_ca": True,
        "max_path_length": None,
        "set_subject_key_id": False,
    }
    return Template(**{**said, **overrides})


def self_signed(**overrides: Any) -> x509.Certificate:
    own = key()
    pem, _ = new_certificate(
        template(**overrides), public_key=own.public_key(), signed_by=own, issuer=None
    )
    return read_certificate(pem)


def has(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> bool:
    return any(isinstance(each.value, kind) for each in certificate.extensions)


def test_an_authority_signs_and_is_marked_as_one() -> None:
    authority = self_signed()

    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = authority.extensions.get_extension_for_class(x509.KeyUsage)
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=None)
    assert (constraints.critical, usage.critical) == (True, True)
    assert usage.value.key_cert_sign
    assert not usage.value.digital_signature
    assert has(authority, x509.SubjectKeyIdentifier)
    assert not has(authority, x509.AuthorityKeyIdentifier)
    assert not has(authority, x509.ExtendedKeyUsage)
    authority.verify_directly_issued_by(authority)


def test_an_issued_certificate_names_its_authority() -> None:
    root_key, own = key(), key()
    root_pem, _ = new_certificate(
        template(), public_key=root_key.public_key(), signed_by=root_key, issuer=None
    )
    root = read_certificate(root_pem)
    subject = subject_name({"commonName": "identity.linkerd.cluster.local"})

    pem, serial = new_certificate(
        template(subject=subject), public_key=own.public_key(), signed_by=root_key, issuer=root
    )

    issued = read_certificate(pem)
    own_id = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = issued.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    issued.verify_directly_issued_by(root)
    assert named.key_identifier == own_id.digest
    assert issued.serial_number == int(serial)


@pytest.mark.parametrize(("asked", "written"), [(None, None), (0, None), (1, 1)])
def test_a_path_length_of_zero_is_not_written(asked: int | None, written: int | None) -> None:
    constraints = self_signed(max_path_length=asked).extensions.get_extension_for_class(
        x509.BasicConstraints
    )

    assert constraints.value.path_length == written


def test_a_leaf_has_a_key_identifier_only_on_request() -> None:
    assert not has(self_signed(is_ca=False), x509.SubjectKeyIdentifier)
    assert has(self_signed(is_ca=False, set_subject_key_id=True), x509.SubjectKeyIdentifier)


def test_names_come_from_the_request() -> None:
    asked = {
        "dnsNames": ["proxy-injector.linkerd.svc"],
        "ipAddresses": ["192.0.2.1", "2001:db8::1"],
        "uris": ["spiffe://root"],
    }
    pem, identifier = new_request(key(), subject_name({}), alternative_names(asked))

    request = read_request(pem)

    assert requested_names(request) == alternative_names(asked)
    assert list(request.subject) == []
    assert len(identifier) == 40


def test_a_subject_is_written_in_gos_order() -> None:
    name = subject_name({"commonName": "x", "country": "DE", "streetAddresses": ["a", "b"]})

    assert name.rfc4514_string() == "CN=x,STREET=b,STREET=a,C=DE"


def test_a_key_that_is_not_the_authoritys_is_refused() -> None:
    other = key()

    with pytest.raises(Refused, match="provided PrivateKey doesn't match parent's PublicKey"):
        new_certificate(
            template(), public_key=other.public_key(), signed_by=other, issuer=self_signed()
        )


def test_an_authority_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="at least one Distinguished Name"):
        self_signed(subject=x509.Name([]))


def test_a_wrong_address_or_country_is_refused() -> None:
    with pytest.raises(Refused, match=r"'ipAddresses\[0\]' must be an IP address \(got 'x'\)"):
        alternative_names({"ipAddresses": ["x"]})
    with pytest.raises(Refused, match=r"'subject.country' must fit into a certificate"):
        subject_name({"country": "Germany"})
