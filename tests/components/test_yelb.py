"""Yelb: what each tier runs, what it calls, and that no port escapes the mesh."""

import functools
from typing import Any

import pytest

from linkmesh.cluster import Cluster
from linkmesh.yelb import (
    TIERS,
    YelbTier,
    YelbTierArgs,
    appserver_environment,
    ui_environment,
)
from tests import engine
from tests.components.clusters import on_a_cluster

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"


@functools.cache
def every_tier() -> engine.Notes:
    """Deploy each tier."""

    def make(cluster: Cluster) -> None:
        for tier in TIERS:
            YelbTier(
                tier,
                YelbTierArgs(
                    cluster=cluster,
                    tier=tier,
                    namespace="yelb",
                    environment={"B": "2", "A": "1"},
                    pod_annotations={"linkerd.io/inject": "enabled"},
                ),
            )

    return on_a_cluster(make)


def pods(tier: str) -> dict[str, Any]:
    """Read the pod template of a tier."""
    template = every_tier().one(DEPLOYMENT, f"{tier}-deployment").inputs["spec"]["template"]
    return dict(template)


@pytest.mark.parametrize(
    ("tier", "port"),
    [("yelb-ui", 80), ("yelb-appserver", 4567), ("redis-server", 6379), ("yelb-db", 5432)],
)
def test_a_tier_listens_on_its_own_port(tier: str, port: int) -> None:
    service = every_tier().one(SERVICE, f"{tier}-service").inputs
    [container] = pods(tier)["spec"]["containers"]

    assert container["ports"] == [{"containerPort": port}]
    assert service["metadata"]["name"] == tier
    assert service["spec"]["ports"] == [{"name": "tcp", "port": port, "targetPort": port}]


@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_is_ready_when_its_process_answers(tier: str) -> None:
    """Before, its proxy would take calls that nobody answers: a restart would lose them."""
    [container] = pods(tier)["spec"]["containers"]

    probe = container["readinessProbe"]
    assert {"exec", "httpGet"} & set(probe)
    assert "tcpSocket" not in probe, "the proxy accepts every connection"


@pytest.mark.parametrize("tier", TIERS)
def test_a_service_finds_its_pods(tier: str) -> None:
    selector = every_tier().one(SERVICE, f"{tier}-service").inputs["spec"]["selector"]

    assert selector.items() <= pods(tier)["metadata"]["labels"].items()


@pytest.mark.parametrize("tier", TIERS)
def test_linkerd_does_not_skip_the_port_of_the_application_server(tier: str) -> None:
    annotations = pods(tier)["metadata"]["annotations"]

    assert annotations["config.linkerd.io/skip-inbound-ports"] == "4568"
    assert annotations["config.linkerd.io/skip-outbound-ports"] == "4568"
    assert str(TIERS["yelb-appserver"].port) != "4568"


def test_pods_carry_the_annotations_they_are_given() -> None:
    assert pods("yelb-db")["metadata"]["annotations"]["linkerd.io/inject"] == "enabled"


def test_variables_are_in_the_order_of_their_names() -> None:
    [container] = pods("yelb-db")["spec"]["containers"]

    assert container["env"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]


def test_the_application_server_gets_its_cache_and_database() -> None:
    assert appserver_environment(cache="redis-server", database="yelb-db-east") == {
        "RACK_ENV": "custom",
        "REDIS_SERVER_ENDPOINT": "redis-server",
        "YELB_DB_SERVER_ENDPOINT": "yelb-db-east",
    }


def test_the_user_interface_gets_the_url_of_the_application_server() -> None:
    assert ui_environment(appserver="yelb-appserver-west") == {
        "YELB_APPSERVER_ENDPOINT": "http://yelb-appserver-west:4567"
    }


def test_a_tier_that_yelb_does_not_have_is_an_error() -> None:
    def make(cluster: Cluster) -> None:
        YelbTierArgs(cluster=cluster, tier="yelb-cache", namespace="yelb")

    with pytest.raises(ValueError, match="tier") as error:
        on_a_cluster(make)

    assert str(error.value) == (
        "tier must be one of yelb-ui, yelb-appserver, redis-server, yelb-db (got 'yelb-cache')."
    )
