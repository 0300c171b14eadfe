"""Whether a `Link` on its source is what the part `links` makes; pure."""

from collections.abc import Mapping
from typing import Any

from components.environment import LinkPlan
from components.linkerd.installation.installed import GatewayEndpoint
from components.linkerd.links.grant import LinkGrant
from components.linkerd.links.link_objects import MARK_PREFIX, link_spec
from components.linkerd.mode import LinkMode
from components.linkerd.ports import GATEWAY_PORT, PROBE_PORT


def changed(link: LinkPlan, spec: Mapping[str, Any], told: Mapping[str, Any]) -> list[str]:
    """
    List the fields that are not as described.

    Args:
        spec: the `Link`'s, as its API server has it.
        told: what the target's stack tells, contract `cluster`.
    """
    described = described_spec(link, told)
    return sorted(
        key for key in described if _as_compared(described[key]) != _as_compared(spec.get(key))
    )


def described_spec(link: LinkPlan, told: Mapping[str, Any]) -> dict[str, Any]:
    """Make what the part `links` makes, but for the mark."""
    gateway = GatewayEndpoint(
        address=told["gatewayAddress"],
        identity=told["gatewayIdentity"],
        port=int(told.get("gatewayPort", GATEWAY_PORT)),
        probe_port=int(told.get("probePort", PROBE_PORT)),
    )
    grant = LinkGrant(
        target=link.target,
        account="",
        token="",
        generation=0,
        api_server="",
        certificate_authority_data="",
        gateway=gateway if link.target_has_gateway else None,
        modes=link.modes,
    )
    return link_spec(
        grant,
        mark=MARK_PREFIX,
        export_labels=link.labels[LinkMode.GATEWAY],
        discovery_labels=link.labels[LinkMode.FLAT],
        federated_labels=link.labels[LinkMode.FEDERATED],
    )


def _as_compared(value: Any) -> Any:
    """Leave out what differs without meaning: the mark, and emptiness (API servers drop it)."""
    if isinstance(value, list):
        return [each for each in value if not str(each).startswith(MARK_PREFIX)] or None
    return value or None
