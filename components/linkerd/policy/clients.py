"""
Clients of a service, and the identities with which their calls arrive.

Source: linkerd2, policy-controller/k8s/index/src/cluster_info.rs
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ... import names
from ...arguments import checked
from ..identities import TRUST_DOMAIN, gateway_identity, pod_identity
from ..mode import LinkMode

# An identity is a DNS name. Source: RFC 1035, 2.3.4
IDENTITY_LIMIT = 253

_ACCOUNT = re.compile(r"\*|[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@checked
@dataclass(frozen=True, kw_only=True)
class MeshClient:
    """
    A service account whose pods may call a service.

    Example: `MeshClient(account="yelb-ui", namespace="yelb", cluster="west")`
    """

    account: str
    """Name of the ServiceAccount; `*`: every one of the namespace."""

    namespace: str
    """Its namespace."""

    cluster: str | None = None
    """Name of its cluster; None: that of the service."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the identities of that cluster."""

    @property
    def identity(self) -> str:
        """The identity of its pods."""
        return pod_identity(self.account, self.namespace, self.trust_domain)


def identities(
    clients: Sequence[MeshClient], *, from_gateway: bool, trust_domain: str
) -> list[str]:
    """List the identities that are allowed."""
    gateway = [gateway_identity(trust_domain)] if from_gateway else []
    return sorted({*gateway, *(client.identity for client in clients)})


def client_problems(
    clients: Sequence[MeshClient], *, service: str, cluster: str, trust_domain: str, mode: LinkMode
) -> list[str]:
    """List what is wrong with the clients of a service."""
    problems = []
    for client in clients:
        who = f"client {client.namespace}/{client.account}"
        valid = _ACCOUNT.fullmatch(client.account) and names.is_dns_label(client.namespace)
        if not valid or len(client.identity) > IDENTITY_LIMIT:
            problems.append(
                f"{who} must be a ServiceAccount and its namespace, as an identity of at most "
                f"{IDENTITY_LIMIT} characters (got {client.identity}). Linkerd would refuse the "
                'policy. Use: MeshClient(account="yelb-ui", namespace="yelb")'
            )
        remote = client.cluster not in (None, cluster)
        if remote and mode is LinkMode.GATEWAY:
            problems.append(
                f"{who} of {client.cluster} must not be named in gateway mode (got it for "
                f"{service}). The gateway calls with its own identity, so this client would "
                "never be allowed. Use: from_gateway=True, which allows every linked caller, or "
                "export the service in flat mode"
            )
        if not remote and client.trust_domain != trust_domain:
            problems.append(
                f"{who} must have the trust domain of its cluster, {trust_domain} (got "
                f"{client.trust_domain}). No pod there has another identity. Use: "
                f'trust_domain="{trust_domain}", or name its cluster'
            )
    return problems
