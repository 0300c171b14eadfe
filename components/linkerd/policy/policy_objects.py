"""The specs of Linkerd's policy objects."""

from collections.abc import Mapping
from typing import Any

from ..labels import POLICY_GROUP, POLICY_VERSION, SERVER_VERSION

SERVER_API = f"{POLICY_GROUP}/{SERVER_VERSION}"
POLICY_API = f"{POLICY_GROUP}/{POLICY_VERSION}"
POLICY = "AuthorizationPolicy"


def server_spec(pod_labels: Mapping[str, str], port: int | str, protocol: str) -> dict[str, Any]:
    """Make the `spec` of a Server: one port of some pods, closed to callers that no policy "
    "allows."""
    return {
        "podSelector": {"matchLabels": dict(pod_labels)},
        "port": port,
        "proxyProtocol": protocol,
        "accessPolicy": "deny",
    }


def policy_spec(server: str, kind: str, authentication: str) -> dict[str, Any]:
    """
    Make the `spec` of an AuthorizationPolicy with one condition.

    All conditions of one policy must hold; one of the policies of a Server is enough.
    """
    return {
        "targetRef": {"group": POLICY_GROUP, "kind": "Server", "name": server},
        "requiredAuthenticationRefs": [
            {"group": POLICY_GROUP, "kind": kind, "name": authentication}
        ],
    }
