"""
How kind clusters on one machine reach one another: by the names of their nodes.

All nodes are containers of one Docker network, which resolves their names, and CoreDNS asks it. The
API server's certificate holds the name of the control plane's node, as does kind's internal
kubeconfig. There is no load balancer, so a gateway is a port of every node.
Source: https://kind.sigs.k8s.io/docs/user/configuration/ and kind, pkg/cluster/internal/kubeconfig
"""

from .ports import GATEWAY_NODE_PORT, PROBE_NODE_PORT

# Ports of every node for the gateway; the same on every cluster, since each has nodes of its own.
GATEWAY_PORT = GATEWAY_NODE_PORT
PROBE_PORT = PROBE_NODE_PORT

# Source: kind, pkg/cluster/internal/providers/common (APIServerInternalPort)
API_SERVER_PORT = 6443


def node_address(cluster: str) -> str:
    """Name a node of a cluster, as kind names its control plane."""
    return f"{cluster}-control-plane"


def api_server(cluster: str) -> str:
    """Make the URL at which pods of the machine's other kind clusters reach an API server."""
    return f"https://{node_address(cluster)}:{API_SERVER_PORT}"
