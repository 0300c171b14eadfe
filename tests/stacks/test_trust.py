"""The part `trust`: one anchor for all, an issuer for each, and a key that nobody gets."""

import functools

from stacks import trust
from stacks.environment import Kind
from tests import engine
from tests.stacks.described import environment, on_aws

DESCRIBED = environment(Kind("local"), on_aws("west", block=10), on_aws("east", block=20))


@functools.cache
def deployed() -> engine.Notes:
    """Deploy the part."""
    return engine.run(lambda: trust.deploy(DESCRIBED), stack="test.trust")


def test_one_anchor_signs_an_issuer_for_each_cluster() -> None:
    issuers = deployed().of("tls:index/locallySignedCert:LocallySignedCert")

    assert len(deployed().of("tls:index/selfSignedCert:SelfSignedCert")) == 1
    assert {noted.within for noted in issuers} == {"local-issuer", "west-issuer", "east-issuer"}
    assert {noted.inputs["caCertPem"] for noted in issuers} == {"CERTIFICATE anchor-certificate"}


def test_each_issuer_is_a_secret_output_of_its_own() -> None:
    outputs = deployed().outputs

    assert {key for key in outputs if key.startswith("issuer_expiry_")} == {
        f"issuer_expiry_{name}" for name in DESCRIBED.names
    }
    for name in DESCRIBED.names:
        assert outputs[f"issuer_{name}"] == engine.Secret(
            {
                "version": 1,
                "certificatePem": f"CERTIFICATE {name}-issuer-certificate",
                "privateKeyPem": f"PKCS8 {name}-issuer-key",
            }
        )


def test_the_anchors_certificate_and_expiry_are_told_to_everybody() -> None:
    assert deployed().outputs["trust"] == {
        "version": 1,
        "anchorsPem": "CERTIFICATE anchor-certificate",
        "anchorsExpiry": "2036-11-20T00:00:00Z",
    }


def test_the_anchors_key_is_exported_to_nobody() -> None:
    told = f"{deployed().outputs} {deployed().components}"

    assert "anchor-key" not in told
    assert "west-issuer-key" in told
