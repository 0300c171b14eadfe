"""
Who may reach what of an EKS cluster: one table, computed from the inbound links; pure.

Nothing in it is configured, so nobody has to remember a rule. Where `operators` have public
addresses, a target has a public API endpoint beside the private one, and its name answers with
public addresses everywhere but in its own VPC: sources on AWS come from the addresses of their NAT
gateways. With private operators only, the endpoint is private and sources come over the peering.
"""

from ...ingress import IngressRule
from ..description import Environment
from .blocks import Block, Nats
from .callers import (
    api_is_public,
    calling_networks,
    calling_sites,
    flat_callers,
    is_private,
    is_public,
    public_operators,
    readable,
)
from .table import GATEWAY_PORT, PROXY_PORT, TABLE, WEBHOOK_PORTS, Door, Row

__all__ = [
    "GATEWAY_PORT",
    "NLB_CLASS",
    "PROXY_PORT",
    "TABLE",
    "WEBHOOK_PORTS",
    "Block",
    "Door",
    "Nats",
    "Row",
    "admitted",
    "admitted_count",
    "api_access",
    "api_is_public",
    "calling_networks",
    "calling_sites",
    "flat_callers",
    "gateway_annotations",
    "gateway_sources",
    "ingress",
    "is_private",
    "is_public",
    "public_operators",
    "readable",
]

NLB_CLASS = "service.k8s.aws/nlb"


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
