"""Addresses: where networks are, and that no two overlap."""

import ipaddress
from collections.abc import Iterator
from itertools import combinations

from components.subnets import LARGEST_PREFIX, SMALLEST_PREFIX
from components.zones import region_problem

from ..environment import Environment


def regions(environment: Environment) -> Iterator[str]:
    """A region must have EKS, and a zone for each replica."""
    for cluster in environment.eks:
        if problem := region_problem(f"region of cluster {cluster.name!r}", cluster.region):
            yield problem


def networks(environment: Environment) -> Iterator[str]:
    """A network must be one that can be divided, and that others can be routed to."""
    networks = {}
    for cluster in environment.eks:
        try:
            network = ipaddress.IPv4Network(cluster.cidr)
        except ValueError as error:
            yield (
                f"cidr of cluster {cluster.name!r} must be an IPv4 CIDR block (got "
                f"{cluster.cidr!r}: {error}). Use: 10.10.0.0/16"
            )
            continue
        if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
            yield (
                f"cidr of cluster {cluster.name!r} must be between /{LARGEST_PREFIX} and "
                f"/{SMALLEST_PREFIX} (got {cluster.cidr}). Three zones of subnets must fit in it. "
                "Use: 10.10.0.0/16"
            )
        networks[cluster.name] = network
    for (one, its), (other, others) in combinations(networks.items(), 2):
        if its.overlaps(others):
            yield (
                f"cidr of clusters {one!r} and {other!r} must not overlap (got {its} and {others})."
                " Nothing could be routed between them. Give one another block."
            )
