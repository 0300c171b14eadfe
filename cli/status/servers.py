"""
Servers of Linkerd that select the same port of the same pods.

Linkerd's webhook accepts them. The policy controller uses the oldest and ignores the others, so an
older open Server leaves a port open that a newer one closes.
Source: linkerd2, policy-controller/k8s/index/src/inbound/index.rs (servers.sort_by)
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lightkube import Client
from lightkube.generic_resource import create_namespaced_resource
from lightkube.resources.core_v1 import Pod

from linkmesh.linkerd.labels import POLICY_GROUP, SERVER_VERSION

from .observations import ServerOverlap

Server = create_namespaced_resource(POLICY_GROUP, SERVER_VERSION, "Server", "servers")

Labels = Mapping[str, str]


def overlaps(client: Client) -> list[ServerOverlap]:
    """Find Servers of one port of the same pods; reads pods only where ports are the same."""
    servers: list[Any] = list(client.list(Server, namespace="*", chunk_size=500))
    pods: dict[str, list[Labels]] = {}
    found = []
    for used, ignored in candidates(servers):
        namespace = used.metadata.namespace
        if namespace not in pods:
            listed = client.list(Pod, namespace=namespace, chunk_size=500)
            pods[namespace] = [pod.metadata.labels or {} for pod in listed if pod.metadata]
        if any(selects(used, labels) and selects(ignored, labels) for labels in pods[namespace]):
            found.append(_overlap(used, ignored))
    return found


def candidates(servers: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """List pairs in one namespace with one port, the one that Linkerd uses first."""
    ordered = sorted(
        (each for each in servers if _spec(each).get("podSelector") is not None),
        key=lambda each: (each.metadata.creationTimestamp, each.metadata.name),
    )
    for one, other in itertools.combinations(ordered, 2):
        same_namespace = one.metadata.namespace == other.metadata.namespace
        if same_namespace and _spec(one).get("port") == _spec(other).get("port"):
            yield one, other


def selects(server: Any, labels: Labels) -> bool:
    """Return whether a Server selects a pod with these labels."""
    selector = _spec(server)["podSelector"]
    exact = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in exact.items()) and all(
        _holds(each, labels) for each in selector.get("matchExpressions") or []
    )


def _holds(expression: Mapping[str, Any], labels: Labels) -> bool:
    key, values = expression["key"], expression.get("values") or []
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[expression["operator"]]


def _spec(server: Any) -> Mapping[str, Any]:
    return server.get("spec") or {}


def _overlap(used: Any, ignored: Any) -> ServerOverlap:
    return ServerOverlap(
        namespace=used.metadata.namespace,
        port=str(_spec(used).get("port")),
        used=used.metadata.name,
        policy=str(_spec(used).get("accessPolicy") or "deny"),
        ignored=ignored.metadata.name,
    )
