"""The part `network`: a network for each EKS cluster, and the peerings of those that are linked."""

import pulumi
import pulumi_aws as aws

from components.environment import Eks, Plan
from components.network import Network, NetworkArgs
from components.peering import NetworkPeering, NetworkPeeringArgs
from components.region import regional_provider

from .outputs import NetworkContract


def deploy(plan: Plan, tags: dict[str, str]) -> None:
    """Make the networks and their peerings; a pair that is linked both ways has one."""
    clusters = plan.environment.eks
    # One a region and not one a network: each is a process.
    providers = {
        region: regional_provider("network", region, tags)
        for region in dict.fromkeys(cluster.region for cluster in clusters)
    }
    networks = {
        cluster.name: _network(cluster, providers[cluster.region], tags) for cluster in clusters
    }
    # In the order of the clusters, not of the links: the peering of a pair that loses one of
    # two links does not change. AWS has no second one of a pair, and no second route to a network.
    for one, other in plan.peerings:
        NetworkPeering(
            f"{one}-{other}",
            NetworkPeeringArgs(requester=networks[one], accepter=networks[other]),
            pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{other}-{one}")]),
        )


def _network(cluster: Eks, provider: aws.Provider, tags: dict[str, str]) -> Network:
    args = NetworkArgs(
        region=cluster.region,
        cidr_block=cluster.cidr,
        nat_gateways=cluster.nat,
        flow_log_retention_days=cluster.flow_log_retention_days,
        tags=tags,
        provider=provider,
    )
    network = Network(cluster.name, args)
    NetworkContract(
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        nat_addresses=network.nat_public_ips,
    ).export(cluster.name)
    return network
