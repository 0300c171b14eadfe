"""
The names of kind's nodes: Docker answers for them in the network that all kind clusters share.

A pod of one kind cluster reaches another by the name of its control plane's node: its API server at
port 6443, whose certificate holds that name, and node ports. Here the name leads to the address
that KWOK's node has, where nobody listens, and the API server's URL to the loopback port.
Source: kubernetes-sigs/kind, pkg/cluster/internal/{kubeconfig,providers/common}, images/base
"""

from urllib.parse import urlsplit

from sandbox.cluster_folder import cluster_api, cluster_names, read_record, server_address
from sandbox.home import Home, SandboxError

API_SERVER_PORT = 6443
CONTROL_PLANE = "-control-plane"


def is_node(url: str) -> bool:
    """Tell whether a URL's host can be the node of a kind cluster's control plane, by its name."""
    return (urlsplit(url).hostname or "").endswith(CONTROL_PLANE)


def cluster_of(home: Home, host: str) -> str | None:
    """Name the cluster whose API server's certificate holds the name of a node; None if none."""
    for name in cluster_names(home):
        if host in read_record(home, name).get("server_names", ()):
            return name
    return None


def addresses(home: Home, host: str) -> list[str]:
    """Give the address of a node by its name; none if there is no such node."""
    cluster = cluster_of(home, host)
    if cluster is None:
        return []
    try:
        node = cluster_api(home, cluster).get(f"/api/v1/nodes/{host}")
    except (OSError, SandboxError):  # deleted while it was read
        return []
    return node_addresses(node or {})


def node_addresses(node: dict[str, object]) -> list[str]:
    """Read the internal addresses of a Node."""
    status = node.get("status")
    told = status.get("addresses") if isinstance(status, dict) else None
    return [str(each["address"]) for each in told or [] if each["type"] == "InternalIP"]


def api_server(home: Home, url: str) -> tuple[str, str | None]:
    """Say where a URL leads to, and which name its certificate must hold if it is not the URL's."""
    parts = urlsplit(url)
    cluster = cluster_of(home, parts.hostname or "")
    if cluster is None or parts.port != API_SERVER_PORT:
        return url, None
    return server_address(home, cluster), parts.hostname
