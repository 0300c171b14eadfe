"""A cluster's part: the cluster, Linkerd on it, its namespaces, and whom it lets look at it."""

from collections.abc import Callable, Mapping

import pulumi

from components.cluster import Cluster
from components.helm import merged
from components.linkerd import charts
from components.linkerd.access import LinkAccess, LinkAccessArgs
from components.linkerd.control_plane import LinkerdControlPlane, LinkerdControlPlaneArgs
from components.linkerd.data_plane import control_plane_annotations, data_plane_annotations
from components.linkerd.gateway_args import NodePorts
from components.linkerd.injection import MeshedNamespace, MeshedNamespaceArgs
from components.linkerd.multicluster import (
    GatewayArgs,
    LinkerdMulticluster,
    LinkerdMulticlusterArgs,
    Target,
)
from components.linkerd.multicluster_values import GATEWAY_PORT, PROBE_PORT
from components.linkerd.viz import LinkerdViz, LinkerdVizArgs

from . import exposure
from .environment import Eks, Environment, Existing, Kind
from .federation import local_mirror_values
from .kind_network import NODE_PORTS, node_address
from .outputs import (
    AccessContract,
    ClusterContract,
    IssuerContract,
    NetworkContract,
    Stacks,
    TrustContract,
    WebhooksContract,
)
from .rotation import trust_of
from .settings import Settings, kubeconfig


def deploy(
    environment: Environment, name: str, stacks: Stacks, settings: Settings, tags: dict[str, str]
) -> None:
    """Make one cluster of the environment and everything on it that is not an application."""
    nats = _nat_blocks(environment, name, stacks)
    cluster, balancers = _cluster(environment, name, stacks, settings, nats, tags)
    trust = TrustContract.from_stack(stacks)
    control_plane = _control_plane(environment, name, cluster, stacks, trust, settings)
    annotations = _annotations(environment, name, trust, data_plane_annotations)
    # Whoever makes load balancers comes before the gateway, and still runs when it is removed.
    after = pulumi.ResourceOptions(depends_on=[control_plane, *balancers])
    multicluster = _multicluster(environment, name, cluster, settings, nats, annotations, after)
    viz = _viz(environment, name, cluster, settings, annotations, after)
    _namespaces(environment, name, cluster)
    _grants(environment, name, cluster, multicluster, settings)
    _webhooks(control_plane, viz).export()
    gateway = multicluster.gateway
    ClusterContract(
        api_server=cluster.api_server,
        certificate_authority_data=cluster.certificate_authority_data,
        gateway_address=gateway.address if gateway else "",
        gateway_identity=gateway.identity if gateway else "",
        kubeconfig=cluster.kubeconfig,
        gateway_port=gateway.port if gateway else GATEWAY_PORT,
        probe_port=gateway.probe_port if gateway else PROBE_PORT,
        data_plane=_once_running(control_plane, annotations),
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


def _control_plane(
    environment: Environment,
    name: str,
    cluster: Cluster,
    stacks: Stacks,
    trust: TrustContract,
    settings: Settings,
) -> LinkerdControlPlane:
    linkerd = environment.linkerd
    issuer = None if linkerd.cert_manager else IssuerContract.from_stack(stacks, name)
    return LinkerdControlPlane(
        f"{name}-linkerd",
        LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=trust.anchors_pem,
            issuer_certificate_pem=issuer.certificate_pem if issuer else None,
            issuer_key_pem=issuer.private_key_pem if issuer else None,
            cert_manager=linkerd.cert_manager,
            pod_annotations=_annotations(environment, name, trust, control_plane_annotations),
            profile=linkerd.profile,
            proxy=linkerd.proxy,
            cni=linkerd.cni,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=settings.values(charts.CONTROL_PLANE.name),
            crds_values=settings.values(charts.CRDS.name),
            cni_values=settings.values(charts.CNI.name),
        ),
    )


def _multicluster(
    environment: Environment,
    name: str,
    cluster: Cluster,
    settings: Settings,
    nats: dict[str, list[pulumi.Output[str]]],
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    linkerd = environment.linkerd
    return LinkerdMulticluster(
        f"{name}-multicluster",
        LinkerdMulticlusterArgs(
            cluster=cluster,
            gateway=_gateway(environment, name, nats),
            targets=[_target(environment, target) for target in environment.targets_of(name)],
            profile=linkerd.profile,
            admin_port=linkerd.proxy.admin_port,
            cni=linkerd.cni,
            pod_annotations=annotations,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=merged(
                local_mirror_values(environment, name), settings.values(charts.MULTICLUSTER.name)
            ),
        ),
        opts,
    )


def _target(environment: Environment, target: str) -> Target:
    return Target(
        name=target,
        gateway=environment.has_gateway(target),
        probe_port=environment.linkerd.proxy.admin_port,
    )


def _gateway(
    environment: Environment, name: str, nats: dict[str, list[pulumi.Output[str]]]
) -> GatewayArgs | None:
    """Say how a cluster's gateway is reached: as its kind of cluster can be."""
    described = environment.cluster(name)
    if not environment.has_gateway(name):
        return None
    if isinstance(described, Kind):
        return GatewayArgs(node_ports=NodePorts(address=node_address(name), **NODE_PORTS))
    if isinstance(described, Existing):
        return GatewayArgs()
    return GatewayArgs(
        load_balancer_class=exposure.NLB_CLASS,
        service_annotations=exposure.gateway_annotations(environment, name),
        source_ranges=exposure.gateway_sources(environment, name, nats),
    )


def _viz(
    environment: Environment,
    name: str,
    cluster: Cluster,
    settings: Settings,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdViz | None:
    linkerd = environment.linkerd
    if not linkerd.viz:
        return None
    return LinkerdViz(
        f"{name}-viz",
        LinkerdVizArgs(
            cluster=cluster,
            profile=linkerd.profile,
            cni=linkerd.cni,
            pod_annotations=annotations,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=settings.values(charts.VIZ.name),
        ),
        opts,
    )


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


def _annotations(
    environment: Environment,
    name: str,
    trust: TrustContract,
    annotations: Callable[..., Mapping[str, str]],
) -> dict[str, pulumi.Input[str]]:
    """Annotate the pods of a cluster: another text rolls them, with trust or with the version."""
    version = environment.linkerd.version_on(name)
    made = pulumi.Output.from_input(trust.state).apply(
        lambda told: annotations(version=version, trust=trust_of(told))
    )
    return {key: made[key] for key in annotations(version=version)}


def _once_running(
    control_plane: LinkerdControlPlane, annotations: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[Mapping[str, str]]:
    """Tell the annotations of the data plane when the control plane runs, and not before."""
    both = pulumi.Output.all(control_plane.release.id, dict(annotations))
    return both.apply(lambda known: known[1])


def _webhooks(control_plane: LinkerdControlPlane, viz: LinkerdViz | None) -> WebhooksContract:
    expiry = {**control_plane.webhook_expiry, **(viz.webhook_expiry if viz else {})}
    return WebhooksContract(
        expiry={webhook.value: end for webhook, end in expiry.items()},
        authority=control_plane.webhook_authority_expiry or "",
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
        AccessContract(token=access.token, generation=access.generation).export(link.source)
