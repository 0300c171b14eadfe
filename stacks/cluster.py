"""A cluster's part: the cluster, Linkerd on it, its namespaces, and the access of its sources."""

from collections.abc import Callable

import pulumi

from components.cluster import Cluster
from components.environment import Block, ClusterPlan, Eks, Environment, Existing, NatGateway, Plan
from components.linkerd.installation.data_plane import data_plane_annotations
from components.linkerd.installation.multicluster import (
    LinkerdMulticluster,
)
from components.linkerd.links.access import LinkAccess, LinkAccessArgs
from components.linkerd.ports import GATEWAY_PORT, PROBE_PORT
from components.linkerd.proxies.meshed_namespace import MeshedNamespace, MeshedNamespaceArgs

from . import installation
from .outputs import (
    AccessContract,
    ClusterContract,
    NetworkContract,
    Stacks,
    TrustContract,
)
from .settings import Settings, kubeconfig


def deploy(plan: Plan, name: str, stacks: Stacks, settings: Settings, tags: dict[str, str]) -> None:
    """Make one cluster of the environment and everything on it that is not an application."""
    environment, planned = plan.environment, plan.clusters[name]
    resolve = _resolve(plan, planned, stacks)
    cluster, balancers = _cluster(environment, planned, stacks, settings, resolve, tags)
    trust = TrustContract.from_stack(stacks)
    control_plane = installation.control_plane(
        environment, planned, cluster, stacks, trust, settings
    )
    annotations = installation.pod_annotations(planned, trust, data_plane_annotations)
    # The load balancer controller comes before the gateway, and still runs when that is removed.
    after = pulumi.ResourceOptions(depends_on=[control_plane, *balancers])
    multicluster = installation.multicluster(
        planned, control_plane, settings, resolve, annotations, after
    )
    viz = installation.viz(environment, planned, control_plane, settings, annotations, after)
    _namespaces(environment, planned, cluster)
    _grants(environment, planned, multicluster, settings)
    installation.webhooks(control_plane, viz).export()
    gateway = multicluster.gateway
    ClusterContract(
        api_server=cluster.api_server,
        certificate_authority_data=cluster.certificate_authority_data,
        gateway_address=gateway.address if gateway else "",
        gateway_identity=gateway.identity if gateway else "",
        kubeconfig=cluster.kubeconfig,
        gateway_port=gateway.port if gateway else GATEWAY_PORT,
        probe_port=gateway.probe_port if gateway else PROBE_PORT,
        linkerd_namespace_uid=control_plane.namespace_uid,
        data_plane=installation.once_running(control_plane, annotations),
    ).export()


def _resolve(
    plan: Plan, planned: ClusterPlan, stacks: Stacks
) -> Callable[[Block], pulumi.Input[str]]:
    """Read the addresses of the NAT gateways of the clusters that call this one."""
    blocks = {}
    for source in planned.sources:
        for gateway in plan.clusters[source].nat_gateways:
            network = NetworkContract.from_stack(stacks, source)
            blocks[gateway] = network.nat_block(gateway.index)
    return lambda block: blocks[block] if isinstance(block, NatGateway) else block


def _cluster(
    environment: Environment,
    planned: ClusterPlan,
    stacks: Stacks,
    settings: Settings,
    resolve: Callable[[Block], pulumi.Input[str]],
    tags: dict[str, str],
) -> tuple[Cluster, list[pulumi.Resource]]:
    """Make the cluster, and what makes load balancers on it."""
    name, described = planned.name, planned.described
    if isinstance(described, Eks):
        from . import eks

        return eks.deploy(environment, planned, stacks, settings, resolve, tags)
    if isinstance(described, Existing):
        from components.existing_cluster import ExistingCluster, ExistingClusterArgs

        return ExistingCluster(name, ExistingClusterArgs(kubeconfig=kubeconfig(name))), []
    from components.kind_cluster import KindCluster, KindClusterArgs

    return KindCluster(name, KindClusterArgs(workers=described.workers)), []


def _namespaces(environment: Environment, planned: ClusterPlan, cluster: Cluster) -> None:
    for namespace in planned.namespaces:
        MeshedNamespace(
            f"{planned.name}-{namespace}",
            MeshedNamespaceArgs(
                cluster=cluster,
                namespace=namespace,
                injection=environment.injection,
                exceptions=environment.unmeshed,
            ),
        )


def _grants(
    environment: Environment,
    planned: ClusterPlan,
    multicluster: LinkerdMulticluster,
    settings: Settings,
) -> None:
    generations = settings.token_generations or environment.token_generations
    for link in planned.inbound:
        access = LinkAccess(
            f"{link.target}-access-{link.source}",
            LinkAccessArgs(
                target=multicluster,
                source=link.source,
                modes=link.modes,
                generations=generations,
                allows_check=environment.linkerd.allows_check,
            ),
        )
        grant = access.grant
        AccessContract(
            account=grant.account, token=grant.token, generation=grant.generation
        ).export(link.source)
