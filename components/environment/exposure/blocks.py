"""
Where callers come from: the column of the table that has CIDR blocks; pure.

Each is a function of an environment, a target and the NAT gateways of clusters.
"""

from collections.abc import Mapping, Sequence

import pulumi

from ..description import Environment
from .callers import (
    api_is_public,
    calling_networks,
    calling_sites,
    flat_callers,
    is_private,
    is_public,
    public_operators,
)

Block = pulumi.Input[str]
"""A CIDR block: a text that may not be known yet."""

Nats = Mapping[str, Sequence[Block]]
"""CIDR blocks of the NAT gateways of clusters, by the cluster's name."""


def operators(environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    """Those with public addresses."""
    return public_operators(environment)


def nat_gateways(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    """NAT gateways of calling clusters, if API servers are public."""
    sources = calling_networks(environment, target) if api_is_public(environment) else []
    return [block for source in sources for block in nats[source.name]]


def private_operators(environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    """Those with private addresses."""
    return [block for block in environment.operators if is_private(block)]


def networks(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    """Networks of calling clusters on AWS."""
    return [source.cidr for source in calling_networks(environment, target)]


def sites(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    """Addresses of calling clusters that exist elsewhere."""
    return calling_sites(environment, target)


def sites_if_public(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    """The same, if the gateway faces the internet."""
    return calling_sites(environment, target) if is_public(environment, target) else []


def nobody(_environment: Environment, _target: str, _nats: Nats) -> Sequence[Block]:
    """No block: something else lets them in."""
    return []


def if_private_api(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    """Networks of calling clusters, if API servers are private."""
    return [] if api_is_public(environment) else networks(environment, target, nats)


def if_internal(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    """Networks of calling clusters, if the gateway is internal."""
    return [] if is_public(environment, target) else networks(environment, target, nats)


def nats_if_public(environment: Environment, target: str, nats: Nats) -> Sequence[Block]:
    """NAT gateways of calling clusters, if the gateway faces the internet."""
    return nat_gateways(environment, target, nats) if is_public(environment, target) else []


def operators_if_public(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    """Operators, if the gateway faces the internet."""
    return public_operators(environment) if is_public(environment, target) else []


def flat(environment: Environment, target: str, _nats: Nats) -> Sequence[Block]:
    """Networks of clusters that call pod to pod."""
    return [source.cidr for source in flat_callers(environment, target)]
