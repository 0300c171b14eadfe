"""Reads how Linkerd is installed on a cluster: its gateway, its domain, and its Helm releases."""

from collections.abc import Mapping
from typing import Any

from lightkube import Client
from lightkube.resources.core_v1 import ConfigMap, Service

from linkmesh.linkerd.labels import (
    CONFIG,
    CONTROL_PLANE_NAMESPACE,
    GATEWAY,
    GATEWAY_IDENTITY,
    GATEWAY_PORT_NAME,
    MULTICLUSTER_NAMESPACE,
    PROBE_PORT_NAME,
)
from linkmesh.yaml_text import parsed

from .observations import Gateway, Release


def gateway(client: Client) -> Gateway | None:
    """Read the Service of the gateway, with the ports at which sources reach it."""
    found: Any = client.get(Service, GATEWAY, namespace=MULTICLUSTER_NAMESPACE)
    balancer = found.status.loadBalancer if found.status else None
    ports = {each.name: each for each in (found.spec.ports if found.spec else None) or []}
    on_nodes = bool(found.spec) and found.spec.type == "NodePort"

    def port(name: str) -> int | None:
        each = ports.get(name)
        return None if each is None else (each.nodePort if on_nodes else each.port)

    return Gateway(
        port=port(GATEWAY_PORT_NAME),
        probe_port=port(PROBE_PORT_NAME),
        identity=(found.metadata.annotations or {}).get(GATEWAY_IDENTITY, ""),
        balanced=bool(found.spec) and found.spec.type == "LoadBalancer",
        addresses=[
            each.hostname or each.ip or ""
            for each in (balancer.ingress if balancer else None) or []
        ],
    )


def releases(secrets: Mapping[tuple[str, str], Any]) -> list[Release]:
    """
    List the newest revision of each release, by the labels of the Secrets that Helm stores it in.

    Source: helm, pkg/storage/driver/secrets.go
    """
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    for (namespace, _), each in secrets.items():
        labels = each.metadata.labels or {}
        if labels.get("owner") == "helm" and labels.get("version", "").isdigit():
            key, found = (namespace, labels["name"]), (int(labels["version"]), labels["status"])
            newest[key] = max(newest.get(key, found), found)
    return [
        Release(namespace=namespace, name=name, status=status)
        for (namespace, name), (_, status) in sorted(newest.items())
    ]


def domain(client: Client) -> str:
    """Read the suffix of the cluster's DNS names, from the configuration of Linkerd."""
    found: Any = client.get(ConfigMap, CONFIG, namespace=CONTROL_PLANE_NAMESPACE)
    values = parsed((found.data or {}).get("values", "")) or {}
    return str(values.get("clusterDomain") or "")
