"""The part `apps`: the environment's example application, and its exports, routes and aliases."""

from collections.abc import Sequence
from dataclasses import asdict

import pulumi

from components.environment import Environment, ExportPlan, LinkMode, Plan, TierPlan
from components.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.linkerd.installation.data_plane import data_plane_annotations
from components.linkerd.links.exports import ExportedService, ExportedServiceArgs
from components.linkerd.proxies.injection import workload_annotations
from components.linkerd.traffic.aliases import ServiceAlias, ServiceAliasArgs
from components.linkerd.traffic.weighted_route import WeightedRoute, WeightedRouteArgs
from components.yelb import YelbTier, YelbTierArgs, appserver_environment, ui_environment

from .outputs import AppsContract, ClusterContract, LinkContract, Stacks


def deploy(plan: Plan, stacks: Stacks) -> None:
    """Make the application on its clusters, and export what others call."""
    links = LinkContract.wait_for(stacks)
    clusters = {name: _existing(name, stacks, links) for name in plan.application_clusters}
    tiers = [_tier(plan.environment, tier, clusters[tier.cluster], stacks) for tier in plan.tiers]
    exports = _exports(plan, clusters, tiers)
    _routes(plan, clusters, [*tiers, *exports])
    _aliases(plan, clusters, [*tiers, *exports])
    AppsContract(mirrors=[asdict(mirror) for mirror in plan.mirrors]).export()


def _existing(name: str, stacks: Stacks, links: pulumi.Output[object]) -> ExistingCluster:
    kubeconfig = ClusterContract.from_stack(stacks, name).kubeconfig
    # The links are read only to wait for them.
    after_links = pulumi.Output.all(kubeconfig, links).apply(lambda read: str(read[0]))
    return ExistingCluster(name, ExistingClusterArgs(kubeconfig=after_links))


def _tier(
    environment: Environment, tier: TierPlan, cluster: ExistingCluster, stacks: Stacks
) -> YelbTier:
    assert environment.application is not None
    return YelbTier(
        tier.name,
        YelbTierArgs(
            cluster=cluster,
            tier=tier.tier,
            namespace=environment.application.namespace,
            environment=_variables(tier),
            pod_annotations=_annotations(environment, tier, stacks),
        ),
    )


def _variables(tier: TierPlan) -> dict[str, str]:
    """Make the variables by which a tier finds those that it calls."""
    if tier.tier == "yelb-appserver":
        return appserver_environment(cache="redis-server", database=tier.calls)
    return ui_environment(appserver=tier.calls) if tier.tier == "yelb-ui" else {}


def _annotations(
    environment: Environment, tier: TierPlan, stacks: Stacks
) -> dict[str, pulumi.Input[str]]:
    """Annotate the pods of a tier, so that they roll when Linkerd below them has changed."""
    contract = ClusterContract.from_stack(stacks, tier.cluster)
    data_plane = pulumi.Output.from_input(contract.data_plane)
    rolled = {key: data_plane[key] for key in data_plane_annotations()}
    return {**workload_annotations(environment.injection, meshed=tier.is_meshed), **rolled}


def _routes(
    plan: Plan, clusters: dict[str, ExistingCluster], after: Sequence[pulumi.Resource]
) -> None:
    """Split calls, after the exports that the mirrors come from."""
    for route in plan.routes:
        described = route.described
        WeightedRoute(
            f"{described.on}-{described.namespace}-{described.service}-route",
            WeightedRouteArgs(
                cluster=clusters[described.on],
                namespace=described.namespace,
                service=described.service,
                port=described.port,
                backends=route.backends,
                makes_service=not described.is_served_here,
            ),
            pulumi.ResourceOptions(depends_on=[*after]),
        )


def _aliases(
    plan: Plan, clusters: dict[str, ExistingCluster], after: Sequence[pulumi.Resource]
) -> None:
    """Lead the calls of old names on, after the exports that the mirrors come from."""
    for alias in plan.aliases:
        described = alias.described
        ServiceAlias(
            f"{described.on}-{described.namespace}-{described.service}-alias",
            ServiceAliasArgs(
                cluster=clusters[described.on],
                service=described.service,
                namespace=described.namespace,
                port=described.port,
                mirror=alias.mirror,
                protocol=described.protocol,
                makes_service=not described.is_there,
            ),
            pulumi.ResourceOptions(depends_on=[*after]),
        )


def _exports(
    plan: Plan, clusters: dict[str, ExistingCluster], tiers: Sequence[YelbTier]
) -> list[ExportedService]:
    made: list[ExportedService] = []
    members: dict[tuple[str, str], ExportedService] = {}
    for export in plan.exports:
        # If several members join a new federated service at once, only the first succeeds and the
        # others follow after minutes: so they join one after another. The pause between them is the
        # provider's wait for a member (components/linkerd/links/exports.py).
        # Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
        #   (handleCreateFederatedService takes AlreadyExists for its own)
        described = export.described
        federated = (described.namespace, described.mirror)
        before = [members[federated]] if federated in members else []
        one = _export(export, clusters[described.of], [*tiers, *before])
        made.append(one)
        if described.mode is LinkMode.FEDERATED:
            members[federated] = one
    return made


def _export(
    export: ExportPlan, cluster: ExistingCluster, after: Sequence[pulumi.Resource]
) -> ExportedService:
    described = export.described
    return ExportedService(
        f"{described.of}-{described.namespace}-{described.service}",
        ExportedServiceArgs(
            cluster=cluster,
            service=described.service,
            namespace=described.namespace,
            sources=export.chosen_sources,
            mode=described.mode,
        ),
        pulumi.ResourceOptions(depends_on=[*after]),
    )
