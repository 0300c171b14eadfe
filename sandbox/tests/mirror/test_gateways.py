"""Which address answers a probe: a load balancer of the sandbox with a ready pod behind it."""

import pytest

from sandbox.mirror.gateways import Balancers, answers, probe_addresses
from sandbox.mirror.link import Object

KEY = ("linkerd-multicluster", "linkerd-gateway")
SERVICE: Object = {
    "spec": {"ports": [{"name": "mc-gateway", "port": 4143}, {"name": "mc-probe", "port": 4191}]},
    "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.2"}]}},
}
READY: Object = {
    "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "mc-probe", "port": 4191}]}]
}
DOWN: Object = {
    "subsets": [
        {"notReadyAddresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "mc-probe", "port": 4191}]}
    ]
}


def cluster(endpoints: Object) -> Balancers:
    return Balancers(services={KEY: SERVICE}, endpoints={KEY: endpoints})


def test_a_ready_gateway_answers_in_whichever_cluster_it_is() -> None:
    other = Balancers(services={}, endpoints={})

    assert answers([other, cluster(READY)], "192.0.2.2", 4191, "/ready")


@pytest.mark.parametrize(
    ("address", "port", "path"),
    [("192.0.2.3", 4191, "/ready"), ("192.0.2.2", 80, "/ready"), ("192.0.2.2", 4191, "/other")],
)
def test_another_address_port_or_path_does_not_answer(address: str, port: int, path: str) -> None:
    assert not answers([cluster(READY)], address, port, path)


def test_a_gateway_with_a_name_answers_at_what_the_name_resolves_to() -> None:
    status = {"loadBalancer": {"ingress": [{"hostname": "mesh.elb"}]}}
    named = Balancers(services={KEY: {**SERVICE, "status": status}}, endpoints={KEY: READY})
    names = {"mesh.elb": ["10.0.0.14"]}

    def ask(address: str) -> bool:
        return answers([named], address, 4191, "/ready", lambda name: names.get(name, []))

    assert ask("10.0.0.14")
    assert not ask("mesh.elb")
    assert not ask("192.0.2.2")


def test_a_gateway_on_node_ports_answers_at_the_nodes_of_its_own_cluster() -> None:
    ports = [{"name": "mc-probe", "port": 4191, "nodePort": 30191}]
    by_node = Balancers(
        services={},
        endpoints={KEY: READY},
        node_ports={KEY: {"spec": {"ports": ports}}},
        nodes=["198.18.0.1"],
    )

    assert answers([by_node], "198.18.0.1", 30191, "/ready")
    assert not answers([by_node], "198.18.0.1", 4191, "/ready")
    assert not answers([by_node], "198.18.1.1", 30191, "/ready")


def test_a_gateway_without_ready_pods_does_not_answer() -> None:
    assert not answers([cluster(DOWN)], "192.0.2.2", 4191, "/ready")
    assert not answers([cluster({"subsets": []})], "192.0.2.2", 4191, "/ready")


def test_the_probe_goes_through_the_links_own_service() -> None:
    service = {"spec": {"ports": [{"port": 4191}]}}

    assert probe_addresses(service, READY, "4191") == ["10.0.0.1"]
    assert probe_addresses(service, READY, "4999") == []
    assert probe_addresses(None, READY, "4191") == []
    assert probe_addresses(service, None, "4191") == []
