"""
What a Service's annotations ask of its load balancer; pure.

Messages are the controller's own. An annotation that the product does not use is refused instead of
being ignored, whether the genuine controller knows it or not.
Source: aws-load-balancer-controller v3.5.0, pkg/annotations, pkg/service/model_build_*.go
"""

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"

SCHEMES = ("internal", "internet-facing")

# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
# (API_LoadBalancerAttribute, API_TargetGroupAttribute), of Network Load Balancers, true or false
BALANCER_ATTRIBUTES = frozenset(
    {
        "deletion_protection.enabled",
        "load_balancing.cross_zone.enabled",
        "zonal_shift.config.enabled",
    }
)
TARGET_GROUP_ATTRIBUTES = frozenset(
    {"preserve_client_ip.enabled", "proxy_protocol_v2.enabled", "stickiness.enabled"}
)

KNOWN = frozenset(
    {
        "attributes",
        "healthcheck-path",
        "healthcheck-port",
        "healthcheck-protocol",
        "nlb-target-type",
        "scheme",
        "target-group-attributes",
    }
)


class ModelError(Exception):
    """What a Service asks for cannot be; said in its Event."""


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """How targets are checked; the rest is the controller's default."""

    protocol: str = "TCP"
    port: str = "traffic-port"
    path: str | None = None
    """None for TCP, which has none."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the annotations of one Service say."""

    scheme: str | None
    """None: that of the balancer there is, else the controller's default."""
    attributes: Mapping[str, str]
    target_group_attributes: Mapping[str, str]
    health_check: HealthCheck
    target_type: str | None


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
    scheme, target_type = own.get("scheme"), own.get("nlb-target-type")
    if scheme not in (None, *SCHEMES):
        raise ModelError(f"unknown scheme: {scheme}")
    return Asked(
        scheme=scheme,
        attributes=_attributes(own, "attributes", "Load balancer", BALANCER_ATTRIBUTES),
        target_group_attributes={
            "proxy_protocol_v2.enabled": "false",
            **_attributes(own, "target-group-attributes", "Target group", TARGET_GROUP_ATTRIBUTES),
        },
        health_check=_health_check(own),
        target_type=target_type,
    )


def _attributes(
    own: Mapping[str, str], suffix: str, what: str, known: frozenset[str]
) -> dict[str, str]:
    """Read pairs; refuse as the API does, before anything is made."""
    text, found = own.get(suffix, ""), {}
    for each in filter(None, (each.strip() for each in text.split(","))):
        key, sign, value = each.partition("=")
        if not sign or not key.strip():
            raise ModelError(f"failed to parse stringMap annotation, {PREFIX}{suffix}: {text}")
        if key not in known:
            raise ModelError(
                f"api error ValidationError: {what} attribute key '{key}' is not recognized"
            )
        if value not in ("true", "false"):
            raise ModelError(
                f"api error ValidationError: {what} attribute value '{value}' of key '{key}' must "
                "be 'true' or 'false'"
            )
        found[key] = value
    return found


def _health_check(own: Mapping[str, str]) -> HealthCheck:
    protocol = own.get("healthcheck-protocol", "TCP").upper()
    if protocol not in ("TCP", "HTTP", "HTTPS"):
        raise ModelError(f"unsupported health check protocol {own['healthcheck-protocol']}")
    port = own.get("healthcheck-port", "traffic-port")
    if port != "traffic-port" and not port.isdigit():
        raise ModelError(f"the sandbox's controller knows ports by number only (got {port})")
    path = own.get("healthcheck-path", "/") if protocol != "TCP" else None
    return HealthCheck(protocol=protocol, port=port, path=path)
