"""The part `trust`: anchors, an issuer for each cluster, and a key that is not exported."""

import functools
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from linkmesh.cli.rotation.trust_steps import anchor_rotation_steps
from linkmesh.environment import Kind, Linkerd, Plan
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks import trust
from linkmesh.stacks.rotation import trust_text
from tests import engine
from tests.components.environment.described import on_aws, planned
from tests.components.linkerd.identity.test_certificates import ANCHOR, certificate, key, pem

CLUSTERS = (Kind("local"), on_aws("west", block=10), on_aws("east", block=20))
DESCRIBED = planned(*CLUSTERS)
SIGNED = "tls:index/locallySignedCert:LocallySignedCert"
SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert"
KEY = "tls:index/privateKey:PrivateKey"


@pytest.fixture(autouse=True)
def _nothing_is_set() -> Iterator[None]:
    pulumi.runtime.set_all_config({})
    yield
    pulumi.runtime.set_all_config({})


def deploy(described: Plan = DESCRIBED, /, **settings: str) -> engine.Notes:
    """Deploy the part with some settings; keys of anchors are secrets."""
    full = {f"linkmesh:{key.replace('_', '-')}": value for key, value in settings.items()}
    pulumi.runtime.set_all_config(full, [name for name in full if "anchorKey" in name])
    return engine.run(lambda: trust.deploy(described), stack="test.trust")


@functools.cache
def deployed() -> engine.Notes:
    """Deploy the part without any settings."""
    return deploy()


def problems_of(described: Plan = DESCRIBED, /, **settings: str) -> list[str]:
    """Return the message about settings that are not valid."""
    with pytest.raises(pulumi.RunError) as error:
        deploy(described, **settings)
    return str(error.value).splitlines()


def amid(number: int) -> TrustState:
    """Give the state of a step of a new anchor."""
    return anchor_rotation_steps(TrustState())[number - 1].state


def rotated(state: TrustState) -> engine.Notes:
    """Deploy the part amid a rotation."""
    return deploy(trustState=trust_text(state))


def test_one_anchor_signs_an_issuer_for_each_cluster() -> None:
    issuers = deployed().of(SIGNED)

    assert len(deployed().of(SELF_SIGNED)) == 1
    assert {noted.within for noted in issuers} == {"local-issuer", "west-issuer", "east-issuer"}
    assert {noted.inputs["caCertPem"] for noted in issuers} == {"CERTIFICATE anchor-certificate"}


def test_before_any_rotation_everything_has_its_plain_name() -> None:
    names = {noted.name for noted in deployed().resources if noted.custom}

    assert names == {
        "anchor-key",
        "anchor-certificate",
        *(
            f"{cluster}-issuer-{thing}"
            for cluster in DESCRIBED.names
            for thing in ("key", "request", "certificate")
        ),
    }


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


def test_the_anchors_certificate_and_expiry_are_exported() -> None:
    assert deployed().outputs["trust"] == {
        "version": 1,
        "anchorsPem": "CERTIFICATE anchor-certificate",
        "anchorsExpiry": "2036-11-20T00:00:00Z",
        "state": {"anchors": [1], "signing": 1, "issuers": 1},
    }


def test_every_expiry_is_exported_by_the_name_of_what_expires() -> None:
    assert rotated(amid(1)).outputs["expiries"] == {
        "version": 1,
        "anchors": {"anchor": "2036-11-20T00:00:00Z", "anchor-2": "2036-11-20T00:00:00Z"},
        "issuers": dict.fromkeys(DESCRIBED.names, "2027-11-23T00:00:00Z"),
    }


def test_the_anchors_key_is_not_exported() -> None:
    outputs = f"{deployed().outputs} {deployed().components}"

    assert "anchor-key" not in outputs
    assert "west-issuer-key" in outputs


def test_a_second_anchor_is_believed_before_it_signs() -> None:
    notes = rotated(amid(1))

    assert notes.outputs["trust"]["anchorsPem"] == (
        "CERTIFICATE anchor-certificate\nCERTIFICATE anchor-2-certificate\n"
    )
    assert {noted.inputs["caCertPem"] for noted in notes.of(SIGNED)} == {
        "CERTIFICATE anchor-certificate"
    }


def test_then_it_signs_new_keys_while_both_are_believed() -> None:
    notes = rotated(amid(2))

    assert notes.outputs["trust"]["anchorsPem"].count("CERTIFICATE") == 2
    assert {noted.inputs["caCertPem"] for noted in notes.of(SIGNED)} == {
        "CERTIFICATE anchor-2-certificate"
    }
    assert "west-issuer-2-key" in {noted.name for noted in notes.of(KEY)}


def test_at_the_end_the_old_anchor_and_its_key_are_removed() -> None:
    notes = rotated(amid(3))

    assert notes.outputs["trust"]["anchorsPem"] == "CERTIFICATE anchor-2-certificate"
    assert "anchor-key" not in {noted.name for noted in notes.of(KEY)}


def test_what_was_rotated_wins_over_the_description() -> None:
    described = planned(*CLUSTERS, trust=TrustState(issuers=7))

    state = {"anchors": [1], "signing": 1, "issuers": 3}
    assert deploy(described).outputs["trust"]["state"]["issuers"] == 7
    assert (
        deploy(described, trustState=trust_text(TrustState(issuers=3))).outputs["trust"]["state"]
        == state
    )


