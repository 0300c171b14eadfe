"""The part `network`: a network for each EKS cluster, and what joins those that are linked."""

import pulumi_aws as aws

from components.network import Network, NetworkArgs
from components.peering import NetworkPeering, NetworkPeeringArgs, PeeringSide
from components.region import regional_provider

from .environment import Eks, Environment
from .outputs import NetworkContract


def deploy(environment: Environment, tags: dict[str, str]) -> None:
    """Make the networks and their peerings; a pair that is linked both ways has one."""
    # One a region and not one a network: each is a process.
    providers = {
        region: regional_provider("network", region, tags)
        for region in dict.fromkeys(cluster.region for cluster in environment.eks)
    }
    networks = {
        cluster.name: _network(cluster, providers[cluster.region], tags)
        for cluster in environment.clusters
        if isinstance(cluster, Eks)
    }
    joined: set[frozenset[str]] = set()
    for link in environment.links:
        pair = frozenset(link)
        if pair <= networks.keys() and pair not in joined:
            joined.add(pair)
            sides = [PeeringSide(name=name, network=networks[name]) for name in link]
            NetworkPeering(
                f"{link.source}-{link.target}", NetworkPeeringArgs(source=sides[0], target=sides[1])
            )


def _network(cluster: Eks, provider: aws.Provider, tags: dict[str, str]) -> Network:
    args = NetworkArgs(
        region=cluster.region,
        cidr=cluster.cidr,
        nat=cluster.nat,
        flow_log_retention_days=cluster.flow_log_retention_days,
        tags=tags,
        provider=provider,
    )
    network = Network(cluster.name, args)
    NetworkContract(
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        nat_addresses=network.nat_addresses,
    ).export(cluster.name)
    return network
