"""
Serialization of a description: its pieces as plain values, and back.

Records are read years after they were written: a key, once written, has one meaning for ever, and a
key that an older version did not write is read as what that version then did.
"""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import (
    AccessEntry,
    AccessPolicy,
    Alias,
    AliasProtocol,
    ClusterSpec,
    Eks,
    Existing,
    Export,
    Kind,
    Linkerd,
    LinkMode,
    Route,
    Unmeshed,
    Yelb,
)
from linkmesh.linkerd.identity.cert_manager import CertManagerIssuer
from linkmesh.node_group import Ami
from linkmesh.subnets import NatGateways

from .existing import existing, of_existing

Serialized = Mapping[str, Any]
"""One piece of a description as plain values, as they are in JSON."""


def of_cluster(cluster_spec: ClusterSpec) -> dict[str, Any]:
    """Serialize a cluster."""
    if isinstance(cluster_spec, Kind):
        return {"kind": "kind", "name": cluster_spec.name, "workers": cluster_spec.workers}
    if isinstance(cluster_spec, Existing):
        return of_existing(cluster_spec)
    return {
        "kind": "eks",
        "name": cluster_spec.name,
        "region": cluster_spec.region,
        "cidr": cluster_spec.cidr,
        "kubernetes": cluster_spec.kubernetes,
        "nodes": cluster_spec.nodes,
        "instanceTypes": list(cluster_spec.instance_types),
        "diskGib": cluster_spec.disk_gib,
        "ami": cluster_spec.ami.name,
        "nat": cluster_spec.nat.value,
        "logRetentionDays": cluster_spec.log_retention_days,
        "flowLogRetentionDays": cluster_spec.flow_log_retention_days,
        "protect": cluster_spec.protect,
    }


def cluster(record: Any) -> ClusterSpec | None:
    """Parse a cluster; None if there is none. Some backends return numbers as floats."""
    if not isinstance(record, dict):
        return None
    name = str(record["name"])
    if record["kind"] == "kind":
        return Kind(name, workers=int(record["workers"]))
    if record["kind"] == "existing":
        return existing(record)
    flow_logs = record["flowLogRetentionDays"]
    return Eks(
        name,
        region=record["region"],
        cidr=record["cidr"],
        kubernetes=record["kubernetes"],
        nodes=int(record["nodes"]),
        instance_types=tuple(record["instanceTypes"]),
        disk_gib=int(record["diskGib"]),
        ami=Ami[record["ami"]],
        nat=NatGateways(record["nat"]),
        log_retention_days=int(record.get("logRetentionDays", 90)),
        flow_log_retention_days=None if flow_logs is None else int(flow_logs),
        protect=record["protect"],
    )


def of_export(exported: Export) -> dict[str, Any]:
    """Serialize an export."""
    return {
        "service": exported.service,
        "namespace": exported.namespace,
        "of": exported.of,
        "to": None if exported.to is None else list(exported.to),
        "mode": exported.mode.value,
        # Only what is so: records of older versions have neither.
        **({"headless": True} if exported.headless else {}),
        **({"is_labelled": True} if exported.is_labelled else {}),
    }


def export(record: Serialized) -> Export:
    """Parse an export."""
    known = dict(record)
    return Export(known.pop("service"), **{**known, "mode": LinkMode(known["mode"])})


def of_access_entry(granted: AccessEntry) -> dict[str, Any]:
    """Serialize an access entry."""
    policy = granted.policy.value if isinstance(granted.policy, AccessPolicy) else granted.policy
    return {
        "principal": granted.principal_arn,
        "role": policy,
        "namespaces": list(granted.namespaces),
    }


def access_entry(record: Serialized) -> AccessEntry:
    """Parse an access entry."""
    policies = {policy.value: policy for policy in AccessPolicy}
    policy, namespaces = str(record["role"]), tuple(record["namespaces"])
    return AccessEntry(record["principal"], policies.get(policy, policy), namespaces=namespaces)


def of_route(split: Route) -> dict[str, Any]:
    """Serialize a route."""
    return {
        "service": split.service,
        "namespace": split.namespace,
        "on": split.on,
        "port": split.port,
        "weights": dict(split.weights),
    }


def route(record: Serialized) -> Route:
    """Parse a route; some backends return numbers as floats."""
    return Route(
        str(record["service"]),
        namespace=record["namespace"],
        on=record["on"],
        port=int(record["port"]),
        weights={name: int(weight) for name, weight in record["weights"].items()},
    )


def of_alias(alias: Alias) -> dict[str, Any]:
    """Serialize an alias."""
    return {
        "service": alias.service,
        "namespace": alias.namespace,
        "on": alias.on,
        "of": alias.of,
        "port": alias.port,
        "protocol": alias.protocol.name,
        "isThere": alias.is_there,
    }


def alias(record: Serialized) -> Alias:
    """Parse an alias; some backends return numbers as floats."""
    return Alias(
        str(record["service"]),
        namespace=record["namespace"],
        on=record["on"],
        of=record["of"],
        port=int(record["port"]),
        protocol=AliasProtocol[record["protocol"]],
        is_there=bool(record["isThere"]),
    )


def of_application(yelb: Yelb | None) -> dict[str, Any] | None:
    """Serialize where the application runs."""
    if yelb is None:
        return None
    return {
        "ui": yelb.ui,
        "appserver": yelb.appserver,
        "database": yelb.database,
        "namespace": yelb.namespace,
        "copies": list(yelb.copies),
    }


def application(record: Serialized | None) -> Yelb | None:
    """Parse where the application runs; None if there is none."""
    return None if record is None else Yelb(**{**record, "copies": tuple(record["copies"])})


def of_unmeshed(exception: Unmeshed) -> dict[str, Any]:
    """Serialize an exception from the mesh."""
    return {
        "namespace": exception.namespace,
        "workload": exception.workload,
        "why": exception.why,
    }


def unmeshed(record: Serialized) -> Unmeshed:
    """Parse an exception from the mesh."""
    return Unmeshed(**record)


def of_linkerd(linkerd: Linkerd) -> dict[str, Any]:
    """Serialize how Linkerd is installed, without its version, which can differ by cluster."""
    tracing = linkerd.proxy.tracing
    resources = linkerd.proxy.resources
    return {
        "profile": linkerd.profile.value,
        "registry": linkerd.registry,
        "cni": linkerd.cni,
        "viz": linkerd.viz,
        "check": linkerd.allows_check,
        "adminPort": linkerd.proxy.admin_port,
        "tracing": tracing.endpoint if tracing else None,
        "proxy": {key: value for key, value in vars(resources).items() if value is not None},
    }


def of_cert_manager(cert_manager: CertManagerIssuer | None) -> str | None:
    """Serialize what signs the issuers; None if linkmesh makes them."""
    return f"{cert_manager.kind} {cert_manager.name}" if cert_manager else None
