"""
Who may reach an API server or a gateway: computed from the inbound links, never configured; pure.

A source on AWS reaches a target's API server by the addresses of its NAT gateways, since the public
name answers with public addresses everywhere but in the target's own VPC. Gateways of clusters that
only clusters on AWS call stay internal, and peerings carry the calls.
"""

from collections.abc import Mapping, Sequence

import pulumi

from .environment import Eks, Environment

Block = pulumi.Input[str]
"""A CIDR block: a text that may not be known yet."""


def calling_networks(environment: Environment, target: str) -> list[Eks]:
    """Find the clusters on AWS that call a target."""
    sources = [environment.cluster(name) for name in environment.sources_of(target)]
    return [source for source in sources if isinstance(source, Eks)]


def is_public(environment: Environment, target: str) -> bool:
    """Tell whether a target's gateway must face the internet: a kind cluster calls it."""
    return len(calling_networks(environment, target)) < len(environment.sources_of(target))


def api_access(
    environment: Environment, target: str, nat_blocks: Mapping[str, Sequence[Block]]
) -> list[Block]:
    """
    List the CIDR blocks that may call a target's API server.

    Args:
        nat_blocks: CIDR blocks of each calling cluster's NAT gateways, by the cluster's name.
    """
    sources = calling_networks(environment, target)
    nats = [block for source in sources for block in nat_blocks[source.name]]
    return [*environment.operators, *nats]


def gateway_sources(
    environment: Environment, target: str, nat_blocks: Mapping[str, Sequence[Block]]
) -> list[Block]:
    """List the CIDR blocks that may call a target's gateway."""
    sources = calling_networks(environment, target)
    if is_public(environment, target):
        return api_access(environment, target, nat_blocks)
    return [source.cidr for source in sources]


def gateway_annotations(environment: Environment, target: str) -> dict[str, str]:
    """
    Make the annotations that shape a target's load balancer.

    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/ (service annotations)
    """
    prefix = "service.beta.kubernetes.io/aws-load-balancer"
    annotations = {
        f"{prefix}-type": "nlb",
        f"{prefix}-healthcheck-protocol": "HTTP",
        f"{prefix}-healthcheck-port": "4191",
        f"{prefix}-healthcheck-path": "/ready",
        f"{prefix}-cross-zone-load-balancing-enabled": "true",
    }
    if not is_public(environment, target):
        annotations[f"{prefix}-internal"] = "true"
    return annotations
