"""One cluster of an environment, and all on it that is not an application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from ..cluster import Cluster
from ..environment import ClusterPlan, Eks, Environment, Existing, Kind
from ..linkerd.installation.multicluster import LinkerdMulticluster
from ..linkerd.links.access import LinkAccess, LinkAccessArgs
from ..linkerd.proxies.meshed_namespace import MeshedNamespace, MeshedNamespaceArgs
from .addresses import EksNetwork
from .installation import LinkerdExtensions, install_linkerd
from .linkerd_inputs import LinkerdInputs


@dataclass(frozen=True, kw_only=True)
class ClusterInputs:
    """What a cluster needs besides the plan; each is read only for the kind that needs it."""

    network: Callable[[], EksNetwork]
    """Returns the network of an EKS cluster."""

    existing: Callable[[Existing], Cluster]
    """Returns a cluster that is managed elsewhere."""

    linkerd: LinkerdInputs
    """What Linkerd on it needs."""

    tags: dict[str, str]
    """Tags of its resources on AWS."""


@dataclass(frozen=True, kw_only=True)
class ComposedCluster:
    """One cluster of an environment, and what is on it."""

    cluster: Cluster
    """The cluster."""

    linkerd: LinkerdExtensions
    """Linkerd on it."""

    namespaces: Sequence[MeshedNamespace]
    """Its meshed namespaces."""

    accesses: Mapping[str, LinkAccess]
    """The access of each source, by its name."""


def make_cluster(
    environment: Environment,
    planned: ClusterPlan,
    inputs: ClusterInputs,
    parent: pulumi.Resource | None = None,
) -> ComposedCluster:
    """Make one cluster, or connect to it; then Linkerd, its namespaces, the access of sources."""
    cluster, balancers = _cluster(environment, planned, inputs, parent)
    linkerd = install_linkerd(environment, planned, cluster, inputs.linkerd, balancers, parent)
    namespaces = _namespaces(environment, planned, cluster, parent)
    generations = inputs.linkerd.token_generations
    accesses = _accesses(environment, planned, linkerd.multicluster, generations, parent)
    return ComposedCluster(
        cluster=cluster, linkerd=linkerd, namespaces=namespaces, accesses=accesses
    )


def _cluster(
    environment: Environment,
    planned: ClusterPlan,
    inputs: ClusterInputs,
    parent: pulumi.Resource | None,
) -> tuple[Cluster, list[pulumi.Resource]]:
    """Make the cluster, and what makes load balancers on it."""
    described = planned.described
    if isinstance(described, Existing):
        return inputs.existing(described), []
    # Each SDK is loaded only if it is needed.
    if isinstance(described, Eks):
        from .eks import make_eks

        linkerd = inputs.linkerd
        network, charts, resolve = inputs.network(), linkerd.charts, linkerd.resolve
        made, controller = make_eks(
            environment, planned, network, charts, resolve, inputs.tags, parent
        )
        return made, [controller]
    return _kind(described, parent), []


def _kind(described: Kind, parent: pulumi.Resource | None) -> Cluster:
    from ..kind_cluster import KindCluster, KindClusterArgs

    args = KindClusterArgs(workers=described.workers)
    return KindCluster(described.name, args, pulumi.ResourceOptions(parent=parent))


def _namespaces(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    parent: pulumi.Resource | None,
) -> list[MeshedNamespace]:
    return [
        MeshedNamespace(
            f"{planned.name}-{namespace}",
            MeshedNamespaceArgs(
                cluster=cluster,
                namespace=namespace,
                injection=environment.injection,
                exceptions=environment.unmeshed,
                exists=namespace in planned.adopted_namespaces,
            ),
            pulumi.ResourceOptions(parent=parent),
        )
        for namespace in planned.namespaces
    ]


def _accesses(
    environment: Environment,
    planned: ClusterPlan,
    multicluster: LinkerdMulticluster,
    generations: Sequence[int],
    parent: pulumi.Resource | None,
) -> dict[str, LinkAccess]:
    return {
        link.source: LinkAccess(
            f"{link.target}-access-{link.source}",
            LinkAccessArgs(
                target=multicluster,
                source=link.source,
                modes=link.modes,
                generations=generations,
                allows_check=environment.linkerd.allows_check,
            ),
            pulumi.ResourceOptions(parent=parent),
        )
        for link in planned.inbound
    }
