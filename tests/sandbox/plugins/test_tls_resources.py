"""
Keys, requests and certificates as resources: what they give, what replaces them, when they are due.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi_tls
import pytest
from cryptography import x509

from sandbox.plugins.contract import Refused
from sandbox.plugins.tls_resources import (
    CertRequest,
    LocallySignedCert,
    PrivateKey,
    SelfSignedCert,
    TlsResource,
    is_due,
)
from sandbox.plugins.values import UNKNOWN

KEY = {"algorithm": "ECDSA", "ecdsaCurve": "P256"}
LATER = "2999-01-01T00:00:00.123456789Z"


def make(resource: TlsResource, **news: Any) -> dict[str, Any]:
    checked = resource.check(news, None)
    return resource.create("urn", checked, preview=False, timeout=0).outputs


def anchor(**overrides: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    key = make(PrivateKey(), **KEY)
    news = {
        "privateKeyPem": key["privateKeyPem"],
        "subject": {"commonName": "root.linkerd.cluster.local"},
        "allowedUses": ["cert_signing", "crl_signing"],
        "isCaCertificate": True,
        "validityPeriodHours": 24,
        **overrides,
    }
    return news, make(SelfSignedCert(), **news)


@pytest.mark.parametrize("resource", [PrivateKey, CertRequest, SelfSignedCert, LocallySignedCert])
def test_every_output_and_input_is_one_of_the_sdks(resource: type[TlsResource]) -> None:
    sdk = getattr(pulumi_tls, resource.__name__)
    getters: list[Any] = [each for each in vars(sdk).values() if isinstance(each, property)]
    names = {getter.fget._pulumi_name for getter in getters}
    schema = resource.schema

    ours = {*schema.required, *schema.optional, *schema.computed}
    assert ours <= names
    assert {name for name in names - ours if "Wo" not in name} == set()


def test_the_default_curve_is_the_providers() -> None:
    assert make(PrivateKey(), algorithm="ECDSA")["ecdsaCurve"] == "P224"


def test_a_preview_knows_nothing_of_a_key_to_be_made() -> None:
    state = PrivateKey().create("urn", KEY, preview=True, timeout=0)

    assert state.id == ""
    assert state.outputs["privateKeyPem"] is UNKNOWN
    assert state.outputs["ecdsaCurve"] == "P256"


def test_an_issuer_is_made_from_a_request_and_verifies_against_the_anchor() -> None:
    news, root = anchor()
    key = make(PrivateKey(), **KEY)
    request = make(
        CertRequest(),
        privateKeyPem=key["privateKeyPem"],
        subject={"commonName": "identity.linkerd.cluster.local"},
    )

    issuer = make(
        LocallySignedCert(),
        caCertPem=root["certPem"],
        caPrivateKeyPem=news["privateKeyPem"],
        certRequestPem=request["certRequestPem"],
        allowedUses=["cert_signing", "crl_signing"],
        isCaCertificate=True,
        validityPeriodHours=1,
    )

    first, second = (
        x509.load_pem_x509_certificate(each["certPem"].encode()) for each in (root, issuer)
    )
    second.verify_directly_issued_by(first)
    assert second.not_valid_after_utc - second.not_valid_before_utc == timedelta(hours=1)
    assert (root["keyAlgorithm"], issuer["caKeyAlgorithm"]) == ("ECDSA", "ECDSA")


def test_times_are_written_as_go_writes_them() -> None:
    _, root = anchor()

    start, end = (
        datetime.fromisoformat(root[key]) for key in ("validityStartTime", "validityEndTime")
    )
    assert end - start == timedelta(hours=24)
    assert abs(datetime.now(UTC) - start) < timedelta(minutes=1)
    assert root["readyForRenewal"] is False


def test_writing_down_a_default_changes_nothing() -> None:
    diff = PrivateKey().diff("id", {"algorithm": "RSA"}, {}, {"algorithm": "RSA", "rsaBits": 2048})

    assert not diff


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({"validityPeriodHours": 25}, True),
        ({"subject": {"commonName": "other"}}, True),
        ({"privateKeyPem": UNKNOWN}, True),
        ({"earlyRenewalHours": 1}, False),
    ],
)
def test_every_change_replaces_but_that_of_a_date(change: dict[str, Any], replaces: bool) -> None:
    news, root = anchor()

    changes = SelfSignedCert().diff("id", news, root, {**news, **change}).changes

    assert [each.replace for each in changes] == [replaces]


def test_a_certificate_is_replaced_when_the_time_has_come_without_a_refresh() -> None:
    news, root = anchor(earlyRenewalHours=48)

    changes = SelfSignedCert().diff("id", news, root, news).changes

    assert [(each.path, each.replace) for each in changes] == [("readyForRenewal", True)]


def test_reading_tells_that_a_renewal_is_due() -> None:
    news, root = anchor(earlyRenewalHours=48)
    fresh_news, fresh = anchor(earlyRenewalHours=1)

    due = SelfSignedCert().read("id", news, root)
    not_due = SelfSignedCert().read("id", fresh_news, fresh)

    assert due is not None
    assert not_due is not None
    assert due[0].outputs["readyForRenewal"] is True
    assert not_due[0].outputs["readyForRenewal"] is False


def test_an_update_keeps_the_certificate() -> None:
    news, root = anchor()

    state = SelfSignedCert().update(
        "id", news, root, {**news, "earlyRenewalHours": 1}, preview=False, timeout=0
    )

    assert state.outputs == {**root, "earlyRenewalHours": 1}


def test_a_renewal_is_due_from_its_first_moment_on() -> None:
    assert is_due("2020-01-01T00:00:00Z", 0)
    assert is_due(LATER, 24 * 366 * 1000)
    assert not is_due(LATER, 0)
    assert not is_due(UNKNOWN, 0)


def test_wrong_values_are_refused() -> None:
    with pytest.raises(Refused, match="'algorithm' must be one of ECDSA, ED25519, RSA"):
        PrivateKey().check({"algorithm": "DSA"}, None)
    with pytest.raises(Refused, match=r"'allowedUses\[0\]' must be one of .* \(got 'signing'\)"):
        SelfSignedCert().check(
            {"privateKeyPem": "x", "allowedUses": ["signing"], "validityPeriodHours": 1}, None
        )
    with pytest.raises(Refused, match="must be created by the program"):
        PrivateKey().read("id", {}, {})
