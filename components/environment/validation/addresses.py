"""Rules of networks: their regions and CIDR blocks, of which no two overlap."""

import ipaddress
from collections.abc import Iterator, Mapping

from ...subnets import LARGEST_PREFIX, SMALLEST_PREFIX
from ...zones import region_problem
from ..description import Environment


def regions(environment: Environment) -> Iterator[str]:
    """Find regions without EKS, or with fewer zones than replicas."""
    for cluster in environment.eks:
        if problem := region_problem(f"region of cluster {cluster.name!r}", cluster.region):
            yield problem


def networks(environment: Environment) -> Iterator[str]:
    """Find CIDR blocks that cannot hold the subnets, or that overlap."""
    networks: dict[str, ipaddress.IPv4Network] = {}
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
    for one, other in _overlapping(networks):
        yield (
            f"cidr of clusters {one!r} and {other!r} must not overlap (got {networks[one]} and "
            f"{networks[other]}). Nothing could be routed between them. Give one another block."
        )


def _overlapping(networks: Mapping[str, ipaddress.IPv4Network]) -> list[tuple[str, str]]:
    """
    Find the pairs of networks that overlap, in the order of the description.

    By address: what overlaps a network begins before its end, so few have to be compared.
    """
    order = {name: place for place, name in enumerate(networks)}
    by_address = sorted(networks.items(), key=lambda each: each[1].network_address)
    found = []
    for place, (one, its) in enumerate(by_address):
        for other, others in by_address[place + 1 :]:
            if others.network_address > its.broadcast_address:
                break
            found.append((one, other) if order[one] < order[other] else (other, one))
    return sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))
