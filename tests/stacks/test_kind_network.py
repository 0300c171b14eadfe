"""How kind clusters reach one another: by the name of a node, at ports that Services may have."""

import dataclasses

from components.linkerd.installation.gateway_args import NodePorts
from stacks.kind_network import NODE_PORTS, api_server, node_address


def test_a_cluster_is_reached_by_the_name_of_its_control_planes_node() -> None:
    assert node_address("back") == "back-control-plane"


def test_the_api_server_is_where_kinds_internal_kubeconfig_says() -> None:
    assert api_server("back") == "https://back-control-plane:6443"


def test_the_ports_are_such_as_kubernetes_gives_to_services() -> None:
    ports = NodePorts(address=node_address("back"), **NODE_PORTS)

    assert dataclasses.asdict(ports) == {
        "address": "back-control-plane",
        "port": 30143,
        "probe_port": 30191,
    }
