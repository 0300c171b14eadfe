"""The part `network`: a network for each EKS cluster, and the peerings of those that are linked."""

from linkmesh.environment import Plan

from .outputs import NetworkContract


def deploy(plan: Plan, tags: dict[str, str]) -> None:
    """Make the networks and their peerings; without EKS clusters the SDK of AWS is not needed."""
    if not plan.environment.eks:
        return
    from linkmesh.composition.network import make_networks

    for name, network in make_networks(plan, tags).items():
        NetworkContract(
            vpc_id=network.vpc_id,
            private_subnet_ids=network.private_subnet_ids,
            control_plane_subnet_ids=network.control_plane_subnet_ids,
            nat_addresses=network.nat_public_ips,
        ).export(name)
