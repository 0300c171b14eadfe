"""
Nodes of a cluster, which KWOK plays: they are ready at once and run nothing.

Nodes come before pods: EndpointSlices of a pod whose Node object does not exist yet stay empty for
a long time.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox import kwok
from sandbox.cluster_folder import cluster_api, read_record
from sandbox.home import Home, SandboxError
from sandbox.kubernetes_api import KubernetesApi

PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Node:
    """A node that KWOK plays."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[dict[str, str]] = field(default_factory=list)


def add_nodes(home: Home, name: str, nodes: Sequence[Node]) -> None:
    """Add nodes, and wait until pods can run on them."""
    api = cluster_api(home, name)
    items = api.get("/api/v1/nodes")["items"]
    addresses = _free_node_addresses(items, first=read_record(home, name).get("number", 0))
    for node in nodes:
        api.post("/api/v1/nodes", _node_manifest(node, address=next(addresses)))
    _await_ready(api, {node.name for node in nodes})


def remove_nodes(home: Home, name: str, names: Sequence[str]) -> None:
    """Remove nodes and the pods on them; one that is gone already is no error."""
    api = cluster_api(home, name)
    for node in names:
        # The node first: the scheduler would put the pods' successors on it again.
        api.delete(f"/api/v1/nodes/{node}")
        for pod in api.get(f"/api/v1/pods?fieldSelector=spec.nodeName%3D{node}")["items"]:
            space, own = pod["metadata"]["namespace"], pod["metadata"]["name"]
            api.delete(f"/api/v1/namespaces/{space}/pods/{own}?gracePeriodSeconds=0")


def _node_manifest(node: Node, *, address: str) -> dict[str, Any]:
    labels = {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        **node.labels,
    }
    size = {"cpu": "16", "memory": "64Gi", "pods": "110"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "labels": labels,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {"taints": node.taints},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": address},
                {"type": "Hostname", "address": node.name},
            ],
            "allocatable": size,
            "capacity": size,
            # The rest of it is KWOK's.
            "nodeInfo": {"kubeletVersion": kwok.KUBERNETES_VERSION},
        },
    }


def _free_node_addresses(items: Sequence[dict[str, Any]], *, first: int = 0) -> Iterator[str]:
    """
    Give addresses that no node has, of the benchmarks' range, which nobody routes (RFC 2544).

    Clusters begin at different networks, so that small ones share no address.
    """
    used = {one["address"] for item in items for one in item["status"].get("addresses", [])}
    for number in range(256 * 250):
        address = f"198.18.{(first + number // 250) % 256}.{number % 250 + 1}"
        if address not in used:
            yield address


def _await_ready(api: KubernetesApi, names: set[str]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while left := names - set(map(_name, filter(_takes_pods, api.get("/api/v1/nodes")["items"]))):
        if time.monotonic() > until:
            raise SandboxError(
                f"nodes must take pods within {PATIENCE_SECONDS:.0f} s ({', '.join(sorted(left))} "
                "do not). What the cluster's processes say is in its folder under logs."
            )
        time.sleep(PAUSE_SECONDS)


def _name(node: dict[str, Any]) -> str:
    return str(node["metadata"]["name"])


def _takes_pods(node: dict[str, Any]) -> bool:
    """Tell whether a node is ready, and the controllers took their not-ready taint away."""
    conditions = node["status"].get("conditions", [])
    taints = [taint["key"] for taint in node["spec"].get("taints", [])]
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and "node.kubernetes.io/not-ready" not in taints
