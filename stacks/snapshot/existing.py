"""Serialization of an existing cluster: what is said of it, as plain values, and back."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import Existing, LoadBalancer, NodePorts
from linkmesh.environment.gateways import GatewayService
from linkmesh.names import CLUSTER_DOMAIN


def of_existing(existing: Existing) -> dict[str, Any]:
    """Serialize an existing cluster."""
    return {
        "kind": "existing",
        "name": existing.name,
        "egress": list(existing.egress),
        "apiServer": existing.api_server,
        "nodes": existing.nodes,
        "clusterDomain": existing.cluster_domain,
        "flatWith": list(existing.flat_with),
        "gatewayService": _of_gateway(existing.gateway_service),
        "namespaces": list(existing.namespaces),
        "gatewayApi": existing.gateway_api,
        "hasLinkerd": existing.has_linkerd,
    }


def existing(record: Mapping[str, Any]) -> Existing:
    """Parse an existing cluster; older versions said nothing of what is on it."""
    return Existing(
        str(record["name"]),
        egress=tuple(record["egress"]),
        api_server=record.get("apiServer"),
        nodes=int(record.get("nodes", 3)),
        cluster_domain=record.get("clusterDomain", CLUSTER_DOMAIN),
        flat_with=tuple(record.get("flatWith", ())),
        gateway_service=_gateway(record.get("gatewayService")),
        namespaces=tuple(record.get("namespaces", ())),
        gateway_api=record.get("gatewayApi"),
        has_linkerd=bool(record.get("hasLinkerd", False)),
    )


def _of_gateway(service: GatewayService | None) -> dict[str, Any] | None:
    if isinstance(service, NodePorts):
        return {"address": service.address, "port": service.port, "probePort": service.probe_port}
    if service is None:
        return None
    return {
        "address": service.address,
        "class": service.load_balancer_class,
        "annotations": dict(service.annotations),
    }


def _gateway(record: Any) -> GatewayService | None:
    """Parse a gateway's Service; some backends return numbers as floats."""
    if record is None:
        return None
    if "port" in record:
        return NodePorts(
            record["address"], port=int(record["port"]), probe_port=int(record["probePort"])
        )
    return LoadBalancer(
        address=record["address"],
        load_balancer_class=record["class"],
        annotations=dict(record["annotations"]),
    )
