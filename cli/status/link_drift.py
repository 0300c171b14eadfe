"""Whether a `Link` on its source is what the part `links` makes; pure."""

from collections.abc import Mapping
from typing import Any

from components.environment import Environment, LinkSpec
from components.linkerd.installation.multicluster import Gateway
from components.linkerd.links.link_objects import Grant, link_spec
from components.linkerd.mode import Mode
from stacks.links import labels

# Not held against the description: the mark follows from the credentials.
_MARK = "linkmesh.io/credentials-"


def changed(
    environment: Environment, link: LinkSpec, spec: Mapping[str, Any], told: Mapping[str, Any]
) -> list[str]:
    """
    List the fields that are not as described.

    Args:
        spec: the `Link`'s, as its API server has it.
        told: what the target's stack tells, contract `cluster`.
    """
    described = described_spec(environment, link, told)
    return sorted(
        key for key in described if _as_compared(described[key]) != _as_compared(spec.get(key))
    )


def described_spec(
    environment: Environment, link: LinkSpec, told: Mapping[str, Any]
) -> dict[str, Any]:
    """Make what the part `links` makes, but for the mark."""
    gateway = Gateway(
        address=told["gatewayAddress"],
        identity=told["gatewayIdentity"],
        port=int(told.get("gatewayPort", 4143)),
        probe_port=int(told.get("probePort", 4191)),
    )
    grant = Grant(
        target=link.target,
        account="",
        token="",
        api_server="",
        certificate_authority_data="",
        gateway=gateway if environment.has_gateway(link.target) else None,
    )
    return link_spec(
        grant,
        mark=_MARK,
        export_labels=labels(environment, link, Mode.GATEWAY),
        discovery_labels=labels(environment, link, Mode.FLAT),
        federated_labels=labels(environment, link, Mode.FEDERATED),
    )


def _as_compared(value: Any) -> Any:
    """Leave out what differs without meaning: the mark, and emptiness (API servers drop it)."""
    if isinstance(value, list):
        return [each for each in value if not str(each).startswith(_MARK)] or None
    return value or None
