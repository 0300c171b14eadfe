"""Rules of networks: their regions and CIDR blocks, of which no two overlap."""

import ipaddress
from collections.abc import Iterator, Mapping

from ...cidr_blocks import PRIVATE, is_private
from ...subnets import cidr_problem, node_addresses, service_block
from ...zones import region_problem
from ..clusters import Eks
from ..description import Environment
from ..topology import Topology

# What a node takes at least: one network interface of a `large`, with all of its addresses.
# Source: aws/amazon-vpc-cni-k8s, README.md (WARM_ENI_TARGET), docs/eni-and-ip-target.md
ADDRESSES_OF_A_NODE = 10


def regions(environment: Environment) -> Iterator[str]:
    """Find regions without EKS, or with fewer zones than replicas."""
    for cluster in environment.eks:
        if problem := region_problem(f"region of cluster {cluster.name!r}", cluster.region):
            yield problem


def networks(environment: Environment) -> Iterator[str]:
    """Find CIDR blocks that cannot hold the subnets, or that overlap."""
    networks: dict[str, ipaddress.IPv4Network] = {}
    for cluster in environment.eks:
        thing = f"cidr of cluster {cluster.name!r}"
        problem = cidr_problem(thing, cluster.cidr) or _problem(thing, cluster)
        if problem:
            yield problem
        if (network := _network(cluster.cidr)) is not None:
            networks[cluster.name] = network
    for one, other in _overlapping(networks):
        yield (
            f"cidr of clusters {one!r} and {other!r} must not overlap (got {networks[one]} and "
            f"{networks[other]}). Nothing could be routed between them. Give one another block."
        )


def _network(cidr: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(cidr)
    except ValueError:
        return None


def _problem(thing: str, cluster: Eks) -> str:
    """Return why Linkerd, or the nodes of a cluster, cannot use a network; empty if they can."""
    if not is_private(cluster.cidr):
        # Proxies route other addresses as those of the internet, past mirrors and policies.
        # Source: linkerd2, charts/linkerd-control-plane/values.yaml, clusterNetworks
        return (
            f"{thing} must be of private addresses (got {cluster.cidr}). Linkerd takes pods "
            f"elsewhere for hosts of the internet. Use a block of {', '.join(map(str, PRIVATE))}"
        )
    # One more, for updates.
    most = node_addresses(cluster.cidr) // ADDRESSES_OF_A_NODE - 1
    if cluster.nodes > most:
        return (
            f"nodes of cluster {cluster.name!r} must be at most {most} in {cluster.cidr} (got "
            f"{cluster.nodes}). Each takes {ADDRESSES_OF_A_NODE} addresses and more, and pods "
            "would not start. Use: a larger cidr, e.g. a /16, or fewer nodes"
        )
    return ""


def services(topology: Topology) -> Iterator[str]:
    """Find networks whose addresses are those of Services on a cluster that calls them."""
    for cluster in topology.environment.eks:
        block = service_block(cluster.cidr)
        for name in sorted({cluster.name, *topology.peers_of(cluster.name)}):
            peer = topology.environment.cluster(name)
            network = _network(peer.cidr) if isinstance(peer, Eks) else None
            if network is not None and network.overlaps(ipaddress.IPv4Network(block)):
                yield (
                    f"cidr of cluster {name!r} must not overlap the Services of cluster "
                    f"{cluster.name!r}, {block} (got {network}). Calls would end at a Service "
                    "instead of a pod. Use another block, e.g. 10.10.0.0/16"
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
