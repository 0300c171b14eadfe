"""A cluster's part: the cluster, Linkerd on it, its namespaces, and whom it lets look at it."""

import pulumi

from components.cluster import Cluster
from components.linkerd.installation.data_plane import data_plane_annotations
from components.linkerd.installation.multicluster import LinkerdMulticluster
from components.linkerd.links.access import LinkAccess, LinkAccessArgs
from components.linkerd.ports import GATEWAY_PORT, PROBE_PORT
from components.linkerd.proxies.injection import MeshedNamespace, MeshedNamespaceArgs

from . import exposure, installation
from .environment import Eks, Environment, Existing
from .outputs import (
    AccessContract,
    ClusterContract,
    NetworkContract,
    Stacks,
    TrustContract,
)
from .settings import Settings, kubeconfig


def deploy(
    environment: Environment, name: str, stacks: Stacks, settings: Settings, tags: dict[str, str]
) -> None:
    """Make one cluster of the environment and everything on it that is not an application."""
    nats = _nat_blocks(environment, name, stacks)
    cluster, balancers = _cluster(environment, name, stacks, settings, nats, tags)
    trust = TrustContract.from_stack(stacks)
    control_plane = installation.control_plane(environment, name, cluster, stacks, trust, settings)
    annotations = installation.pod_annotations(environment, name, trust, data_plane_annotations)
    # Whoever makes load balancers comes before the gateway, and still runs when it is removed.
    after = pulumi.ResourceOptions(depends_on=[control_plane, *balancers])
    multicluster = installation.multicluster(
        environment, name, cluster, settings, nats, annotations, after
    )
    viz = installation.viz(environment, name, cluster, settings, annotations, after)
    _namespaces(environment, name, cluster)
    _grants(environment, name, cluster, multicluster, settings)
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
        data_plane=installation.once_running(control_plane, annotations),
    ).export()


def _nat_blocks(
    environment: Environment, name: str, stacks: Stacks
) -> dict[str, list[pulumi.Output[str]]]:
    """Read the addresses of the NAT gateways of the clusters that call this one."""
    found = {}
    for source in exposure.calling_networks(environment, name):
        network = NetworkContract.from_stack(stacks, source.name)
        found[source.name] = [network.nat_block(index) for index in range(source.nat.gateways)]
    return found


def _cluster(
    environment: Environment,
    name: str,
    stacks: Stacks,
    settings: Settings,
    nats: dict[str, list[pulumi.Output[str]]],
    tags: dict[str, str],
) -> tuple[Cluster, list[pulumi.Resource]]:
    """Make the cluster, and what makes load balancers on it."""
    described = environment.cluster(name)
    if isinstance(described, Eks):
        from . import eks

        return eks.deploy(environment, described, stacks, settings, nats, tags)
    if isinstance(described, Existing):
        from components.existing_cluster import ExistingCluster, ExistingClusterArgs

        return ExistingCluster(name, ExistingClusterArgs(kubeconfig=kubeconfig(name))), []
    from components.kind_cluster import KindCluster, KindClusterArgs

    return KindCluster(name, KindClusterArgs(workers=described.workers)), []


def _namespaces(environment: Environment, name: str, cluster: Cluster) -> None:
    for namespace in environment.namespaces_of(name):
        MeshedNamespace(
            f"{name}-{namespace}",
            MeshedNamespaceArgs(
                cluster=cluster,
                namespace=namespace,
                injection=environment.injection,
                exceptions=environment.unmeshed,
            ),
        )


def _grants(
    environment: Environment,
    name: str,
    cluster: Cluster,
    multicluster: LinkerdMulticluster,
    settings: Settings,
) -> None:
    generations = settings.token_generations or environment.token_generations
    for link in environment.links:
        if link.target != name:
            continue
        access = LinkAccess(
            f"{name}-access-{link.source}",
            LinkAccessArgs(
                cluster=cluster,
                source=link.source,
                modes=environment.modes_of(link),
                generations=generations,
            ),
            pulumi.ResourceOptions(depends_on=[multicluster]),
        )
        AccessContract(
            account=access.account, token=access.token, generation=access.generation
        ).export(link.source)
