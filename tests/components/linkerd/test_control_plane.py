"""Linkerd's control plane: high availability, the issuer's key, and the order of its parts."""

import functools

from components.linkerd.control_plane import (
    HEARTBEAT_SCHEDULE,
    LinkerdControlPlane,
    LinkerdControlPlaneArgs,
    control_plane_values,
)
from tests import engine
from tests.components.clusters import on_a_cluster

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
SECRET = "kubernetes:core/v1:Secret"
VALUES = control_plane_values(
    trust_anchors_pem="ANCHOR", cluster_domain="cluster.local", trust_domain="cluster.local"
)


@functools.cache
def installed() -> engine.Notes:
    """Install the control plane, with one extra value for each chart."""
    return on_a_cluster(
        lambda cluster: LinkerdControlPlane(
            "west-linkerd",
            LinkerdControlPlaneArgs(
                cluster=cluster,
                trust_anchors_pem="ANCHOR",
                issuer_certificate_pem="ISSUER",
                issuer_key_pem="ISSUER KEY",
                values={"webhookFailurePolicy": "Ignore"},
                crds_values={"installGatewayAPI": False},
            ),
        )
    )


def test_every_controller_has_three_replicas_on_nodes_of_their_own() -> None:
    assert VALUES["controllerReplicas"] == 3
    assert VALUES["enablePodAntiAffinity"] is True
    assert VALUES["highAvailability"] is True


def test_one_replica_at_a_time_may_be_disrupted() -> None:
    assert VALUES["enablePodDisruptionBudget"] is True
    assert VALUES["controller"] == {"podDisruptionBudget": {"maxUnavailable": 1}}
    assert VALUES["deploymentStrategy"] == {
        "rollingUpdate": {"maxUnavailable": 1, "maxSurge": "25%"}
    }


def test_no_pod_starts_without_its_proxy_when_the_injector_is_away() -> None:
    assert VALUES["webhookFailurePolicy"] == "Fail"


def test_every_component_asks_for_what_it_needs() -> None:
    named = {key for key in VALUES if key.endswith("Resources")}

    assert named == {
        "controllerResources",
        "destinationResources",
        "heartbeatResources",
        "identityResources",
        "proxyInjectorResources",
        "spValidatorResources",
    }
    assert VALUES["proxy"]["resources"] == {
        "cpu": {"request": "100m"},
        "memory": {"limit": "250Mi", "request": "20Mi"},
    }


def test_the_heartbeat_runs_at_the_same_time_in_every_rendering() -> None:
    assert VALUES["heartbeatSchedule"] == HEARTBEAT_SCHEDULE == "17 3 * * *"


def test_the_issuer_is_read_from_a_secret_of_our_own() -> None:
    secret = installed().one(SECRET)

    assert VALUES["identity"] == {"issuer": {"scheme": "kubernetes.io/tls"}}
    assert secret.inputs["metadata"]["name"] == "linkerd-identity-issuer"
    assert secret.inputs["metadata"]["namespace"] == "linkerd"
    assert secret.inputs["type"] == "kubernetes.io/tls"


def test_the_issuers_key_reaches_the_engine_as_a_secret() -> None:
    secret = installed().one(SECRET)

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
    defaults = on_a_cluster(
        lambda cluster: LinkerdControlPlane(
            "west-linkerd",
            LinkerdControlPlaneArgs(
                cluster=cluster,
                trust_anchors_pem="ANCHOR",
                issuer_certificate_pem="ISSUER",
                issuer_key_pem="ISSUER KEY",
            ),
        )
    )
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
    waiting = [*installed().of(RELEASE), installed().one(SECRET)]

    assert all("west-linkerd-namespace" in noted.after for noted in waiting)
