"""What a target grants to one source: the value that connects `LinkAccess` and `Link`."""

from collections.abc import Collection
from dataclasses import dataclass

import pulumi

from ...arguments import checked
from ...names import CLUSTER_DOMAIN
from ..identities import TRUST_DOMAIN
from ..installation.installed import GatewayEndpoint
from ..mode import LinkMode


@checked
@dataclass(frozen=True, kw_only=True)
class LinkGrant:
    """
    Everything that a `Link` needs to know of its target; `LinkAccess.grant` makes one.

    Only a program that reads the values from another stack's outputs writes one itself.
    """

    target: str
    """Name of the target cluster; the end of its mirror services' names."""

    account: pulumi.Input[str]
    """Service account on the target that the source uses."""

    token: pulumi.Input[str]
    """Token of the account; made a secret."""

    generation: pulumi.Input[int]
    """Number of the token: with another number the source's controllers read the new token."""

    api_server: pulumi.Input[str]
    """URL of the target's API server, as the target knows it."""

    certificate_authority_data: pulumi.Input[str]
    """CA certificates of that API server: PEM in base64; empty if a public CA signed its own."""

    gateway: GatewayEndpoint | None
    """The target's gateway; None if it has none, and is only called pod to pod."""

    modes: Collection[LinkMode] = (LinkMode.GATEWAY,)
    """The modes that the account has rights for: `LinkAccessArgs.modes`."""

    cluster_domain: str = CLUSTER_DOMAIN
    """Suffix of the target's DNS names."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the target's identities."""
