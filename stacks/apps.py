"""The part `apps`: the environment's example application, and its exports."""

from collections.abc import Iterator

import pulumi

from components import names
from components.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.linkerd.installation.data_plane import data_plane_annotations
from components.linkerd.links.exports import ExportedService, ExportedServiceArgs
from components.linkerd.proxies.injection import is_meshed, workload_annotations
from components.linkerd.traffic.aliases import ServiceAlias, ServiceAliasArgs
from components.linkerd.traffic.routes import Backend
from components.linkerd.traffic.weighted_route import WeightedRoute, WeightedRouteArgs
from components.yelb import YelbTier, YelbTierArgs, appserver_environment, ui_environment

from .environment import Alias, Environment, Mode, Route, Yelb
from .mirrors import mirrors
from .outputs import AppsContract, ClusterContract, LinkContract, Stacks


def deploy(environment: Environment, stacks: Stacks) -> None:
    """Make the application on its clusters, and export what others call."""
    links = LinkContract.wait_for(stacks)
    clusters = {name: _existing(name, stacks, links) for name in _used(environment)}
    tiers = _yelb(environment, clusters, stacks) if environment.application else []
    exports = _exports(environment, clusters, tiers)
    _routes(environment, clusters, [*tiers, *exports])
    _aliases(environment, clusters, [*tiers, *exports])
    AppsContract(mirrors=mirrors(environment)).export()


def _used(environment: Environment) -> list[str]:
    """Names of the clusters that run an application or export a service."""
    used = {export.of for export in environment.exports}
    used |= {route.on for route in environment.routes}
    used |= {alias.on for alias in environment.aliases}
    if environment.application:
        used |= set(environment.application.clusters)
    return [name for name in environment.names if name in used]


def _existing(name: str, stacks: Stacks, links: pulumi.Output[object]) -> ExistingCluster:
    kubeconfig = ClusterContract.from_stack(stacks, name).kubeconfig
    # The links are read only to wait for them.
    after_links = pulumi.Output.all(kubeconfig, links).apply(lambda read: str(read[0]))
    return ExistingCluster(name, ExistingClusterArgs(kubeconfig=after_links))


def _annotations(
    environment: Environment, cluster: str, tier: str, stacks: Stacks
) -> dict[str, pulumi.Input[str]]:
    """Annotate the pods of a cluster, so that they roll when Linkerd below them has changed."""
    told = pulumi.Output.from_input(ClusterContract.from_stack(stacks, cluster).data_plane)
    rolled = {key: told[key] for key in data_plane_annotations()}
    assert environment.application is not None
    meshed = is_meshed(environment.unmeshed, environment.application.namespace, tier)
    return {**workload_annotations(environment.injection, meshed=meshed), **rolled}


def _yelb(
    environment: Environment, clusters: dict[str, ExistingCluster], stacks: Stacks
) -> list[YelbTier]:
    yelb = environment.application
    assert yelb is not None
    return [
        YelbTier(
            name,
            YelbTierArgs(
                cluster=clusters[cluster],
                tier=tier,
                namespace=yelb.namespace,
                environment=variables,
                pod_annotations=_annotations(environment, cluster, tier, stacks),
            ),
        )
        for name, tier, cluster, variables in _placed(environment, yelb)
    ]


def _placed(environment: Environment, yelb: Yelb) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Say of each tier its resource's name, what it is, where it runs and whom it calls."""
    database = called(environment, "yelb-db", yelb.database, caller=yelb.appserver)
    appserver = called(environment, "yelb-appserver", yelb.appserver, caller=yelb.ui)
    tell = appserver_environment(cache="redis-server", database=database)
    yield "yelb-db", "yelb-db", yelb.database, {}
    yield "redis-server", "redis-server", yelb.appserver, {}
    yield "yelb-appserver", "yelb-appserver", yelb.appserver, tell
    yield "yelb-ui", "yelb-ui", yelb.ui, ui_environment(appserver=appserver)
    alone = appserver_environment(cache="redis-server", database="yelb-db")
    for cluster in yelb.copies:
        yield f"{cluster}-yelb-db", "yelb-db", cluster, {}
        yield f"{cluster}-redis-server", "redis-server", cluster, {}
        yield f"{cluster}-yelb-appserver", "yelb-appserver", cluster, alone


def called(environment: Environment, tier: str, home: str, *, caller: str) -> str:
    """Name the Service by which a cluster calls a tier: its own, one that leads on, or a mirror."""
    if home == caller or (caller, tier) in _led_on(environment):
        return tier
    for export in environment.exports:
        if (export.of, export.service) == (home, tier) and caller in environment.callers_of(export):
            return export.mirror
    return names.mirror_service(tier, home)


def _led_on(environment: Environment) -> set[tuple[str, str]]:
    """Cluster and name of the application's Services whose calls are split or led to a mirror."""
    yelb = environment.application
    led: list[Alias | Route] = [*environment.aliases, *environment.routes]
    return {(each.on, each.service) for each in led if yelb and each.namespace == yelb.namespace}


def _routes(
    environment: Environment, clusters: dict[str, ExistingCluster], after: list[pulumi.Resource]
) -> None:
    """Split calls, after the exports that the mirrors come from."""
    for route in environment.routes:
        WeightedRoute(
            f"{route.on}-{route.namespace}-{route.service}-route",
            WeightedRouteArgs(
                cluster=clusters[route.on],
                namespace=route.namespace,
                service=route.service,
                port=route.port,
                backends=[
                    Backend(service=_answering(route, name), port=route.port, weight=weight)
                    for name, weight in route.weights.items()
                ],
                makes_service=not route.is_served_here,
            ),
            pulumi.ResourceOptions(depends_on=after),
        )


def _aliases(
    environment: Environment, clusters: dict[str, ExistingCluster], after: list[pulumi.Resource]
) -> None:
    """Lead the calls of old names on, after the exports that the mirrors come from."""
    for alias in environment.aliases:
        ServiceAlias(
            f"{alias.on}-{alias.namespace}-{alias.service}-alias",
            ServiceAliasArgs(
                cluster=clusters[alias.on],
                service=alias.service,
                namespace=alias.namespace,
                port=alias.port,
                mirror=names.mirror_service(alias.service, alias.of),
                protocol=alias.protocol,
                makes_service=not alias.is_there,
            ),
            pulumi.ResourceOptions(depends_on=after),
        )


def _answering(route: Route, cluster: str) -> str:
    here = cluster == route.on
    return route.service if here else names.mirror_service(route.service, cluster)


def _exports(
    environment: Environment, clusters: dict[str, ExistingCluster], tiers: list[YelbTier]
) -> list[ExportedService]:
    made: list[ExportedService] = []
    members: dict[tuple[str, str], ExportedService] = {}
    for export in environment.exports:
        # Of members that join a federated service at once only the first gets in, the others after
        # minutes: so they join one after another.
        # Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
        #   (handleCreateFederatedService takes AlreadyExists for its own)
        federated = (export.namespace, export.mirror)
        before = [members[federated]] if federated in members else []
        one = ExportedService(
            f"{export.of}-{export.namespace}-{export.service}",
            ExportedServiceArgs(
                cluster=clusters[export.of],
                service=export.service,
                namespace=export.namespace,
                sources=environment.chosen_sources(export),
                mode=export.mode,
            ),
            pulumi.ResourceOptions(depends_on=[*tiers, *before]),
        )
        made.append(one)
        if export.mode is Mode.FEDERATED:
            members[federated] = one
    return made
