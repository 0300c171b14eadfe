"""Which certificate signs which: algorithm, lifetimes, and where private keys go."""

import functools
from datetime import timedelta

import pulumi
import pytest

from linkmesh.linkerd.identity.authorities import (
    IdentityIssuer,
    IdentityIssuerArgs,
    TrustAnchor,
    TrustAnchorArgs,
    anchor_bundle,
)
from linkmesh.linkerd.identity.keys import hours
from tests import engine

KEY = "tls:index/privateKey:PrivateKey"
ANCHOR = "tls:index/selfSignedCert:SelfSignedCert"
REQUEST = "tls:index/certRequest:CertRequest"
ISSUER = "tls:index/locallySignedCert:LocallySignedCert"


@functools.cache
def signed() -> engine.Notes:
    """Make an anchor, and an issuer that it signs."""

    def program() -> None:
        anchor = TrustAnchor("anchor", TrustAnchorArgs())
        issuer = IdentityIssuer("west", IdentityIssuerArgs(trust_anchor=anchor))
        pulumi.export("anchor", anchor.certificate_pem)
        pulumi.export("anchor expiry", anchor.expiry)
        pulumi.export("issuer", issuer.certificate_pem)
        pulumi.export("issuer expiry", issuer.expiry)
        pulumi.export("issuer key", pulumi.Output.secret(issuer.private_key_pem))

    return engine.run(program)


@pytest.mark.parametrize("name", ["anchor-key", "west-key"])
def test_every_key_is_ecdsa_on_the_curve_p256(name: str) -> None:
    assert signed().one(KEY, name).inputs == {"algorithm": "ECDSA", "ecdsaCurve": "P256"}


@pytest.mark.parametrize("name", ["anchor-key", "west-key"])
def test_every_form_of_a_private_key_is_marked_secret(name: str) -> None:
    key = signed().one(KEY, name)

    assert {"privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"} <= set(key.secret_outputs)


def test_the_anchor_is_an_authority_that_signs_itself_and_lasts_ten_years() -> None:
    anchor = signed().one(ANCHOR).inputs

    assert anchor["isCaCertificate"] is True
    assert anchor["setSubjectKeyId"] is True
    assert anchor["allowedUses"] == ["cert_signing", "crl_signing"]
    assert anchor["validityPeriodHours"] == 10 * 365 * 24
    assert anchor["subject"] == {"commonName": "root.linkerd.cluster.local"}


def test_the_issuer_is_an_authority_that_makes_no_further_authorities() -> None:
    issuer = signed().one(ISSUER).inputs

    assert issuer["isCaCertificate"] is True
    assert issuer["maxPathLength"] == 0
    assert issuer["setSubjectKeyId"] is True
    assert issuer["allowedUses"] == ["cert_signing", "crl_signing"]


def test_the_issuer_lasts_a_year_and_is_renewed_in_its_last_sixty_days() -> None:
    issuer = signed().one(ISSUER).inputs

    assert issuer["validityPeriodHours"] == 365 * 24
    assert issuer["earlyRenewalHours"] == 60 * 24


def test_the_issuer_is_named_after_its_trust_domain() -> None:
    request = signed().one(REQUEST).inputs

    assert request["subject"] == {"commonName": "identity.linkerd.cluster.local"}


def test_the_anchor_signs_the_issuers_own_key() -> None:
    issuer, request = signed().one(ISSUER).inputs, signed().one(REQUEST).inputs

    assert request["privateKeyPem"] == engine.Secret("KEY west-key")
    assert issuer["certRequestPem"] == "REQUEST west-request"
    assert issuer["caCertPem"] == "CERTIFICATE anchor-certificate"
    assert issuer["caPrivateKeyPem"] == engine.Secret("KEY anchor-key")


def test_certificates_and_their_expiry_are_no_secrets() -> None:
    assert signed().outputs == {
        "anchor": "CERTIFICATE anchor-certificate",
        "anchor expiry": "2036-11-20T00:00:00Z",
        "issuer": "CERTIFICATE west-certificate",
        "issuer expiry": "2027-11-23T00:00:00Z",
        "issuer key": engine.Secret("PKCS8 west-key"),
    }


def test_no_component_shows_a_private_key() -> None:
    texts = engine.open_texts([signed().components, [n.inputs for n in signed().resources]])

    assert not [text for text in texts if text.startswith(("KEY", "PKCS8"))]
    assert all("private_key_pem" not in outputs for outputs in signed().components)


def test_an_anchor_that_its_issuers_would_outlive_is_an_error() -> None:
    with pytest.raises(ValueError, match="lifetime") as error:
        TrustAnchorArgs(lifetime=timedelta(days=364))

    assert str(error.value) == (
        "lifetime of a trust anchor must be at least 365 days (got 364 days, 0:00:00). Its issuers "
        "would outlive it. Use: timedelta(days=3650)"
    )


def test_a_lifetime_is_given_in_whole_hours() -> None:
    assert hours(timedelta(days=1, minutes=59)) == 24


def test_a_new_generation_of_an_issuer_has_a_new_key_and_the_same_name() -> None:
    def program() -> None:
        anchor = TrustAnchor("anchor", TrustAnchorArgs())
        IdentityIssuer("west", IdentityIssuerArgs(trust_anchor=anchor, generation=2))

    notes = engine.run(program)

    assert {noted.name for noted in notes.of(KEY)} == {"anchor-key", "west-2-key"}
    assert notes.one(ISSUER).name == "west-certificate"
    assert notes.one(REQUEST).inputs["privateKeyPem"] == engine.Secret("KEY west-2-key")


def test_anchors_are_bundled_and_a_single_one_stays_as_it_is() -> None:
    def program() -> None:
        anchor = TrustAnchor("anchor", TrustAnchorArgs())
        pulumi.export("one", anchor_bundle([anchor.certificate_pem]))
        pulumi.export("two", anchor_bundle([anchor.certificate_pem, "OF OLD\n"]))

    assert engine.run(program).outputs == {
        "one": "CERTIFICATE anchor-certificate",
        "two": "CERTIFICATE anchor-certificate\nOF OLD\n",
    }


def test_all_problems_of_an_issuer_are_reported() -> None:
    def program() -> None:
        anchor = TrustAnchor("anchor", TrustAnchorArgs())
        IdentityIssuerArgs(trust_anchor=anchor, lifetime=timedelta(days=60), generation=0)

    with pytest.raises(ValueError, match="lifetime") as error:
        engine.run(program)

    assert str(error.value).splitlines() == [
        "lifetime of an identity issuer must be more than 60 days (got 60 days, 0:00:00). It is "
        "renewed in its last 60 days: each `up` would make another. Use: timedelta(days=365)",
        "generation must be at least 1 (got 0).",
    ]
