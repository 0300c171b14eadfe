"""
Who may reach what of an EKS cluster: one table, computed from the inbound links; pure.

Nothing in it is configured, so nobody has to remember a rule. Where `operators` have public
addresses, a target has a public API endpoint beside the private one, and its name answers with
public addresses everywhere but in its own VPC: sources on AWS come from the addresses of their NAT
gateways. With private operators only, the endpoint is private and sources come over the peering.
"""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pulumi

from components.ingress import IngressRule

from .environment import Eks, Environment, Existing, Mode

Block = pulumi.Input[str]
"""A CIDR block: a text that may not be known yet."""

Nats = Mapping[str, Sequence[Block]]
"""CIDR blocks of the NAT gateways of clusters, by the cluster's name."""

# What is never routed on the internet, and what the API server's allow-list does not take.
# Source: RFC 1918; RFC 6598; https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
_PRIVATE = [
    ipaddress.IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
]

# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway
GATEWAY_PORT = 4143

# In flat mode meshed calls arrive at the pod's proxy, whatever the port of the application.
# Source: linkerd2, charts/linkerd-control-plane/values.yaml, proxy.outboundTransportMode
PROXY_PORT = 4143

# Injector and profile validator, policy validator and load balancer controller, tap.
# Source: linkerd2, charts/linkerd-control-plane/templates; viz/charts/linkerd-viz/templates
WEBHOOK_PORTS = (8443, 9443, 8089)

NLB_CLASS = "service.k8s.aws/nlb"


class Door(Enum):
    """What lets the callers of a row in."""

    API_ENDPOINT = "allow-list of the public API endpoint"
    SECURITY_GROUP = "rules on the cluster security group"
    LOAD_BALANCER = "source ranges of the gateway's load balancer"
    ITSELF = "the cluster security group, which admits itself"
    CONTROLLER = "the load balancer controller"


def readable(environment: Environment) -> bool:
    """Tell whether every operator is an IPv4 CIDR block, without which nothing can be computed."""
    try:
        for block in environment.operators:
            ipaddress.IPv4Network(block)
    except ValueError:
        return False
    return True


def is_private(block: str) -> bool:
    """Tell whether a CIDR block is never routed on the internet."""
    network = ipaddress.IPv4Network(block)
    return any(network.subnet_of(private) for private in _PRIVATE)


def public_operators(environment: Environment) -> list[str]:
    """List the operators' blocks that come over the internet."""
    return [block for block in environment.operators if not is_private(block)]


def calling_networks(environment: Environment, target: str) -> list[Eks]:
    """Find the clusters on AWS that call a target."""
    sources = [environment.cluster(name) for name in environment.sources_of(target)]
    return [source for source in sources if isinstance(source, Eks)]


def calling_sites(environment: Environment, target: str) -> list[str]:
    """List the blocks from which clusters call a target that somebody else made."""
    sources = [environment.cluster(name) for name in environment.sources_of(target)]
    return [block for source in sources if isinstance(source, Existing) for block in source.egress]


def flat_callers(environment: Environment, target: str) -> list[Eks]:
    """Find the clusters on AWS whose pods call a target's pods without its gateway."""
    names = {
        caller
        for export in environment.exports
        if export.of == target and export.mode is not Mode.GATEWAY
        for caller in environment.callers_of(export)
    }
    return [source for source in calling_networks(environment, target) if source.name in names]


def api_is_public(environment: Environment) -> bool:
    """Tell whether the API servers can be reached from the internet, by those who are listed."""
    return bool(public_operators(environment))


def is_public(environment: Environment, target: str) -> bool:
    """Tell whether a target's gateway must face the internet: somebody outside of AWS calls it."""
    return len(calling_networks(environment, target)) < len(environment.sources_of(target))


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


