"""
What a Service's annotations ask of its load balancer; pure.

Messages are the controller's own. An annotation that it knows and this imitation does not is
refused instead of being ignored; so is one that nobody knows, which the genuine one ignores.
Source: aws-load-balancer-controller v3.5.0, pkg/annotations, pkg/service/model_build_*.go
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"

SCHEMES = ("internal", "internet-facing")

# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
# (API_LoadBalancerAttribute, API_TargetGroupAttribute), those of Network Load Balancers
BALANCER_ATTRIBUTES = frozenset(
    {
        "access_logs.s3.bucket",
        "access_logs.s3.enabled",
        "access_logs.s3.prefix",
        "deletion_protection.enabled",
        "dns_record.client_routing_policy",
        "load_balancing.cross_zone.enabled",
        "secondary_ips.auto_assigned.per_subnet",
        "zonal_shift.config.enabled",
    }
)
TARGET_GROUP_ATTRIBUTES = frozenset(
    {
        "deregistration_delay.connection_termination.enabled",
        "deregistration_delay.timeout_seconds",
        "load_balancing.cross_zone.enabled",
        "preserve_client_ip.enabled",
        "proxy_protocol_v2.enabled",
        "stickiness.enabled",
        "stickiness.type",
        "target_group_health.dns_failover.minimum_healthy_targets.count",
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        "target_health_state.unhealthy.connection_termination.enabled",
        "target_health_state.unhealthy.draining_interval_seconds",
    }
)
ROUTING_POLICIES = (
    "any_availability_zone",
    "partial_availability_zone_affinity",
    "availability_zone_affinity",
)


class ModelError(Exception):
    """What a Service asks for cannot be; said in its Event."""


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """How targets are checked; defaults are the controller's."""

    protocol: str = "TCP"
    port: str = "traffic-port"
    path: str | None = None
    """None for TCP, which has none."""
    success_codes: str | None = None
    interval_seconds: int = 10
    timeout_seconds: int = 10
    healthy: int = 3
    unhealthy: int = 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the annotations of one Service say."""

    scheme: str | None = None
    """None: that of the balancer there is, else the controller's default."""
    name: str | None = None
    subnets: tuple[str, ...] = ()
    private_addresses: tuple[str, ...] = ()
    attributes: Mapping[str, str]
    target_group_attributes: Mapping[str, str]
    tags: Mapping[str, str]
    health_check: HealthCheck
    target_type: str | None = None


KNOWN = frozenset(
    {
        "additional-resource-tags",
        "attributes",
        "healthcheck-healthy-threshold",
        "healthcheck-interval",
        "healthcheck-path",
        "healthcheck-port",
        "healthcheck-protocol",
        "healthcheck-success-codes",
        "healthcheck-timeout",
        "healthcheck-unhealthy-threshold",
        "name",
        "nlb-target-type",
        "private-ipv4-addresses",
        "scheme",
        "subnets",
        "target-group-attributes",
    }
)


def read(annotations: Mapping[str, str]) -> Asked:
    """Read the annotations of a Service."""
    own = {
        key.removeprefix(PREFIX): value
        for key, value in annotations.items()
        if key.startswith(PREFIX)
    }
    if unknown := sorted(set(own) - KNOWN):
        raise ModelError(
            f"the sandbox's controller does not know the annotation {PREFIX}{unknown[0]}. It is "
            "refused rather than ignored. Known: " + ", ".join(sorted(KNOWN))
        )
    scheme, name = own.get("scheme"), own.get("name")
    if scheme is not None and scheme not in SCHEMES:
        raise ModelError(f"unknown scheme: {scheme}")
    if name is not None and len(name) > 32:
        raise ModelError("load balancer name cannot be longer than 32 characters")
    return Asked(
        scheme=scheme,
        name=name,
        subnets=_listed(own.get("subnets", "")),
        private_addresses=_private_addresses(own.get("private-ipv4-addresses", "")),
        attributes=_balancer_attributes(own.get("attributes", "")),
        target_group_attributes=_target_group_attributes(own.get("target-group-attributes", "")),
        tags=_pairs("additional-resource-tags", own.get("additional-resource-tags", "")),
        health_check=_health_check(own),
        target_type=_target_type(own.get("nlb-target-type")),
    )


def _target_type(value: str | None) -> str | None:
    if value not in (None, "ip", "instance"):
        raise ModelError(
            f'unsupported target type "{value}" for load balancer type "service.k8s.aws/nlb"'
        )
    return value


def _private_addresses(text: str) -> tuple[str, ...]:
    found = _listed(text)
    for each in found:
        try:
            ipaddress.IPv4Address(each)
        except ValueError:
            raise ModelError(f"private IPv4 addresses must be valid IPv4 address: {each}") from None
    return found


def _balancer_attributes(text: str) -> dict[str, str]:
    found = _pairs("attributes", text)
    _check_known("Load balancer", found, BALANCER_ATTRIBUTES)
    policy = found.get("dns_record.client_routing_policy")
    if policy is not None and policy not in ROUTING_POLICIES:
        words = ", ".join(f"'{each}'" for each in ROUTING_POLICIES)
        raise ModelError(
            "invalid dns_record.client_routing_policy set in annotation "
            f"aws-load-balancer-attributes: got '{policy}' expected one of [{words}]"
        )
    return found


def _target_group_attributes(text: str) -> dict[str, str]:
    found = _pairs("target-group-attributes", text)
    _check_known("Target group", found, TARGET_GROUP_ATTRIBUTES)
    return {"proxy_protocol_v2.enabled": "false", **found}


def _check_known(what: str, found: Mapping[str, str], known: frozenset[str]) -> None:
    """Refuse as the API does, before anything is made; the controller would be told later."""
    for key, value in found.items():
        if key not in known:
            raise ModelError(
                f"api error ValidationError: {what} attribute key '{key}' is not recognized"
            )
        if key.endswith(".enabled") and value not in ("true", "false"):
            raise ModelError(
                f"api error ValidationError: {what} attribute value '{value}' of key '{key}' must "
                "be 'true' or 'false'"
            )


def _health_check(own: Mapping[str, str]) -> HealthCheck:
    protocol = own.get("healthcheck-protocol", "TCP").upper()
    if protocol not in ("TCP", "HTTP", "HTTPS"):
        raise ModelError(f"unsupported health check protocol {own['healthcheck-protocol']}")
    web = protocol != "TCP"
    return HealthCheck(
        protocol=protocol,
        port=own.get("healthcheck-port", "traffic-port"),
        path=own.get("healthcheck-path", "/") if web else None,
        success_codes=own.get("healthcheck-success-codes", "200-399") if web else None,
        interval_seconds=_number(own, "healthcheck-interval", 10),
        timeout_seconds=_number(own, "healthcheck-timeout", 10),
        healthy=_number(own, "healthcheck-healthy-threshold", 3),
        unhealthy=_number(own, "healthcheck-unhealthy-threshold", 3),
    )


def _number(own: Mapping[str, str], suffix: str, default: int) -> int:
    try:
        return int(own.get(suffix, default))
    except ValueError:
        raise ModelError(
            f"failed to parse int32 annotation, {PREFIX}{suffix}: {own[suffix]}"
        ) from None


def _pairs(suffix: str, text: str) -> dict[str, str]:
    found = {}
    for each in _listed(text):
        key, sign, value = each.partition("=")
        if not sign or not key.strip():
            raise ModelError(f"failed to parse stringMap annotation, {PREFIX}{suffix}: {text}")
        found[key.strip()] = value.strip()
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
