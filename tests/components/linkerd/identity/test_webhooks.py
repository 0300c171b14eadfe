"""Certificates of the webhooks: who signs, for which name, for how long, and where keys go."""

import functools
from datetime import timedelta

import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.identity.webhook_names import OF_CONTROL_PLANE, OF_VIZ, Webhook
from linkmesh.linkerd.identity.webhooks import (
    WebhookCertificates,
    WebhookCertificatesArgs,
    webhook_values,
)
from tests import engine
from tests.components.clusters import on_a_cluster

KEY = "tls:index/privateKey:PrivateKey"
AUTHORITY = "tls:index/selfSignedCert:SelfSignedCert"
REQUEST = "tls:index/certRequest:CertRequest"
CERTIFICATE = "tls:index/locallySignedCert:LocallySignedCert"
SECRET = "kubernetes:core/v1:Secret"


@functools.cache
def made() -> engine.Notes:
    """Make certificates of every webhook there is, in one namespace."""
    return on_a_cluster(
        lambda cluster: WebhookCertificates(
            "west",
            WebhookCertificatesArgs(
                cluster=cluster, namespace="linkerd", webhooks=(*OF_CONTROL_PLANE, *OF_VIZ)
            ),
        )
    )


def test_every_webhook_of_linkerds_has_a_certificate_of_its_own() -> None:
    names = {noted.inputs["metadata"]["name"] for noted in made().of(SECRET)}

    assert {*OF_CONTROL_PLANE, *OF_VIZ} == set(Webhook)
    assert names == {
        "linkerd-proxy-injector-k8s-tls",
        "linkerd-sp-validator-k8s-tls",
        "linkerd-policy-validator-k8s-tls",
        "tap-k8s-tls",
        "tap-injector-k8s-tls",
    }


def test_a_certificate_names_the_service_that_api_servers_call() -> None:
    request = made().one(REQUEST, "west-linkerd-policy-validator-request").inputs

    assert request["dnsNames"] == ["linkerd-policy-validator.linkerd.svc"]
    assert request["subject"] == {"commonName": "linkerd-policy-validator.linkerd.svc"}


def test_the_authority_signs_servers_only_for_a_year() -> None:
    for certificate in made().of(CERTIFICATE):
        assert certificate.inputs["caCertPem"] == "CERTIFICATE west-authority-certificate"
        assert certificate.inputs["allowedUses"] == [
            "digital_signature",
            "key_encipherment",
            "server_auth",
        ]
        assert "isCaCertificate" not in certificate.inputs
        assert certificate.inputs["validityPeriodHours"] == 365 * 24
        assert certificate.inputs["earlyRenewalHours"] == 60 * 24


def test_the_authority_lasts_ten_years_so_that_a_renewal_changes_no_webhook() -> None:
    authority = made().one(AUTHORITY).inputs

    assert authority["isCaCertificate"] is True
    assert authority["validityPeriodHours"] == 10 * 365 * 24


def test_keys_are_pkcs8_which_alone_the_policy_controller_reads_and_stay_secret() -> None:
    secret = made().one(SECRET, "west-linkerd-policy-validator-secret")

    assert secret.inputs["type"] == "kubernetes.io/tls"
    assert secret.inputs["stringData"] == engine.Secret(
        {
            "tls.crt": "CERTIFICATE west-linkerd-policy-validator-certificate",
            "tls.key": "PKCS8 west-linkerd-policy-validator-key",
        }
    )


def test_helm_does_not_delete_secrets_that_it_once_made_itself() -> None:
    for secret in made().of(SECRET):
        assert secret.inputs["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_no_key_can_be_read_where_it_is_no_secret() -> None:
    texts = engine.open_texts([made().components, [n.inputs for n in made().resources]])

    assert not [text for text in texts if text.startswith(("KEY", "PKCS8"))]


def test_every_key_is_p256() -> None:
    keys = made().of(KEY)

    assert len(keys) == 6
    assert all(key.inputs == {"algorithm": "ECDSA", "ecdsaCurve": "P256"} for key in keys)


def test_a_chart_gets_the_secrets_and_the_authority() -> None:
    assert webhook_values(OF_VIZ, "AUTHORITY") == {
        "tap": {"externalSecret": True, "caBundle": "AUTHORITY"},
        "tapInjector": {"externalSecret": True, "caBundle": "AUTHORITY"},
    }
    assert webhook_values(OF_VIZ, None) == {}


@pytest.mark.parametrize("days", [60, 3650])
def test_an_impossible_lifetime_is_an_error(days: int) -> None:
    def make(cluster: Cluster) -> None:
        WebhookCertificatesArgs(
            cluster=cluster, namespace="x", webhooks=OF_VIZ, lifetime=timedelta(days=days)
        )

    with pytest.raises(ValueError, match="lifetime") as error:
        on_a_cluster(make)

    assert str(error.value) == (
        "lifetime of a webhook's certificate must be between 60 and 3650 days (got "
        f"{timedelta(days=days)}). It is renewed in its last 60 days, and its authority must "
        "outlive it. Use: timedelta(days=365)"
    )
