"""An environment's example application, and its exports, routes and aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from ..cluster import Cluster
from ..environment import Environment, ExportPlan, LinkMode, Plan, TierPlan
from ..linkerd.installation.data_plane import data_plane_annotations
from ..linkerd.links.exports import ExportedService, ExportedServiceArgs
from ..linkerd.proxies.injection import workload_annotations
from ..linkerd.traffic.aliases import ServiceAlias, ServiceAliasArgs
from ..linkerd.traffic.weighted_route import WeightedRoute, WeightedRouteArgs
from ..yelb import YelbTier, YelbTierArgs, appserver_environment, ui_environment


@dataclass(frozen=True, kw_only=True)
class AppCluster:
    """A cluster with an export, a route, an alias or a tier, after all links are there."""

    cluster: Cluster
    """The cluster."""

    data_plane: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Annotations of its pods, so that they roll when Linkerd below them has changed."""

    after: Sequence[pulumi.Resource] = ()
    """What must be there first, besides its provider."""


def make_apps(
    plan: Plan, clusters: Mapping[str, AppCluster], parent: pulumi.Resource | None = None
) -> list[ExportedService]:
    """Make the application on its clusters, and export what others call; return the exports."""
    tiers = [_tier(plan.environment, tier, clusters[tier.cluster], parent) for tier in plan.tiers]
    exports = _exports(plan, clusters, tiers, parent)
    _routes(plan, clusters, [*tiers, *exports], parent)
    _aliases(plan, clusters, [*tiers, *exports], parent)
    return exports


def _after(
    cluster: AppCluster, others: Sequence[pulumi.Resource], parent: pulumi.Resource | None
) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent, depends_on=[*cluster.after, *others])


def _tier(
    environment: Environment, tier: TierPlan, on: AppCluster, parent: pulumi.Resource | None
) -> YelbTier:
    assert environment.application is not None
    return YelbTier(
        tier.name,
        YelbTierArgs(
            cluster=on.cluster,
            tier=tier.tier,
            namespace=environment.application.namespace,
            environment=_variables(tier),
            pod_annotations=_annotations(environment, tier, on),
        ),
        _after(on, (), parent),
    )


def _variables(tier: TierPlan) -> dict[str, str]:
    """Make the variables by which a tier finds those that it calls."""
    if tier.tier == "yelb-appserver":
        return appserver_environment(cache="redis-server", database=tier.calls)
    return ui_environment(appserver=tier.calls) if tier.tier == "yelb-ui" else {}


def _annotations(
    environment: Environment, tier: TierPlan, on: AppCluster
) -> dict[str, pulumi.Input[str]]:
    """Annotate the pods of a tier, so that they roll when Linkerd below them has changed."""
    data_plane = pulumi.Output.from_input(on.data_plane)
    rolled = {key: data_plane[key] for key in data_plane_annotations()}
    return {**workload_annotations(environment.injection, meshed=tier.is_meshed), **rolled}


def _routes(
    plan: Plan,
    clusters: Mapping[str, AppCluster],
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None,
) -> None:
    """Split calls, after the exports that the mirrors come from."""
    for route in plan.routes:
        described = route.described
        on = clusters[described.on]
        WeightedRoute(
            f"{described.on}-{described.namespace}-{described.service}-route",
            WeightedRouteArgs(
                cluster=on.cluster,
                namespace=described.namespace,
                service=described.service,
                port=described.port,
                backends=route.backends,
                makes_service=not described.is_served_here,
            ),
            _after(on, after, parent),
        )


def _aliases(
    plan: Plan,
    clusters: Mapping[str, AppCluster],
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None,
) -> None:
    """Lead the calls of old names on, after the exports that the mirrors come from."""
    for alias in plan.aliases:
        described = alias.described
        on = clusters[described.on]
        ServiceAlias(
            f"{described.on}-{described.namespace}-{described.service}-alias",
            ServiceAliasArgs(
                cluster=on.cluster,
                service=described.service,
                namespace=described.namespace,
                port=described.port,
                mirror=alias.mirror,
                protocol=described.protocol,
                makes_service=not described.is_there,
            ),
            _after(on, after, parent),
        )


def _exports(
    plan: Plan,
    clusters: Mapping[str, AppCluster],
    tiers: Sequence[YelbTier],
    parent: pulumi.Resource | None,
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
        one = _export(export, clusters[described.of], [*tiers, *before], parent)
        made.append(one)
        if described.mode is LinkMode.FEDERATED:
            members[federated] = one
    return made


def _export(
    export: ExportPlan,
    on: AppCluster,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None,
) -> ExportedService:
    described = export.described
    return ExportedService(
        export.name,
        ExportedServiceArgs(
            cluster=on.cluster,
            service=described.service,
            namespace=described.namespace,
            sources=export.chosen_sources,
            mode=described.mode,
            is_labelled=described.is_labelled,
        ),
        _after(on, after, parent),
    )