def _operators(environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    return public_operators(environment)


def _nat_gateways(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    sources = calling_networks(environment, target) if api_is_public(environment) else []
    return [block for source in sources for block in nats[source.name]]


def _private_operators(environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    return [block for block in environment.operators if is_private(block)]


def _networks(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    return [source.cidr for source in calling_networks(environment, target)]


def _sites(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    return calling_sites(environment, target)


def _sites_if_public(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    return calling_sites(environment, target) if is_public(environment, target) else []


def _nobody(_environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    return []


def _if_private_api(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    return [] if api_is_public(environment) else _networks(environment, target, nats)


def _if_internal(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    return [] if is_public(environment, target) else _networks(environment, target, nats)


def _nats_if_public(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    return _nat_gateways(environment, target, nats) if is_public(environment, target) else []


def _operators_if_public(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    return public_operators(environment) if is_public(environment, target) else []


def _flat(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    return [source.cidr for source in flat_callers(environment, target)]


TABLE = (
    Row(
        name="api-operators",
        caller="operators with public addresses",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="whoever runs pulumi up, and kind clusters that look at its services",
        blocks=_operators,
    ),
    Row(
        name="api-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="mirror controllers look at its services by the public name",
        blocks=_nat_gateways,
    ),
    Row(
        name="api-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="API server",
        ports=_at(443),
        door=Door.API_ENDPOINT,
        why="mirror controllers look at its services by the public name",
        blocks=_sites,
    ),
    Row(
        name="api-private-operators",
        caller="operators with private addresses",
        place="API server",
        ports=_at(443),
        door=Door.SECURITY_GROUP,
        why="whoever runs pulumi up from within the private network",
        blocks=_private_operators,
    ),
    Row(
        name="api-peers",
        caller="networks of calling clusters",
        place="API server",
        ports=_at(443),
        door=Door.SECURITY_GROUP,
        why="mirror controllers look at its services over the peering: the endpoint is private",
        blocks=_if_private_api,
    ),
    Row(
        name="gateway-peers",
        caller="networks of calling clusters",
        place="gateway, internal",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes over the peering",
        blocks=_if_internal,
    ),
    Row(
        name="gateway-operators",
        caller="kind clusters, by the operators' public addresses",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes of kind clusters",
        blocks=_operators_if_public,
    ),
    Row(
        name="gateway-nat",
        caller="pods of calling clusters, by their NAT gateways",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="a load balancer that faces the internet has public addresses only",
        blocks=_nats_if_public,
    ),
    Row(
        name="gateway-sites",
        caller="pods of calling clusters that exist elsewhere",
        place="gateway, internet-facing",
        ports=_gateway_ports,
        door=Door.LOAD_BALANCER,
        why="calls and probes of clusters that exist elsewhere",
        blocks=_sites_if_public,
    ),
    Row(
        name="pods-flat",
        caller="networks of clusters that call without the gateway",
        place="proxies of pods",
        ports=_at(PROXY_PORT),
        door=Door.SECURITY_GROUP,
        why="flat and federated services are called pod to pod",
        blocks=_flat,
    ),
    Row(
        name="webhooks",
        caller="API server",
        place="webhooks on nodes",
        ports=_at(*WEBHOOK_PORTS),
        door=Door.ITSELF,
        why="a shut port is a webhook that times out, and no pod starts",
        blocks=_nobody,
    ),
    Row(
        name="kubelets",
        caller="API server",
        place="kubelets and aggregated APIs on nodes",
        ports=_at(443, 10250),
        door=Door.ITSELF,
        why="the minimum of EKS",
        blocks=_nobody,
    ),
    Row(
        name="gateway-targets",
        caller="the gateway's load balancer",
        place="gateway pods",
        ports=_gateway_ports,
        door=Door.CONTROLLER,
        why="targets are pods; their health is asked of the proxy",
        blocks=_nobody,
    ),
)


def admitted(environment: Environment, target: str, nats: Nats, door: Door) -> list[Block]:
    """List the blocks that one door lets in, in the order of the table, each once."""
    found: list[Block] = []
    for row in TABLE:
        if row.door is door:
            new = row.blocks(environment, target, nats)
            known = {block for block in found if isinstance(block, str)}
            found += [block for block in new if not isinstance(block, str) or block not in known]
    return found


def admitted_count(environment: Environment, target: str, nats: Nats) -> int:
    """Count the public CIDR blocks that may call a target's API server."""
    return len(admitted(environment, target, nats, Door.API_ENDPOINT))


def api_access(environment: Environment, target: str, nats: Nats) -> list[Block]:
    """List the public CIDR blocks that may call a target's API server; empty: it is private."""
    return admitted(environment, target, nats, Door.API_ENDPOINT)


def gateway_sources(environment: Environment, target: str, nats: Nats) -> list[Block]:
    """List the CIDR blocks that may call a target's gateway."""
    return admitted(environment, target, nats, Door.LOAD_BALANCER)


def ingress(environment: Environment, target: str) -> list[IngressRule]:
    """List what the cluster security group must admit besides itself."""
    return [
        IngressRule(name=row.name, port=port, blocks=tuple(blocks), why=row.why)
        for row in TABLE
        if row.door is Door.SECURITY_GROUP and (blocks := row.blocks(environment, target, {}))
        for port in row.ports(environment)
    ]


def gateway_annotations(environment: Environment, target: str) -> dict[str, str]:
    """
    Make the annotations that shape a target's load balancer.

    Without client addresses kept, a gateway pod can be called through its own load balancer, and
    nodes need to admit nobody but the load balancer.
    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/ (service annotations)
    """
    prefix = "service.beta.kubernetes.io/aws-load-balancer"
    scheme = "internet-facing" if is_public(environment, target) else "internal"
    return {
        f"{prefix}-scheme": scheme,
        f"{prefix}-nlb-target-type": "ip",
        f"{prefix}-healthcheck-protocol": "HTTP",
        f"{prefix}-healthcheck-port": str(environment.linkerd.proxy.admin_port),
        f"{prefix}-healthcheck-path": "/ready",
        f"{prefix}-attributes": "load_balancing.cross_zone.enabled=true",
        f"{prefix}-target-group-attributes": "preserve_client_ip.enabled=false",
    }
