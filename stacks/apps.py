"""The part `apps`: the environment's example application, and its exports."""

import pulumi

from components import names
from components.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.linkerd.exports import ExportedService, ExportedServiceArgs
from components.linkerd.injection import workload_annotations
from components.yelb import YelbTier, YelbTierArgs, appserver_environment, ui_environment

from .environment import Environment, Yelb
from .outputs import AppsContract, ClusterContract, LinkContract, Stacks


def deploy(environment: Environment, stacks: Stacks) -> None:
    """Make the application on its clusters, and export what others call."""
    links = LinkContract.wait_for(stacks)
    clusters = {name: _existing(name, stacks, links) for name in _used(environment)}
    tiers = _yelb(environment, clusters) if environment.application else []
    _exports(environment, clusters, tiers)
    AppsContract(mirrors=mirrors(environment)).export()


def _used(environment: Environment) -> list[str]:
    """Names of the clusters that run an application or export a service."""
    used = {export.of for export in environment.exports}
    yelb = environment.application
    if yelb:
        used |= {yelb.ui, yelb.appserver, yelb.database}
    return [name for name in environment.names if name in used]


def _existing(name: str, stacks: Stacks, links: pulumi.Output[object]) -> ExistingCluster:
    kubeconfig = ClusterContract.from_stack(stacks, name).kubeconfig
    # The links are read only to wait for them.
    after_links = pulumi.Output.all(kubeconfig, links).apply(lambda read: str(read[0]))
    return ExistingCluster(name, ExistingClusterArgs(kubeconfig=after_links))


def _yelb(environment: Environment, clusters: dict[str, ExistingCluster]) -> list[YelbTier]:
    yelb = environment.application
    assert yelb is not None
    placed = {
        "yelb-db": (yelb.database, {}),
        "redis-server": (yelb.appserver, {}),
        "yelb-appserver": (
            yelb.appserver,
            appserver_environment(
                cache="redis-server",
                database=called(yelb, "yelb-db", caller=yelb.appserver),
            ),
        ),
        "yelb-ui": (
            yelb.ui,
            ui_environment(appserver=called(yelb, "yelb-appserver", caller=yelb.ui)),
        ),
    }
    return [
        YelbTier(
            tier,
            YelbTierArgs(
                cluster=clusters[cluster],
                tier=tier,
                namespace=yelb.namespace,
                environment=variables,
                pod_annotations=workload_annotations(environment.injection),
            ),
        )
        for tier, (cluster, variables) in placed.items()
    ]


def called(yelb: Yelb, tier: str, *, caller: str) -> str:
    """Name the Service by which a cluster calls a tier: its own, or the tier's mirror."""
    home = {"yelb-appserver": yelb.appserver, "yelb-db": yelb.database}[tier]
    return tier if home == caller else names.mirror_service(tier, home)


def _exports(
    environment: Environment, clusters: dict[str, ExistingCluster], tiers: list[YelbTier]
) -> None:
    for export in environment.exports:
        ExportedService(
            f"{export.of}-{export.namespace}-{export.service}",
            ExportedServiceArgs(
                cluster=clusters[export.of],
                service=export.service,
                namespace=export.namespace,
                sources=environment.chosen_sources(export),
                mode=export.mode,
            ),
            pulumi.ResourceOptions(depends_on=[*tiers]),
        )


def mirrors(environment: Environment) -> list[dict[str, str]]:
    """List every mirror service of an environment: on which cluster, where, and its name."""
    return [
        {
            "cluster": caller,
            "namespace": export.namespace,
            "service": export.mirror,
        }
        for export in environment.exports
        for caller in environment.callers_of(export)
    ]
