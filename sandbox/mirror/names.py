"""
What names resolve to, as a pod's resolver would tell: the sandbox has no DNS.

Names of AWS' load balancers are those that the sandbox's own balancers wrote down; real DNS is
never asked for them. For names of kind's nodes Docker answers in the network that all kind clusters
share: a pod reaches another cluster by the name of its control plane's node, its API server at port
6443, whose certificate holds that name, and node ports. Here the name leads to the address that
KWOK's node has, where nobody listens, and the API server's URL to the loopback port. Any other name
is this machine's matter.
Source: kubernetes-sigs/kind, pkg/cluster/internal/{kubeconfig,providers/common}, images/base
"""

import asyncio
import socket
from typing import Any
from urllib.parse import urlsplit

from sandbox.balancers import hostnames
from sandbox.cluster_folder import cluster_api, cluster_names, read_record, server_address
from sandbox.home import Home, SandboxError

API_SERVER_PORT = 6443
CONTROL_PLANE = "-control-plane"


async def resolve(host: str) -> list[str]:
    """Give the addresses of a name; none if it does not resolve."""
    home = Home.current()
    if hostnames.is_ours(host):
        return hostnames.resolve(home, host)
    if host.endswith(CONTROL_PLANE):
        return await asyncio.to_thread(_addresses_of_node, home, host)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in found]


def api_server(url: str) -> tuple[str, str | None]:
    """Say where a URL leads to, and which name its certificate must hold if it is not the URL's."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(CONTROL_PLANE) and parts.port == API_SERVER_PORT:
        home = Home.current()
        if (cluster := _cluster_of(home, host)) is not None:
            return server_address(home, cluster), host
    return url, None


def node_addresses(node: dict[str, Any]) -> list[str]:
    """Read the internal addresses of a Node."""
    told = (node.get("status") or {}).get("addresses") or []
    return [str(each["address"]) for each in told if each["type"] == "InternalIP"]


def _addresses_of_node(home: Home, host: str) -> list[str]:
    cluster = _cluster_of(home, host)
    if cluster is None:
        return []
    try:
        return node_addresses(cluster_api(home, cluster).get(f"/api/v1/nodes/{host}") or {})
    except (OSError, SandboxError):  # deleted while it was read
        return []


def _cluster_of(home: Home, host: str) -> str | None:
    """Name the cluster whose API server's certificate holds the name of a node; None if none."""
    for name in cluster_names(home):
        if host in read_record(home, name).get("server_names", ()):
            return name
    return None
