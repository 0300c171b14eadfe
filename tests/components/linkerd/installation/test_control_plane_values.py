"""The values of Linkerd's control plane: high availability, what is small, and what is fixed."""

from typing import Any

import yaml

from linkmesh.linkerd.installation.control_plane_values import (
    HA_VALUES,
    HEARTBEAT_SCHEDULE,
    control_plane_values,
)
from linkmesh.linkerd.installation.profiles import InstallProfile
from linkmesh.linkerd.proxies.proxy import ProxyConfig, ProxyResources
from tests.data import LINKERD_CHARTS

DOMAINS: dict[str, Any] = {"cluster_domain": "cluster.local", "trust_domain": "cluster.local"}
VALUES = control_plane_values(trust_anchors_pem="ANCHOR", **DOMAINS)


def test_high_availability_is_the_charts_own() -> None:
    file = LINKERD_CHARTS / "linkerd-control-plane.values-ha.yaml"

    assert yaml.safe_load(file.read_text()) == HA_VALUES


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


def test_what_is_said_of_proxies_is_laid_over_high_availability() -> None:
    proxy = ProxyConfig(resources=ProxyResources(cpu_limit="1", memory_limit="500Mi"))
    values = control_plane_values(trust_anchors_pem="ANCHOR", **DOMAINS, proxy=proxy)

    assert values["proxy"]["resources"] == {
        "cpu": {"request": "100m", "limit": "1"},
        "memory": {"limit": "500Mi", "request": "20Mi"},
    }


def test_the_small_profile_has_one_replica_and_pods_start_without_an_injector() -> None:
    values = control_plane_values(
        trust_anchors_pem="ANCHOR", **DOMAINS, profile=InstallProfile.SMALL
    )

    assert values["controllerReplicas"] == 1
    assert values["enablePodAntiAffinity"] is False
    assert values["enablePodDisruptionBudget"] is False
    assert values["webhookFailurePolicy"] == "Ignore"
    assert values["highAvailability"] is False


def test_the_heartbeat_runs_at_the_same_time_in_every_rendering() -> None:
    assert VALUES["heartbeatSchedule"] == HEARTBEAT_SCHEDULE == "17 3 * * *"


def test_the_issuer_comes_from_a_secret_and_the_anchors_from_the_values() -> None:
    assert VALUES["identity"] == {"externalCA": False, "issuer": {"scheme": "kubernetes.io/tls"}}
    assert VALUES["identityTrustAnchorsPEM"] == "ANCHOR"


def test_with_an_external_authority_the_chart_makes_no_anchors() -> None:
    values = control_plane_values(trust_anchors_pem="", **DOMAINS, external_ca=True)

    assert values["identity"] == {"externalCA": True, "issuer": {"scheme": "kubernetes.io/tls"}}


def test_a_second_rendering_is_the_same() -> None:
    assert control_plane_values(trust_anchors_pem="ANCHOR", **DOMAINS) == VALUES
