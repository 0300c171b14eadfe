"""The part `network`: a network for each EKS cluster, and what joins those that are linked."""

from components.network import Network, NetworkArgs
from components.peering import NetworkPeering, NetworkPeeringArgs, PeeringSide

from .environment import Eks, Environment
from .outputs import NetworkContract


def deploy(environment: Environment, tags: dict[str, str]) -> None:
    """Make the networks and their peerings; a pair that is linked both ways has one."""
    networks = {
        cluster.name: _network(cluster, tags)
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


def _network(cluster: Eks, tags: dict[str, str]) -> Network:
    args = NetworkArgs(
        region=cluster.region,
        cidr=cluster.cidr,
        nat=cluster.nat,
        flow_log_retention_days=cluster.flow_log_retention_days,
        tags=tags,
    )
    network = Network(cluster.name, args)
    NetworkContract(
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        nat_addresses=network.nat_addresses,
    ).export(cluster.name)
    return network
