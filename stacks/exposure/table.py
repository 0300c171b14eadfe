"""The table of who may reach what of an EKS cluster: a row each, computed from the links; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from components.linkerd.ports import GATEWAY_PORT as GATEWAY_PORT
from components.linkerd.ports import INBOUND_PORT

from ..environment import Environment
from . import blocks
from .blocks import Block, Nats

# In flat mode meshed calls arrive at the pod's proxy, whatever the port of the application.
# Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxy.outboundTransportMode
PROXY_PORT = INBOUND_PORT

# Injector and profile validator, policy validator and load balancer controller, tap.
# Source: linkerd2, charts/linkerd-control-plane/templates; viz/charts/linkerd-viz/templates
WEBHOOK_PORTS = (8443, 9443, 8089)


class Door(Enum):
    """What lets the callers of a row in."""

    API_ENDPOINT = "allow-list of the public API endpoint"
    SECURITY_GROUP = "rules on the cluster security group"
    LOAD_BALANCER = "source ranges of the gateway's load balancer"
    ITSELF = "the cluster security group, which admits itself"
    CONTROLLER = "the load balancer controller"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the table: who calls what on a target, and what lets them in."""

    name: str
    """Name, by which its rules on a security group are called."""

    caller: str
    """Who calls, in words."""

    place: str
    """What is called."""

    ports: Callable[[Environment], tuple[int, ...]]
    """At which ports, in an environment."""

    door: Door
    """What lets them in."""

    why: str
    """What would not work without it."""

    blocks: Callable[[Environment, str, Nats], Sequence[Block]]
    """From where: CIDR blocks, for an environment, a target and NAT gateways."""


def _at(*ports: int) -> Callable[[Environment], tuple[int, ...]]:
    return lambda _environment: ports


def _gateway_ports(environment: Environment) -> tuple[int, ...]:
    """A gateway is a proxy: its health is asked at the proxies' admin port."""
    return GATEWAY_PORT, environment.linkerd.proxy.admin_port


TABLE = (
    Row(
        name="api-operators",
        caller="operators with public addresses",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="whoever runs pulumi up, and kind clusters that look at its services",
        blocks=blocks.operators,
    ),
    Row(
        name="api-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="mirror controllers look at its services by the public name",
        blocks=blocks.nat_gateways,
    ),
    Row(
        name="api-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="mirror controllers look at its services by the public name",
        blocks=blocks.sites,
    ),
    Row(
        name="api-private-operators",
        caller="operators with private addresses",
        place="API server",
        ports=_at(443),
        door=Door.SECURITY_GROUP,
        why="whoever runs pulumi up from within the private network",
        blocks=blocks.private_operators,
    ),
    Row(
        name="api-peers",
        caller="networks of calling clusters",
        place="API server",
        ports=_at(443),
        door=Door.SECURITY_GROUP,
        why="mirror controllers look at its services over the peering: the endpoint is private",
        blocks=blocks.if_private_api,
    ),
    Row(
        name="gateway-peers",
        caller="networks of calling clusters",
        place="gateway, internal",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes over the peering",
        blocks=blocks.if_internal,
    ),
    Row(
        name="gateway-operators",
        caller="kind clusters, by the operators' public addresses",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes of kind clusters",
        blocks=blocks.operators_if_public,
    ),
    Row(
        name="gateway-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="a load balancer that faces the internet has public addresses only",
        blocks=blocks.nats_if_public,
    ),
    Row(
        name="gateway-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes of clusters that exist elsewhere",
        blocks=blocks.sites_if_public,
    ),
    Row(
        name="pods-flat",
        caller="networks of clusters that call without the gateway",
        place="proxies of pods",
        ports=_at(PROXY_PORT),
        door=Door.SECURITY_GROUP,
        why="flat and federated services are called pod to pod",
        blocks=blocks.flat,
    ),
    Row(
        name="webhooks",
        caller="API server",
        place="webhooks on nodes",
        ports=_at(*WEBHOOK_PORTS),
        door=Door.ITSELF,
        why="a shut port is a webhook that times out, and no pod starts",
        blocks=blocks.nobody,
    ),
    Row(
        name="kubelets",
        caller="API server",
        place="kubelets and aggregated APIs on nodes",
        ports=_at(443, 10250),
        door=Door.ITSELF,
        why="the minimum of EKS",
        blocks=blocks.nobody,
    ),
    Row(
        name="gateway-targets",
        caller="the gateway's load balancer",
        place="gateway pods",
        ports=_gateway_ports,
        door=Door.CONTROLLER,
        why="targets are pods; their health is asked of the proxy",
        blocks=blocks.nobody,
    ),
)
