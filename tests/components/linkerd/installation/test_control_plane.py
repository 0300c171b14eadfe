"""Linkerd's control plane: keys stay out of values, and the order of its parts."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from linkmesh.cluster import Cluster
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.linkerd.identity.webhook_names import Webhook
from linkmesh.linkerd.installation.control_plane import LinkerdControlPlane
from linkmesh.linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.proxies.proxy import ProxyConfig, ProxyTracing
from tests import engine
from tests.components.clusters import on_a_cluster

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
SECRET = "kubernetes:core/v1:Secret"


@dataclass(frozen=True)
class _Issuer:
    certificate_pem: str
    private_key_pem: str


ISSUER: Mapping[str, Any] = {
    "trust_anchors_pem": "ANCHOR",
    "issuer": _Issuer("ISSUER", "ISSUER KEY"),
}


def deployed(**overrides: Any) -> engine.Notes:
    """Install the control plane with a given issuer, except for what is said."""

    def make(cluster: Cluster) -> None:
        args = LinkerdControlPlaneArgs(cluster=cluster, **{**ISSUER, **overrides})
        made = LinkerdControlPlane("west-linkerd", args)
        ends = {hook.value: end for hook, end in made.webhook_expiry.items()}
        pulumi.export("webhook expiry", ends)
        pulumi.export("authority expiry", made.webhook_authority_expiry)

    return on_a_cluster(make)


@functools.cache
def installed() -> engine.Notes:
    """Install it with one extra value for each chart."""
    return deployed(
        values={"webhookFailurePolicy": "Ignore"}, crds_values={"installGatewayAPI": False}
    )


def test_the_issuer_is_read_from_a_secret_of_our_own() -> None:
    secret = installed().one(SECRET, "west-linkerd-identity-issuer")

    assert secret.inputs["metadata"]["name"] == "linkerd-identity-issuer"
    assert secret.inputs["metadata"]["namespace"] == "linkerd"
    assert secret.inputs["type"] == "kubernetes.io/tls"


def test_the_issuers_key_reaches_the_engine_as_a_secret() -> None:
    secret = installed().one(SECRET, "west-linkerd-identity-issuer")

    assert secret.inputs["stringData"] == engine.Secret(
        {"tls.crt": "ISSUER", "tls.key": "ISSUER KEY", "ca.crt": "ANCHOR"}
    )


def test_no_private_key_is_in_helm_values() -> None:
    releases = [str(noted.inputs) for noted in installed().of(RELEASE)]

    assert len(releases) == 2
    assert not any("ISSUER KEY" in release for release in releases)
    assert not any("keyPEM" in release for release in releases)


def test_the_trust_anchors_are_given_to_proxies() -> None:
    release = installed().one(RELEASE, "west-linkerd-control-plane")

    assert release.inputs["values"]["identityTrustAnchorsPEM"] == "ANCHOR"


def test_the_gateway_api_comes_with_linkerds_own_types_before_the_control_plane() -> None:
    defaults = deployed()
    crds = defaults.one(RELEASE, "west-linkerd-crds")
    control_plane = defaults.one(RELEASE, "west-linkerd-control-plane")

    assert crds.inputs["chart"] == "linkerd-crds"
    assert crds.inputs["values"] == {"installGatewayAPI": True}
    assert {"west-linkerd-crds", "west-linkerd-identity-issuer"} <= control_plane.after


def test_extra_values_are_merged_last() -> None:
    crds = installed().one(RELEASE, "west-linkerd-crds")
    control_plane = installed().one(RELEASE, "west-linkerd-control-plane")

    assert crds.inputs["values"] == {"installGatewayAPI": False}
    assert control_plane.inputs["values"]["webhookFailurePolicy"] == "Ignore"
    assert control_plane.inputs["values"]["controllerReplicas"] == 3


def test_its_namespace_is_marked_as_linkerds_and_never_injected() -> None:
    metadata = installed().one(NAMESPACE).inputs["metadata"]

    assert metadata["name"] == "linkerd"
    assert metadata["annotations"] == {"linkerd.io/inject": "disabled"}
    assert metadata["labels"] == {
        "linkerd.io/is-control-plane": "true",
        "config.linkerd.io/admission-webhooks": "disabled",
        "linkerd.io/control-plane-ns": "linkerd",
        "pod-security.kubernetes.io/enforce": "privileged",
    }


def test_everything_in_the_namespace_waits_for_it() -> None:
    waiting = [*installed().of(RELEASE), *installed().of(SECRET)]

    assert len(waiting) == 6
    assert all("west-linkerd-namespace" in noted.after for noted in waiting)


def test_certificates_of_the_webhooks_are_there_before_the_control_plane() -> None:
    release = installed().one(RELEASE, "west-linkerd-control-plane")
    names = {secret.inputs["metadata"]["name"] for secret in installed().of(SECRET)}

    assert {
        "linkerd-proxy-injector-k8s-tls",
        "linkerd-sp-validator-k8s-tls",
        "linkerd-policy-validator-k8s-tls",
    } <= names
    assert {secret.name for secret in installed().of(SECRET)} <= release.after
    assert release.inputs["values"]["policyValidator"] == {
        "externalSecret": True,
        "caBundle": "CERTIFICATE west-linkerd-webhooks-authority-certificate",
    }


def test_the_expiry_of_webhook_certificates_is_an_output() -> None:
    assert installed().outputs == {
        "webhook expiry": {
            Webhook.PROXY_INJECTOR.value: "2027-11-23T00:00:00Z",
            Webhook.PROFILE_VALIDATOR.value: "2027-11-23T00:00:00Z",
            Webhook.POLICY_VALIDATOR.value: "2027-11-23T00:00:00Z",
        },
        "authority expiry": "2036-11-20T00:00:00Z",
    }


def test_the_charts_own_certificates_can_be_had() -> None:
    notes = deployed(webhook_certificates=False)

    assert "proxyInjector" not in notes.one(RELEASE, "west-linkerd-control-plane").inputs["values"]
    assert len(notes.of(SECRET)) == 1


def test_the_cni_plugin_comes_before_the_control_plane_and_instead_of_capabilities() -> None:
    notes = deployed(cni=True, proxy=ProxyConfig(admin_port=9191))
    release = notes.one(RELEASE, "west-linkerd-control-plane")
    plugin = notes.one(RELEASE, "west-linkerd-cni-release")
    namespace = notes.one(NAMESPACE, "west-linkerd-namespace").inputs["metadata"]

    assert "west-linkerd-cni-release" in release.after
    assert release.inputs["values"]["cniEnabled"] is True
    assert plugin.inputs["values"]["proxyAdminPort"] == 9191
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_with_cert_manager_the_issuer_is_asked_for_and_nothing_of_it_is_ours() -> None:
    notes = on_a_cluster(
        lambda cluster: LinkerdControlPlane(
            "west-linkerd",
            LinkerdControlPlaneArgs(cluster=cluster, issuer=CertManagerIssuer(name="anchor")),
        )
    )
    release = notes.one(RELEASE, "west-linkerd-control-plane")
    asked = notes.one("kubernetes:cert-manager.io/v1:Certificate")

    assert release.inputs["values"]["identity"]["externalCA"] is True
    assert asked.inputs["spec"]["secretName"] == "linkerd-identity-issuer"
    assert asked.name in release.after
    assert not [noted for noted in notes.of(SECRET) if "issuer" in noted.name]


def test_every_chart_has_the_version_that_is_asked_for() -> None:
    notes = deployed(version="2026.8.3", cni=True)

    assert {noted.inputs["version"] for noted in notes.of(RELEASE)} == {"2026.8.3"}


def test_all_problems_are_reported_at_once() -> None:
    tracing = ProxyTracing(
        endpoint="collector:4317", service_account="collector", namespace="tracing"
    )

    with pytest.raises(ValueError, match="nodes") as error:
        deployed(
            nodes=2,
            version="2024.1.1",
            registry="https://registry.test",
            charts="https://helm.linkerd.io/stable",
            proxy=ProxyConfig(tracing=tracing),
            trust_domain="mesh.test",
        )

    problems = str(error.value).splitlines()
    assert [problem.split(" must")[0] for problem in problems] == [
        "nodes",
        "registry",
        "Linkerd's charts",
        "version",
        "trust_domain",
    ]


def test_the_small_profile_runs_on_one_node() -> None:
    notes = deployed(profile=InstallProfile.SMALL, nodes=1)

    values = notes.one(RELEASE, "west-linkerd-control-plane").inputs["values"]
    assert values["controllerReplicas"] == 1


def test_an_issuer_without_trust_anchors_is_an_error() -> None:
    with pytest.raises(ValueError, match="must be given") as error:
        deployed(trust_anchors_pem="")

    assert str(error.value) == (
        "trust_anchors_pem must be given with this issuer (got none). No proxy could verify another"
        " one. Use: the certificate_pem of the TrustAnchor"
    )


def test_what_is_said_of_proxies_images_and_domains_reaches_the_chart() -> None:
    notes = deployed(
        proxy=ProxyConfig(admin_port=9191),
        registry="registry.test",
        cni=True,
        trust_domain="mesh.test",
        cluster_domain="own.domain",
        cni_values={"priorityClassName": "first"},
        pod_annotations={"a": "b"},
    )
    values = notes.one(RELEASE, "west-linkerd-control-plane").inputs["values"]
    plugin = notes.one(RELEASE, "west-linkerd-cni-release").inputs["values"]

    assert values["proxy"]["ports"] == {"admin": 9191}
    assert values["controllerImage"] == "registry.test/controller"
    assert (values["identityTrustDomain"], values["clusterDomain"]) == ("mesh.test", "own.domain")
    assert values["podAnnotations"] == {"a": "b"}
    assert plugin["image"] == {"name": "registry.test/cni-plugin"}
    assert plugin["priorityClassName"] == "first"


def test_an_existing_gateway_api_is_compared_with_linkerds() -> None:
    assert deployed(gateway_api=False, gateway_api_version="1.4.0")
    with pytest.raises(ValueError, match="Gateway API") as error:
        deployed(gateway_api=False, gateway_api_version="1.1.1")

    assert str(error.value) == (
        "Gateway API must be between 1.2.1 and 1.5.1 with Linkerd 2.20 (got 1.1.1). Its policy "
        "controller reads routes of these only. Use: 1.2.1"
    )


def test_a_gateway_api_has_one_owner() -> None:
    with pytest.raises(ValueError, match="gateway_api") as error:
        deployed(gateway_api_version="1.4.0")

    assert str(error.value) == (
        "gateway_api_version must be left out with gateway_api (got 1.4.0). The version that "
        "Linkerd bundles is installed. Use: gateway_api=False"
    )
