"""
The load balancer that a Service wants: names, groups, listeners, targets; pure.

Names and tags are the controller's own, so that what is found in AWS reads as on a genuine cluster.
Source: aws-load-balancer-controller v3.5.0, pkg/service/model_build_*.go,
pkg/deploy/tracking/provider.go
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.balancers.annotations import Asked, HealthCheck, ModelError, read

Object = dict[str, Any]
Rule = tuple[str, int, int]
"""What a group lets in: a range of addresses, the first and the last port."""

CLASS = "service.k8s.aws/nlb"
FINALIZER = "service.k8s.aws/resources"
CLUSTER_TAG = "elbv2.k8s.aws/cluster"
STACK_TAG = "service.k8s.aws/stack"
RESOURCE_TAG = "service.k8s.aws/resource"
GROUP = "ManagedLBSecurityGroup"
BALANCER = "LoadBalancer"


@dataclass(frozen=True, kw_only=True)
class TargetGroup:
    """Where the connections to one port of the Service go."""

    name: str
    resource: str
    """Its id among what belongs to the Service: namespace/name:port."""
    listener_port: int
    port: int
    health_check: HealthCheck
    targets: frozenset[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The load balancer of one Service; subnets and groups are found later."""

    stack: str
    """namespace/name of the Service."""
    asked: Asked
    scheme: str
    name: str
    group_name: str
    rules: frozenset[Rule]
    target_groups: tuple[TargetGroup, ...]
    tags: Mapping[str, str]
    """What everything carries: the cluster, the Service, and the controller's own tags."""
    node_ports: frozenset[int]
    """What must reach the pods: their ports and that of the health check."""


def is_handled(service: Object) -> bool:
    """Tell whether a Service is the controller's."""
    spec = service["spec"]
    return (
        spec.get("type") == "LoadBalancer"
        and spec.get("loadBalancerClass") == CLASS
        and "deletionTimestamp" not in service["metadata"]
    )


def is_left_behind(service: Object) -> bool:
    """Tell whether the controller must clear away what it made for a Service."""
    finalizers = service["metadata"].get("finalizers") or []
    return FINALIZER in finalizers and not is_handled(service)


def wanted(
    service: Object,
    slices: Sequence[Object],
    *,
    cluster: str,
    scheme: str,
    target_type: str,
    tags: Mapping[str, str],
) -> Wanted:
    """Read what a Service wants; the last three are the controller's defaults."""
    asked = read(service["metadata"].get("annotations") or {})
    if (asked.target_type or target_type) != "ip":
        raise ModelError(
            "the sandbox's controller makes targets of type ip only (got "
            f"{asked.target_type or target_type}). Use: the annotation nlb-target-type: ip"
        )
    groups = tuple(_target_group(service, each, slices, asked, cluster) for each in _ports(service))
    scheme = asked.scheme or scheme
    return Wanted(
        stack=stack_of(service),
        asked=asked,
        scheme=scheme,
        name=_named(service, cluster, service["metadata"]["uid"], scheme),
        group_name=_named(service, cluster, *_identity(service)),
        rules=frozenset(
            (block, each.listener_port, each.listener_port)
            for each in groups
            for block in _source_ranges(service)
        ),
        target_groups=groups,
        tags={**tags, **own_tags(cluster, stack_of(service))},
        node_ports=frozenset(port for each in groups for port in _node_ports(each)),
    )


def stack_of(service: Object) -> str:
    """Name what belongs to a Service in AWS."""
    return f"{service['metadata']['namespace']}/{service['metadata']['name']}"


def own_tags(cluster: str, stack: str) -> dict[str, str]:
    """Give the tags by which the controller finds what belongs to a Service."""
    return {CLUSTER_TAG: cluster, STACK_TAG: stack}


def backend_group_name(cluster: str) -> str:
    """Name the group that all balancers of a cluster share, which the nodes let in."""
    sanitized = re.sub(r"[^a-zA-Z0-9]", "", cluster)
    return f"k8s-traffic-{sanitized[:232]}-{_digest(cluster)}"


def hostname(name: str, arn: str, region: str) -> str:
    """Name a Network Load Balancer; the emulation names all as it does Application ones."""
    return f"{name}-{arn.rpartition('/')[2]}.elb.{region}.amazonaws.com".lower()


def _ports(service: Object) -> list[Object]:
    ports: list[Object] = service["spec"].get("ports") or []
    for port in ports:
        if port.get("protocol", "TCP") != "TCP":
            raise ModelError(f"the sandbox's controller knows TCP only (got {port['protocol']})")
    return ports


def _source_ranges(service: Object) -> list[str]:
    ranges: list[str] = service["spec"].get("loadBalancerSourceRanges") or ["0.0.0.0/0"]
    for block in ranges:
        if ":" in block:
            raise ModelError(f"unsupported v6 cidr {block} when lb is not dualstack")
    return ranges


def _target_group(
    service: Object, port: Object, slices: Sequence[Object], asked: Asked, cluster: str
) -> TargetGroup:
    target, check = port.get("targetPort", port["port"]), asked.health_check
    # Not in the data path: each target has its own port.
    number = target if isinstance(target, int) else 1
    facts = (number, port["port"], "ip", "TCP", check.protocol, 10)
    uid = service["metadata"]["uid"]
    return TargetGroup(
        name=_named(service, cluster, uid, uid, *facts),
        resource=f"{stack_of(service)}:{port['port']}",
        listener_port=port["port"],
        port=number,
        health_check=check,
        targets=frozenset(_targets(slices, port.get("name", ""))),
    )


def _targets(slices: Sequence[Object], port: str) -> list[tuple[str, int]]:
    return [
        (address, each["port"])
        for piece in slices
        for each in piece.get("ports") or []
        if (each.get("name") or "") == port and each.get("port")
        for endpoint in piece.get("endpoints") or []
        if (endpoint.get("conditions") or {}).get("ready")
        for address in endpoint["addresses"]
    ]


def _node_ports(group: TargetGroup) -> set[int]:
    ports = {port for _, port in group.targets} or ({group.port} - {1})
    check = group.health_check.port
    return ports | ({int(check)} if check.isdigit() else set())


def _identity(service: Object) -> tuple[str, str, str]:
    own = service["metadata"]
    return own["name"], own["namespace"], own["uid"]


def _named(service: Object, cluster: str, *facts: object) -> str:
    namespace, name = (
        re.sub(r"[^a-zA-Z0-9]", "", service["metadata"][key])[:8] for key in ("namespace", "name")
    )
    return f"k8s-{namespace}-{name}-{_digest(cluster, *facts)}"


def _digest(*facts: object) -> str:
    return hashlib.sha256("".join(str(each) for each in facts).encode()).hexdigest()[:10]
