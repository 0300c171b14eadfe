"""Comparison of a `Link` on its source with what the stack of its links deploys."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import LinkPlan
from linkmesh.linkerd.installation.installed import GatewayEndpoint
from linkmesh.linkerd.links.grant import LinkGrant
from linkmesh.linkerd.links.link_objects import MARK_PREFIX, PROBE_DEFAULTS, link_spec
from linkmesh.linkerd.mode import LinkMode
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
    gateway = GatewayEndpoint(
        address=contract["gatewayAddress"],
        identity=contract["gatewayIdentity"],
        port=int(contract.get("gatewayPort", GATEWAY_PORT)),
        probe_port=int(contract.get("probePort", PROBE_PORT)),
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
        cluster_domain=link.target_domain,
    )
    return link_spec(
        grant,
        mark=MARK_PREFIX,
        export_labels=link.labels[LinkMode.GATEWAY],
        discovery_labels=link.labels[LinkMode.FLAT],
        federated_labels=link.labels[LinkMode.FEDERATED],
    )


def _as_compared(value: Any) -> Any:
    """Remove what may differ: the mark, and empty values, which API servers drop."""
    if isinstance(value, list):
        return [each for each in value if not str(each).startswith(MARK_PREFIX)] or None
    return value or None
