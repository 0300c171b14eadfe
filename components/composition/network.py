"""A network for each EKS cluster, and the peerings of those that are linked."""

import pulumi
import pulumi_aws as aws

from ..environment import Eks, Plan
from ..network import Network, NetworkArgs
from ..peering import NetworkPeering, NetworkPeeringArgs
from ..region import regional_provider


def make_networks(
    plan: Plan, tags: dict[str, str], parent: pulumi.Resource | None = None
) -> dict[str, Network]:
    """Make the networks and their peerings; a pair that is linked both ways has one."""
    clusters = plan.environment.eks
    # One a region and not one a network: each is a process.
    providers = {
        region: regional_provider("network", region, tags, parent=parent)
        for region in dict.fromkeys(cluster.region for cluster in clusters)
    }
    networks = {
        cluster.name: _network(cluster, providers[cluster.region], tags, parent)
        for cluster in clusters
    }
    # In the order of the clusters, not of the links: the peering of a pair that loses one of
    # two links does not change. AWS has no second one of a pair, and no second route to a network.
    for one, other in plan.peerings:
        NetworkPeering(
            f"{one}-{other}",
            NetworkPeeringArgs(requester=networks[one], accepter=networks[other]),
            pulumi.ResourceOptions(parent=parent, aliases=[pulumi.Alias(name=f"{other}-{one}")]),
        )
    return networks


def _network(
    cluster: Eks, provider: aws.Provider, tags: dict[str, str], parent: pulumi.Resource | None
) -> Network:
    args = NetworkArgs(
        region=cluster.region,
        cidr_block=cluster.cidr,
        nat_gateways=cluster.nat,
        flow_log_retention_days=cluster.flow_log_retention_days,
        tags=tags,
        provider=provider,
    )
    return Network(cluster.name, args, pulumi.ResourceOptions(parent=parent))
