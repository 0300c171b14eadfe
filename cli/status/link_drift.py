"""Comparison of a `Link` on its source with what the stack of its links deploys."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import LinkPlan
from linkmesh.linkerd.links.link_fields import (
    MARK_PREFIX,
    PROBE_DEFAULTS,
    GatewayFields,
    link_fields,
)
from linkmesh.linkerd.ports import GATEWAY_PORT, PROBE_PORT


def changed(link: LinkPlan, spec: Mapping[str, Any], contract: Mapping[str, Any]) -> list[str]:
    """
    List the fields that are not as described.

    Args:
        spec: spec of the `Link` on the API server.
        contract: the output `cluster` of the target's stack.
    """
    described, found = (
        {**each, "probeSpec": {**PROBE_DEFAULTS, **(each.get("probeSpec") or {})}}
        for each in (described_spec(link, contract), spec)
    )
    return sorted(
        key for key in described if _as_compared(described[key]) != _as_compared(found.get(key))
    )


def described_spec(link: LinkPlan, contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec that the stack of its links deploys, without the mark."""
    gateway = GatewayFields(
        address=contract["gatewayAddress"],
        identity=contract["gatewayIdentity"],
        port=str(int(contract.get("gatewayPort", GATEWAY_PORT))),
        probe_port=str(int(contract.get("probePort", PROBE_PORT))),
    )
    return link_fields(
        target=link.target,
        cluster_domain=link.target_domain,
        gateway=gateway if link.target_has_gateway else None,
        mark=MARK_PREFIX,
        labels=link.labels,
    )


def _as_compared(value: Any) -> Any:
    """Remove what may differ: the mark, and empty values, which API servers drop."""
    if isinstance(value, list):
        return [each for each in value if not str(each).startswith(MARK_PREFIX)] or None
    return value or None
