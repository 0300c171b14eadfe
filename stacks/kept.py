"""
Pieces of a description as the plain values that stacks keep, and back; pure.

What is written here is read years later: a name, once written, keeps its meaning, and what an older
version did not write is read as what it then was.
"""

from collections.abc import Mapping
from typing import Any

from components.linkerd.identity.cert_manager import CertManager
from components.node_group import Ami
from components.subnets import Nat

from .environment import (
    AccessEntry,
    Alias,
    Eks,
    Existing,
    Export,
    Kind,
    Linkerd,
    Member,
    Mode,
    Protocol,
    Role,
    Route,
    Unmeshed,
    Yelb,
)

Share = Mapping[str, Any]
"""What one stack keeps: plain values, as they are in JSON."""


def of_cluster(member: Member) -> dict[str, Any]:
    """Write a cluster."""
    if isinstance(member, Kind):
        return {"kind": "kind", "name": member.name, "workers": member.workers}
    if isinstance(member, Existing):
        return {
            "kind": "existing",
            "name": member.name,
            "egress": list(member.egress),
            "apiServer": member.api_server,
            "nodes": member.nodes,
        }
    return {
        "kind": "eks",
        "name": member.name,
        "region": member.region,
        "cidr": member.cidr,
        "kubernetes": member.kubernetes,
        "nodes": member.nodes,
        "instanceTypes": list(member.instance_types),
        "diskGib": member.disk_gib,
        "ami": member.ami.name,
        "nat": member.nat.value,
        "logRetentionDays": member.log_retention_days,
        "flowLogRetentionDays": member.flow_log_retention_days,
        "protect": member.protect,
    }


def cluster(kept: Any) -> Member | None:
    """Read a cluster; None if there is none."""
    if not isinstance(kept, dict):
        return None
    name = str(kept["name"])
    if kept["kind"] == "kind":
        return Kind(name, workers=kept["workers"])
    if kept["kind"] == "existing":
        return Existing(
            name,
            egress=tuple(kept["egress"]),
            api_server=kept.get("apiServer"),
            nodes=kept.get("nodes", 3),
        )
    return Eks(
        name,
        region=kept["region"],
        cidr=kept["cidr"],
        kubernetes=kept["kubernetes"],
        nodes=kept["nodes"],
        instance_types=tuple(kept["instanceTypes"]),
        disk_gib=kept["diskGib"],
        ami=Ami[kept["ami"]],
        nat=Nat(kept["nat"]),
        log_retention_days=kept.get("logRetentionDays", 90),
        flow_log_retention_days=kept["flowLogRetentionDays"],
        protect=kept["protect"],
    )


def of_export(exported: Export) -> dict[str, Any]:
    """Write an export."""
    return {
        "service": exported.service,
        "namespace": exported.namespace,
        "of": exported.of,
        "to": None if exported.to is None else list(exported.to),
        "mode": exported.mode.value,
    }


def export(kept: Share) -> Export:
    """Read an export."""
    known = dict(kept)
    return Export(known.pop("service"), **{**known, "mode": Mode(known["mode"])})


def of_entry(granted: AccessEntry) -> dict[str, Any]:
    """Write who may do what."""
    role = granted.role.value if isinstance(granted.role, Role) else granted.role
    return {"principal": granted.principal, "role": role, "namespaces": list(granted.namespaces)}


def entry(kept: Share) -> AccessEntry:
    """Read who may do what."""
    roles = {role.value: role for role in Role}
    role, namespaces = str(kept["role"]), tuple(kept["namespaces"])
    return AccessEntry(kept["principal"], roles.get(role, role), namespaces=namespaces)


def of_route(split: Route) -> dict[str, Any]:
    """Write a route."""
    return {
        "service": split.service,
        "namespace": split.namespace,
        "on": split.on,
        "port": split.port,
        "weights": dict(split.weights),
    }


def route(kept: Share) -> Route:
    """Read a route; numbers come through some backends as floats."""
    return Route(
        str(kept["service"]),
        namespace=kept["namespace"],
        on=kept["on"],
        port=int(kept["port"]),
        weights={name: int(weight) for name, weight in kept["weights"].items()},
    )


def of_alias(alias: Alias) -> dict[str, Any]:
    """Write an alias."""
    return {
        "service": alias.service,
        "namespace": alias.namespace,
        "on": alias.on,
        "of": alias.of,
        "port": alias.port,
        "protocol": alias.protocol.name,
        "isThere": alias.is_there,
    }


def alias(kept: Share) -> Alias:
    """Read an alias; numbers come through some backends as floats."""
    return Alias(
        str(kept["service"]),
        namespace=kept["namespace"],
        on=kept["on"],
        of=kept["of"],
        port=int(kept["port"]),
        protocol=Protocol[kept["protocol"]],
        is_there=bool(kept["isThere"]),
    )


def of_application(yelb: Yelb | None) -> dict[str, Any] | None:
    """Write where the application runs."""
    if yelb is None:
        return None
    return {
        "ui": yelb.ui,
        "appserver": yelb.appserver,
        "database": yelb.database,
        "namespace": yelb.namespace,
        "copies": list(yelb.copies),
    }


def application(kept: Share | None) -> Yelb | None:
    """Read where the application runs; None if there is none."""
    return None if kept is None else Yelb(**{**kept, "copies": tuple(kept["copies"])})


def of_exception(unmeshed: Unmeshed) -> dict[str, Any]:
    """Write who is not in the mesh."""
    return {
        "namespace": unmeshed.namespace,
        "workload": unmeshed.workload,
        "why": unmeshed.why,
    }


def exception(kept: Share) -> Unmeshed:
    """Read who is not in the mesh."""
    return Unmeshed(**kept)


def of_linkerd(linkerd: Linkerd) -> dict[str, Any]:
    """Write how Linkerd is installed, but for its version, which each cluster has beside it."""
    tracing = linkerd.proxy.tracing
    resources = linkerd.proxy.resources
    return {
        "profile": linkerd.profile.value,
        "registry": linkerd.registry,
        "cni": linkerd.cni,
        "viz": linkerd.viz,
        "adminPort": linkerd.proxy.admin_port,
        "tracing": tracing.endpoint if tracing else None,
        "proxy": {key: value for key, value in vars(resources).items() if value is not None},
    }


def of_cert_manager(cert_manager: CertManager | None) -> str | None:
    """Write who signs the issuers; None if they are made here."""
    return f"{cert_manager.kind} {cert_manager.issuer}" if cert_manager else None
