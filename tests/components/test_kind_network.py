"""How kind clusters reach one another: by the name of a node, at ports that Services may have."""

import dataclasses

from linkmesh.kind_network import GATEWAY_PORT, PROBE_PORT, api_server, node_address
from linkmesh.linkerd.installation.gateway_args import NodePortGateway


def test_a_cluster_is_reached_by_the_name_of_its_control_planes_node() -> None:
    assert node_address("back") == "back-control-plane"


def test_the_api_server_has_the_address_of_kinds_internal_kubeconfig() -> None:
    assert api_server("back") == "https://back-control-plane:6443"


def test_the_ports_are_such_as_kubernetes_gives_to_services() -> None:
    ports = NodePortGateway(address=node_address("back"), port=GATEWAY_PORT, probe_port=PROBE_PORT)

    assert dataclasses.asdict(ports) == {
        "address": "back-control-plane",
        "port": 30143,
        "probe_port": 30191,
    }
