"""The specs of Linkerd's policy objects, which say who may call; pure."""

from collections.abc import Mapping
from typing import Any

# Source: linkerd2, charts/linkerd-crds/templates/policy: the versions that are stored
GROUP = "policy.linkerd.io"
SERVER_VERSION = f"{GROUP}/v1beta3"
POLICY_VERSION = f"{GROUP}/v1alpha1"
POLICY = "AuthorizationPolicy"


def server_spec(pod_labels: Mapping[str, str], port: int | str, protocol: str) -> dict[str, Any]:
    """Make the `spec` of a Server: one port of some pods, closed to all who are not let in."""
    return {
        "podSelector": {"matchLabels": dict(pod_labels)},
        "port": port,
        "proxyProtocol": protocol,
        "accessPolicy": "deny",
    }


def policy_spec(server: str, kind: str, authentication: str) -> dict[str, Any]:
    """
    Make the `spec` of an AuthorizationPolicy with one condition.

    Conditions of one policy must all hold; policies of one Server stand beside one another.
    """
    return {
        "targetRef": {"group": GROUP, "kind": "Server", "name": server},
        "requiredAuthenticationRefs": [{"group": GROUP, "kind": kind, "name": authentication}],
    }
