"""What a program in another language gives for a `Mesh` instead of objects of Python."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from ..arguments import checked
from ..environment import Eks, Existing, Kind, LoadBalancer, NodePorts
from ..linkerd.identity.external_certificates import ExternalTrustAnchor


@checked
@dataclass(frozen=True)
class MeshMember(Existing):
    """
    A cluster that exists, or that the program makes; Linkerd is installed on it as on the others.

    The kubeconfig of its administrator is in `kubeconfigs`.
    """

    # A type of Pulumi's schemas is one of both only by a property for each.
    gateway_service: ClassVar[None] = None  # type: ignore[misc]

    load_balancer: LoadBalancer | None = field(default=None, kw_only=True)
    """Its gateway is behind a load balancer that the cluster makes; the default."""

    node_ports: NodePorts | None = field(default=None, kw_only=True)
    """Its gateway is on two ports of every node, instead of behind a load balancer."""


@dataclass(frozen=True, kw_only=True)
class MeshService:
    """A Service that the mesh makes, so that it can be exported; its pods are of the program."""

    name: str
    """Its name."""

    namespace: str
    """Its namespace, one of those that the mesh makes: that of an export, a route or an alias."""

    cluster: str
    """The cluster it is on."""

    port: int
    """Its port, which callers use."""

    target_port: int | None = None
    """The port of its pods; None: the same."""

    selector: Mapping[str, str]
    """Labels of its pods."""


@dataclass(frozen=True, kw_only=True)
class MeshInputs:
    """What a program in another language gives instead of objects of Python."""

    eks: Sequence[Eks] = ()
    """Clusters on EKS that the mesh makes, each in a network of its own."""

    kind: Sequence[Kind] = ()
    """Clusters of kind that the mesh makes, on the machine that runs `pulumi up`."""

    members: Sequence[MeshMember] = ()
    """Clusters that exist, or that the program makes."""

    kubeconfigs: pulumi.Input[Mapping[str, str]] = field(default_factory=dict)
    """
    Kubeconfig of each member's administrator, by the member's name.

    Each is the contents of a file whose current context is the cluster. It may be an output.
    """

    services: Sequence[MeshService] = ()
    """
    Services that are made before exports, routes and aliases, which need theirs.

    Only for Services of this program, on any cluster of the mesh. Those of others exist already.
    """

    trust_anchor: ExternalTrustAnchor | None = None
    """The trust anchor that signs the issuers, if it is not made here."""

    def problems(self) -> Iterator[str]:
        """Compare names of clusters, as far as they are known."""
        for member in self.members:
            if member.load_balancer is not None and member.node_ports is not None:
                yield (
                    f"member {member.name!r} must have a loadBalancer or nodePorts (got both). "
                    "Each says how others reach its gateway. Remove one."
                )
        made = [*(each.name for each in self.eks), *(each.name for each in self.kind)]
        clusters = [*made, *(each.name for each in self.members)]
        for service in self.services:
            if service.cluster not in clusters:
                yield (
                    f"services must be on clusters of the mesh (got {service.name!r} on "
                    f"{service.cluster!r}). Use one of: {', '.join(clusters)}"
                )
        if isinstance(self.kubeconfigs, Mapping):
            members = {each.name for each in self.members}
            yield from map(no_kubeconfig, sorted(members - {*self.kubeconfigs}))
            for name in sorted({*self.kubeconfigs} - members):
                yield f"kubeconfigs must be of members (got one of {name!r}). Remove it."


def no_kubeconfig(member: str) -> str:
    """Return that the kubeconfig of a member is missing."""
    return (
        f"kubeconfigs must have that of each member (got none of {member!r}). The mesh reads no "
        "settings. Use: the contents of a kubeconfig, as a secret"
    )
