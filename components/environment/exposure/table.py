"""The table of who may reach what on an EKS cluster: a row each, computed from its callers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from ...linkerd.ports import GATEWAY_PORT, INBOUND_PORT
from .callers import Block, Callers

# Injector and profile validator, policy validator and load balancer controller, tap.
# Source: linkerd2, charts/linkerd-control-plane/templates; viz/charts/linkerd-viz/templates
WEBHOOK_PORTS = (8443, 9443, 8089)


class Enforcement(Enum):
    """How the access of a row is enforced."""

    PUBLIC_ENDPOINT = "allow-list of the public API endpoint"
    SECURITY_GROUP = "rules on the cluster security group"
    LOAD_BALANCER = "source ranges of the gateway's load balancer"
    SAME_SECURITY_GROUP = "the cluster security group, which admits itself"
    CONTROLLER = "the load balancer controller"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table: who calls what on a target, and how that is enforced."""

    name: str
    """Name of the row, and of its rules on a security group."""

    caller: str
    """Who calls, in words."""

    place: str
    """What is called."""

    ports: tuple[int, ...] = ()
    """At which ports."""

    at_admin_port: bool = False
    """Whether the admin port of proxies, which is a setting of the environment, is one of them."""

    enforced_by: Enforcement
    """How access is enforced."""

    why: str
    """What would not work without it."""

    blocks: Callable[[Callers], Sequence[Block]] = lambda _callers: ()
    """From where: CIDR blocks, of the callers of a target; none if no rule of ours is needed."""

    def ports_with(self, admin_port: int) -> tuple[int, ...]:
        """Return all ports, given the admin port of proxies."""
        return (*self.ports, admin_port) if self.at_admin_port else self.ports


TABLE = (
    Row(
        name="api-operators",
        caller="operators with public addresses",
        place="API server",
        ports=(443,),
        enforced_by=Enforcement.PUBLIC_ENDPOINT,
        why="people and machines that run pulumi up, and kind clusters that read its services",
        blocks=lambda callers: callers.public_operators,
    ),
    Row(
        name="api-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="API server",
        ports=(443,),
        enforced_by=Enforcement.PUBLIC_ENDPOINT,
        why="mirror controllers read its services by the public name",
        blocks=lambda callers: callers.nat_gateways if callers.api_is_public else (),
    ),
    Row(
        name="api-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="API server",
        ports=(443,),
        enforced_by=Enforcement.PUBLIC_ENDPOINT,
        why="mirror controllers read its services by the public name",
        blocks=lambda callers: callers.sites,
    ),
    Row(
        name="api-private-operators",
        caller="operators with private addresses",
        place="API server",
        ports=(443,),
        enforced_by=Enforcement.SECURITY_GROUP,
        why="people and machines that run pulumi up from within the private network",
        blocks=lambda callers: callers.private_operators,
    ),
    Row(
        name="api-peers",
        caller="networks of calling clusters",
        place="API server",
        ports=(443,),
        enforced_by=Enforcement.SECURITY_GROUP,
        why="mirror controllers read its services over the peering: the endpoint is private",
        blocks=lambda callers: () if callers.api_is_public else callers.networks,
    ),
    Row(
        name="gateway-peers",
        caller="networks of calling clusters",
        place="gateway, internal",
        ports=(GATEWAY_PORT,),
        at_admin_port=True,
        enforced_by=Enforcement.LOAD_BALANCER,
        why="calls and probes over the peering",
        blocks=lambda callers: () if callers.gateway_is_public else callers.networks,
    ),
    Row(
        name="gateway-operators",
        caller="kind clusters, by the operators' public addresses",
        place="gateway, internet-facing",
        ports=(GATEWAY_PORT,),
        at_admin_port=True,
        enforced_by=Enforcement.LOAD_BALANCER,
        why="calls and probes of kind clusters",
        blocks=lambda callers: callers.public_operators if callers.gateway_is_public else (),
    ),
    Row(
        name="gateway-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="gateway, internet-facing",
        ports=(GATEWAY_PORT,),
        at_admin_port=True,
        enforced_by=Enforcement.LOAD_BALANCER,
        why="a load balancer that faces the internet has public addresses only",
        blocks=lambda callers: (
            callers.nat_gateways if callers.api_is_public and callers.gateway_is_public else ()
        ),
    ),
    Row(
        name="gateway-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="gateway, internet-facing",
        ports=(GATEWAY_PORT,),
        at_admin_port=True,
        enforced_by=Enforcement.LOAD_BALANCER,
        why="calls and probes of clusters that exist elsewhere",
        blocks=lambda callers: callers.sites if callers.gateway_is_public else (),
    ),
    Row(
        name="pods-flat",
        caller="networks of clusters that call without the gateway",
        place="proxies of pods",
        # In flat mode meshed calls arrive at the pod's proxy, whatever the application's port.
        # Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxy.outboundTransportMode
        ports=(INBOUND_PORT,),
        enforced_by=Enforcement.SECURITY_GROUP,
        why="flat and federated services are called pod to pod",
        blocks=lambda callers: callers.flat_networks,
    ),
    Row(
        name="webhooks",
        caller="API server",
        place="webhooks on nodes",
        ports=WEBHOOK_PORTS,
        enforced_by=Enforcement.SAME_SECURITY_GROUP,
        why="a closed port is a webhook that times out, and no pod starts",
    ),
    Row(
        name="kubelets",
        caller="API server",
        place="kubelets and aggregated APIs on nodes",
        ports=(443, 10250),
        enforced_by=Enforcement.SAME_SECURITY_GROUP,
        why="the minimum of EKS",
    ),
    Row(
        name="gateway-targets",
        caller="the gateway's load balancer",
        place="gateway pods",
        ports=(GATEWAY_PORT,),
        at_admin_port=True,
        enforced_by=Enforcement.CONTROLLER,
        why="targets are pods; the health check asks the proxy",
    ),
)