def test_a_note_that_is_none_is_an_error() -> None:
    assert problems_of(trustState="{}")[0].startswith(
        "setting linkmesh:trustState must be what mesh rotate writes (got '{}'"
    )


def given(**overrides: str) -> dict[str, str]:
    """Set an anchor of one's own."""
    return {"anchorCertificate": ANCHOR, "anchorKey": pem(key("anchor")), **overrides}


def test_an_anchor_of_ones_own_signs_the_issuers() -> None:
    notes = deploy(**given())

    assert notes.of(SELF_SIGNED) == []
    assert {noted.inputs["caCertPem"] for noted in notes.of(SIGNED)} == {ANCHOR}
    assert notes.outputs["trust"]["anchorsPem"] == ANCHOR
    assert notes.outputs["expiries"]["anchors"] == {"anchor": "2036-11-20T04:05:06Z"}


def test_the_key_of_ones_own_anchor_stays_a_secret() -> None:
    notes = deploy(**given())

    assert {noted.inputs["caPrivateKeyPem"] for noted in notes.of(SIGNED)} == {
        engine.Secret(pem(key("anchor")))
    }
    shown = engine.open_texts(
        [[noted.inputs for noted in notes.resources], notes.outputs, notes.components]
    )
    assert not any("PRIVATE KEY" in text for text in shown)


def test_an_anchor_of_ones_own_can_take_the_place_of_ours() -> None:
    settings: dict[str, Any] = {
        "anchorCertificate_2": ANCHOR,
        "anchorKey_2": pem(key("anchor")),
        "trustState": trust_text(amid(2)),
    }
    notes = deploy(**settings)

    assert [noted.name for noted in notes.of(SELF_SIGNED)] == ["anchor-certificate"]
    assert {noted.inputs["caCertPem"] for noted in notes.of(SIGNED)} == {ANCHOR}


def test_an_anchor_that_does_not_sign_needs_no_key() -> None:
    notes = deploy(anchorCertificate_2=ANCHOR, trustState=trust_text(amid(1)))

    assert ANCHOR.strip() in notes.outputs["trust"]["anchorsPem"]


def test_an_anchor_that_signs_needs_its_key() -> None:
    assert problems_of(anchorCertificate=ANCHOR) == [
        "linkmesh:anchorKey must be set with linkmesh:anchorCertificate (it is not). The anchor "
        "signs the issuers. Use: pulumi config set --secret linkmesh:anchorKey < FILE"
    ]


def test_a_key_alone_is_an_error_without_its_content() -> None:
    assert problems_of(anchorKey="hush") == [
        "linkmesh:anchorCertificate must be set with linkmesh:anchorKey (it is not). A key "
        "without its certificate cannot be used. Use: pulumi config set "
        "linkmesh:anchorCertificate < FILE"
    ]


def test_a_key_in_plain_text_is_an_error_without_its_content() -> None:
    pulumi.runtime.set_all_config(
        {f"linkmesh:{name}": value for name, value in given().items()}, []
    )
    with pytest.raises(pulumi.RunError) as error:
        engine.run(lambda: trust.deploy(DESCRIBED), stack="test.trust")

    assert str(error.value).startswith("linkmesh:anchorKey must be a secret (it is in plain text).")
    assert "BEGIN" not in str(error.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"anchorKey": pem(key("other"))}, "private key of the trust anchor must be that of its"),
        ({"anchorKey": "hush"}, "private key of the trust anchor must be PEM without a password"),
        ({"anchorCertificate": "anchor.crt"}, "certificate of a trust anchor must be PEM"),
    ],
)
def test_an_anchor_that_is_wrong_is_an_error_by_the_settings_name(
    settings: dict[str, str], said: str
) -> None:
    [problem] = problems_of(**given(**settings))

    assert problem.startswith(f"linkmesh:anchorCertificate: {said}")
    assert "hush" not in problem


def test_an_anchor_of_another_curve_is_an_error() -> None:
    wrong = {"anchorCertificate": certificate("root", key("p384")), "anchorKey": pem(key("p384"))}

    assert "must have a key of ECDSA P-256 or RSA" in problems_of(**wrong)[0]


CERT_MANAGED = planned(
    *CLUSTERS, linkerd=Linkerd(cert_manager=CertManagerIssuer(name="linkerd-trust-anchor"))
)


def test_with_cert_manager_only_the_anchor_that_is_set_is_exported() -> None:
    notes = deploy(CERT_MANAGED, anchorCertificate=ANCHOR)

    assert notes.resources == []
    assert notes.outputs["trust"]["anchorsPem"] == ANCHOR
    assert notes.outputs["expiries"]["issuers"] == {}
    assert not [name for name in notes.outputs if name.startswith("issuer")]


def test_with_cert_manager_the_anchor_must_be_set() -> None:
    assert problems_of(CERT_MANAGED) == [
        "linkmesh:anchorCertificate must be set with cert_manager (it is not). The trust anchor is "
        "the one above cert-manager's authority. Use: pulumi config set linkmesh:anchorCertificate "
        "< FILE"
    ]
