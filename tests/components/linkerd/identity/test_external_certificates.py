"""Certificates of one's own: checked as soon as they are known."""

import pulumi
import pytest

from linkmesh.linkerd.identity.authorities import IdentityIssuer, IdentityIssuerArgs
from linkmesh.linkerd.identity.external_certificates import (
    ExternalIdentityIssuer,
    ExternalTrustAnchor,
)
from tests import engine

from .test_certificates import ANCHOR, certificate, issuer, key, pem


def test_an_anchor_of_ones_own_signs_issuers_and_its_key_stays_secret() -> None:
    def program() -> None:
        anchor = ExternalTrustAnchor(certificate_pem=ANCHOR, private_key_pem=pem(key("anchor")))
        IdentityIssuer("west", IdentityIssuerArgs(trust_anchor=anchor))
        pulumi.export("expiry", anchor.expiry)

    notes = engine.run(program)

    signed = notes.one("tls:index/locallySignedCert:LocallySignedCert").inputs
    assert signed["caCertPem"] == ANCHOR
    assert signed["caPrivateKeyPem"] == engine.Secret(pem(key("anchor")))
    assert notes.outputs == {"expiry": "2036-11-20T04:05:06Z"}


def test_a_wrong_anchor_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="P-256"):
        ExternalTrustAnchor(
            certificate_pem=certificate("root", key("p384")), private_key_pem=pem(key("p384"))
        )


def test_an_external_issuer_has_its_expiry() -> None:
    def program() -> None:
        given = ExternalIdentityIssuer(
            certificate_pem=issuer(), private_key_pem=pem(key("issuer")), trust_anchors_pem=ANCHOR
        )
        pulumi.export("expiry", given.expiry)

    assert engine.run(program).outputs == {"expiry": "2036-11-20T04:05:06Z"}


def test_an_issuer_of_another_anchor_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="signed by one of the trust anchors"):
        ExternalIdentityIssuer(
            certificate_pem=issuer(by=("root", "other")),
            private_key_pem=pem(key("issuer")),
            trust_anchors_pem=ANCHOR,
        )


def test_what_is_not_known_yet_is_taken() -> None:
    def program() -> None:
        later = pulumi.Output.from_input("no certificate")
        ExternalTrustAnchor(certificate_pem=later, private_key_pem=later)
        ExternalIdentityIssuer(
            certificate_pem=later, private_key_pem=later, trust_anchors_pem=later
        )

    assert engine.run(program).resources == []
