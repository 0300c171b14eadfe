"""Which address answers a probe: a load balancer of the sandbox with a ready pod behind it."""

import pytest

from sandbox.mirror.gateways import Reachable, answers, probe_addresses
from sandbox.mirror.link import Object

KEY = ("linkerd-multicluster", "linkerd-gateway")
SERVICE: Object = {
    "spec": {"type": "LoadBalancer", "ports": [{"name": "mc-probe", "port": 4191}]},
    "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.2"}]}},
}
PORTS = [{"name": "mc-probe", "port": 4191}]
READY: Object = {"subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": PORTS}]}
DOWN: Object = {"subsets": [{"notReadyAddresses": [{"ip": "10.0.0.1"}], "ports": PORTS}]}


def cluster(endpoints: Object = READY, service: Object = SERVICE) -> Reachable:
    return Reachable(services={KEY: service}, endpoints={KEY: endpoints}, nodes=["198.18.0.1"])


@pytest.mark.parametrize(
    ("address", "port", "path", "does"),
    [
        ("192.0.2.2", 4191, "/ready", True),
        ("192.0.2.3", 4191, "/ready", False),
        ("192.0.2.2", 80, "/ready", False),
        ("192.0.2.2", 4191, "/other", False),
    ],
)
def test_another_address_port_or_path_does_not_answer(
    address: str, port: int, path: str, does: bool
) -> None:
    other = Reachable(services={}, endpoints={})

    assert answers([other, cluster()], address, port, path) is does


def test_a_gateway_with_a_name_answers_at_what_the_name_resolves_to() -> None:
    status = {"loadBalancer": {"ingress": [{"hostname": "mesh.elb"}]}}
    named = cluster(service={**SERVICE, "status": status})
    names = {"mesh.elb": ["10.0.0.14"]}

    def ask(address: str) -> bool:
        return answers([named], address, 4191, "/ready", lambda name: names.get(name, []))

    assert ask("10.0.0.14")
    assert not ask("mesh.elb")


def test_a_gateway_on_node_ports_answers_at_the_nodes_of_its_own_cluster() -> None:
    ports = [{"name": "mc-probe", "port": 4191, "nodePort": 30191}]
    by_node = cluster(service={"spec": {"type": "NodePort", "ports": ports}})

    assert answers([by_node], "198.18.0.1", 30191, "/ready")
    assert not answers([by_node], "198.18.0.1", 4191, "/ready")
    assert not answers([by_node], "198.18.1.1", 30191, "/ready")


@pytest.mark.parametrize("endpoints", [DOWN, {"subsets": []}])
def test_a_gateway_without_ready_pods_does_not_answer(endpoints: Object) -> None:
    assert not answers([cluster(endpoints)], "192.0.2.2", 4191, "/ready")


def test_the_probe_goes_through_the_links_own_service() -> None:
    service = {"spec": {"ports": [{"port": 4191}]}}

    assert probe_addresses(service, READY, "4191") == ["10.0.0.1"]
    assert probe_addresses(service, READY, "4999") == []
    assert probe_addresses(None, READY, "4191") == []
    assert probe_addresses(service, None, "4191") == []
