"""The part `links`: each link, on its source, from what its target granted."""

from linkmesh.composition.links import make_link
from linkmesh.environment import LinkPlan, Plan
from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs
from linkmesh.linkerd.installation.installed import GatewayEndpoint, MulticlusterInstallation
from linkmesh.linkerd.links.grant import LinkGrant

from .outputs import AccessContract, ClusterContract, LinkContract, Stacks


def deploy(plan: Plan, stacks: Stacks) -> None:
    """Make every link of the environment."""
    sources = {
        cluster.name: _existing(cluster.name, stacks)
        for cluster in plan.clusters.values()
        if cluster.outbound
    }
    made = [_link(link, sources[link.source], stacks) for link in plan.links]
    LinkContract.export_all(made)


def _existing(name: str, stacks: Stacks) -> ExistingCluster:
    contract = ClusterContract.from_stack(stacks, name)
    return ExistingCluster(name, ExistingClusterArgs(kubeconfig=contract.kubeconfig))


def _link(link: LinkPlan, source: ExistingCluster, stacks: Stacks) -> LinkContract:
    target = ClusterContract.from_stack(stacks, link.target)
    access = AccessContract.from_stack(stacks, link.target, link.source)
    gateway = GatewayEndpoint(
        address=target.gateway_address,
        identity=target.gateway_identity,
        port=target.gateway_port,
        probe_port=target.probe_port,
    )
    grant = LinkGrant(
        target=link.target,
        account=access.account,
        token=access.token,
        generation=access.generation,
        api_server=target.api_server,
        certificate_authority_data=target.certificate_authority_data,
        gateway=gateway if link.target_has_gateway else None,
        modes=link.modes,
    )
    make_link(link, MulticlusterInstallation(cluster=source), grant)
    return LinkContract(
        source=link.source, target=link.target, gateway_address=target.gateway_address
    )
