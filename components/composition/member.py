"""A cluster that the program of a `Mesh` brings: by its kubeconfig, or made by itself."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import pulumi

from ..arguments import checked
from ..cluster import Cluster
from ..environment import Existing, NodePorts
from ..linkerd.installation.gateway_args import GatewayArgs, NodePortGateway

# In place of an address that only the program knows.
_GIVEN = "given-by-the-program"


@checked
@dataclass(frozen=True)
class Member(Existing):
    """
    A cluster that the program of a `Mesh` brings: it exists already, or the program makes it.

    It is an `Existing`, with the values that stacks read from settings. So it is only for a `Mesh`.

    Example: `Member("office", kubeconfig=secret, egress=["198.51.100.20/32"])`
    """

    kubeconfig: pulumi.Input[str] | None = field(default=None, kw_only=True, repr=False)
    """
    Kubeconfig of its administrator, whose current context is the cluster; made a secret.

    Also that of a cluster which the program makes, e.g. `kubeconfig_json` of pulumi_eks.
    """

    cluster: Cluster | None = field(default=None, kw_only=True)
    """The cluster itself, instead of a kubeconfig: any object with the properties of `Cluster`."""

    gateway: GatewayArgs | None = field(default=None, kw_only=True)
    """
    How its gateway is reached, if others call it; None: as `gateway_service` says.

    On EKS with the load balancer controller: `NlbGateway`.
    """

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise ValueError("\n".join(problems))

    @property
    def described(self) -> Existing:
        """What a description says of it, without values that only the program knows."""
        given = {each.name: getattr(self, each.name) for each in fields(Existing)}
        if isinstance(self.gateway, NodePortGateway):
            # Links of other clusters need its ports; its address may be an output.
            given["gateway_service"] = NodePorts(
                _GIVEN, port=self.gateway.port, probe_port=self.gateway.probe_port
            )
        return Existing(**given)

    def _problems(self) -> Iterator[str]:
        given = [each for each in (self.kubeconfig, self.cluster) if each is not None]
        if len(given) != 1:
            yield (
                f"member {self.name!r} must have a kubeconfig or a cluster (got "
                f"{'both' if given else 'neither'}). The program must know one way to reach it. "
                'Use: kubeconfig=config.require_secret("kubeconfig")'
            )
        if self.gateway is not None and self.gateway_service is not None:
            yield (
                f"member {self.name!r} must have a gateway or a gateway_service (got both). Each "
                "says how others reach it. Use: gateway_service for plain values, gateway for "
                "outputs and NlbGateway"
            )
        if self.cluster is not None and _is_value(self.cluster):
            yield (
                f"cluster of member {self.name!r} must be an object with the properties of "
                f"`Cluster` (got {type(self.cluster).__name__}). Use, for a kubeconfig: "
                "kubeconfig=..."
            )
        elif self.cluster is not None and self.cluster.name != self.name:
            yield (
                f"member {self.name!r} must have the name of its cluster (got "
                f"{self.cluster.name!r}). It ends the names of mirror services. Use: "
                f'Member("{self.cluster.name}", cluster=...)'
            )


def _is_value(given: object) -> bool:
    """Return whether something is a value instead of a cluster; an `Output` has any property."""
    return isinstance(given, (str, pulumi.Output)) or inspect.isawaitable(given)
