"""A cluster's part: the cluster, Linkerd on it, its namespaces, and whom it lets look at it."""

import pulumi

from components.cluster import Cluster
from components.linkerd import charts
from components.linkerd.access import LinkAccess, LinkAccessArgs
from components.linkerd.control_plane import LinkerdControlPlane, LinkerdControlPlaneArgs
from components.linkerd.injection import MeshedNamespace, MeshedNamespaceArgs
from components.linkerd.multicluster import (
    GatewayArgs,
    LinkerdMulticluster,
    LinkerdMulticlusterArgs,
)
from components.linkerd.viz import LinkerdViz, LinkerdVizArgs

from . import exposure
from .environment import Eks, Environment
from .outputs import (
    AccessContract,
    ClusterContract,
    IssuerContract,
    NetworkContract,
    Stacks,
    TrustContract,
)
from .settings import Settings


def deploy(
    environment: Environment, name: str, stacks: Stacks, settings: Settings, tags: dict[str, str]
) -> None:
    """Make one cluster of the environment and everything on it that is not an application."""
    nats = _nat_blocks(environment, name, stacks)
    cluster = _cluster(environment, name, stacks, nats, tags)
    control_plane = _control_plane(name, cluster, stacks, settings)
    after = pulumi.ResourceOptions(depends_on=[control_plane])
    multicluster = _multicluster(environment, name, cluster, settings, nats, after)
    _viz(name, cluster, settings, after)
    _namespaces(environment, name, cluster)
    _grants(environment, name, cluster, multicluster)
    gateway = multicluster.gateway
    ClusterContract(
        api_server=cluster.api_server,
        certificate_authority_data=cluster.certificate_authority_data,
        gateway_address=gateway.address if gateway else "",
        gateway_identity=gateway.identity if gateway else "",
        kubeconfig=cluster.kubeconfig,
    ).export()


def _nat_blocks(
    environment: Environment, name: str, stacks: Stacks
) -> dict[str, list[pulumi.Output[str]]]:
    """Read the addresses of the NAT gateways of the clusters that call this one."""
    found = {}
    for source in exposure.calling_networks(environment, name):
        addresses = NetworkContract.from_stack(stacks, source.name).nat_addresses
        count = source.nat.gateways
        known = pulumi.Output.from_input(addresses)
        found[source.name] = [_block(known[index]) for index in range(count)]
    return found


def _block(address: pulumi.Output[str]) -> pulumi.Output[str]:
    return address.apply(lambda known: f"{known}/32")


def _cluster(
    environment: Environment,
    name: str,
    stacks: Stacks,
    nats: dict[str, list[pulumi.Output[str]]],
    tags: dict[str, str],
) -> Cluster:
    described = environment.cluster(name)
    if isinstance(described, Eks):
        from components.eks_cluster import EksCluster, EksClusterArgs

        network = NetworkContract.from_stack(stacks, name)
        return EksCluster(
            name,
            EksClusterArgs(
                region=described.region,
                node_subnet_ids=network.private_subnet_ids,
                control_plane_subnet_ids=network.control_plane_subnet_ids,
                admins=environment.admins,
                api_access=exposure.api_access(environment, name, nats),
                nodes=described.nodes,
                deletion_protection=described.deletion_protection,
                tags=tags,
            ),
        )
    from components.kind_cluster import KindCluster, KindClusterArgs

    return KindCluster(name, KindClusterArgs(workers=described.workers))


def _control_plane(
    name: str, cluster: Cluster, stacks: Stacks, settings: Settings
) -> LinkerdControlPlane:
    trust = TrustContract.from_stack(stacks)
    issuer = IssuerContract.from_stack(stacks, name)
    return LinkerdControlPlane(
        f"{name}-linkerd",
        LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=trust.anchors_pem,
            issuer_certificate_pem=issuer.certificate_pem,
            issuer_key_pem=issuer.private_key_pem,
            charts=settings.charts,
            values=settings.values(charts.CONTROL_PLANE.name),
            crds_values=settings.values(charts.CRDS.name),
        ),
    )


def _multicluster(
    environment: Environment,
    name: str,
    cluster: Cluster,
    settings: Settings,
    nats: dict[str, list[pulumi.Output[str]]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    gateway = None
    if environment.sources_of(name):
        gateway = GatewayArgs(
            service_annotations=exposure.gateway_annotations(environment, name),
            source_ranges=exposure.gateway_sources(environment, name, nats),
        )
    return LinkerdMulticluster(
        f"{name}-multicluster",
        LinkerdMulticlusterArgs(
            cluster=cluster,
            gateway=gateway,
            targets=environment.targets_of(name),
            charts=settings.charts,
            values=settings.values(charts.MULTICLUSTER.name),
        ),
        opts,
    )


def _viz(name: str, cluster: Cluster, settings: Settings, opts: pulumi.ResourceOptions) -> None:
    LinkerdViz(
        f"{name}-viz",
        LinkerdVizArgs(
            cluster=cluster, charts=settings.charts, values=settings.values(charts.VIZ.name)
        ),
        opts,
    )


def _namespaces(environment: Environment, name: str, cluster: Cluster) -> None:
    for namespace in environment.namespaces_of(name):
        MeshedNamespace(
            f"{name}-{namespace}",
            MeshedNamespaceArgs(
                cluster=cluster, namespace=namespace, injection=environment.injection
            ),
        )


def _grants(
    environment: Environment, name: str, cluster: Cluster, multicluster: LinkerdMulticluster
) -> None:
    for source in environment.sources_of(name):
        access = LinkAccess(
            f"{name}-access-{source}",
            LinkAccessArgs(cluster=cluster, source=source),
            pulumi.ResourceOptions(depends_on=[multicluster]),
        )
        AccessContract(token=access.token).export(source)
