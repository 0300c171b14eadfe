"""How Linkerd is installed on a cluster, read from objects that are played."""

from types import SimpleNamespace
from typing import Any, cast

from lightkube import Client
from lightkube.models.core_v1 import (
    LoadBalancerIngress,
    LoadBalancerStatus,
    ServicePort,
    ServiceSpec,
    ServiceStatus,
)
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ConfigMap, Secret, Service

from linkmesh.cli.status.installation_reader import domain, gateway, releases
from linkmesh.cli.status.observations import Gateway, Release


def client(found: Any) -> Client:
    """Make an API server with one object."""
    return cast(Client, SimpleNamespace(get=lambda *_, **__: found))


def service(kind: str) -> Service:
    """Make a gateway's Service."""
    return Service(
        metadata=ObjectMeta(annotations={"mirror.linkerd.io/gateway-identity": "identity"}),
        spec=ServiceSpec(
            type=kind,
            ports=[
                ServicePort(name="mc-gateway", port=4143, nodePort=30143),
                ServicePort(name="mc-probe", port=4191, nodePort=30191),
            ],
        ),
        status=ServiceStatus(
            loadBalancer=LoadBalancerStatus(ingress=[LoadBalancerIngress(ip="192.0.2.1")])
        ),
    )


def test_sources_reach_a_load_balancer_at_the_ports_of_its_service() -> None:
    assert gateway(client(service("LoadBalancer"))) == Gateway(
        balanced=True, addresses=["192.0.2.1"], port=4143, probe_port=4191, identity="identity"
    )


def test_sources_reach_nodes_at_their_own_ports() -> None:
    found = gateway(client(service("NodePort")))

    assert found is not None
    assert (found.port, found.probe_port, found.balanced) == (30143, 30191, False)


def secret(revision: int, status: str) -> Secret:
    """Make the Secret of one revision."""
    labels = {"owner": "helm", "name": "viz", "version": str(revision), "status": status}
    return Secret(metadata=ObjectMeta(name=f"v{revision}", labels=labels))


def test_the_newest_revision_of_a_release_counts() -> None:
    secrets = {
        ("linkerd-viz", "v9"): secret(9, "superseded"),
        ("linkerd-viz", "v10"): secret(10, "pending-upgrade"),
        ("linkerd-viz", "other"): Secret(metadata=ObjectMeta(name="other")),
    }

    assert releases(secrets) == [
        Release(namespace="linkerd-viz", name="viz", status="pending-upgrade")
    ]


def test_the_domain_is_that_of_linkerds_values() -> None:
    values = {"values": "clusterDomain: east.local\n"}

    assert domain(client(ConfigMap(data=values))) == "east.local"
    assert domain(client(ConfigMap(data={}))) == ""
