"""Tiers and exports: what a cluster runs of the application, and what others call on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from ..cluster import Cluster
from ..environment import Environment, ExportPlan, LinkMode, Plan, TierPlan
from ..linkerd.installation.data_plane import data_plane_annotations
from ..linkerd.links.exports import ExportedService, ExportedServiceArgs
from ..linkerd.proxies.injection import workload_annotations
from ..yelb import YelbTier, YelbTierArgs, appserver_environment, ui_environment


@dataclass(frozen=True, kw_only=True)
class AppCluster:
    """A cluster with a tier, an export, a route or an alias."""

    cluster: Cluster
    """The cluster."""

    data_plane: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Annotations of its pods, so that they roll when Linkerd below them has changed."""

    after: Sequence[pulumi.Resource] = ()
    """What must be there first, besides its provider."""

    def after_all(
        self, others: Sequence[pulumi.Resource], parent: pulumi.Resource | None
    ) -> pulumi.ResourceOptions:
        """Return the options of a component on it that comes after others."""
        return pulumi.ResourceOptions(parent=parent, depends_on=[*self.after, *others])


@dataclass(frozen=True, kw_only=True)
class Apps:
    """The tiers and exports of some clusters."""

    tiers: Mapping[str, Sequence[YelbTier]]
    """The tiers, by cluster."""

    exports: Sequence[ExportedService]
    """The exports, in the order of the description."""

    @property
    def all(self) -> list[pulumi.Resource]:
        """All of them, for what comes after."""
        return [*(tier for tiers in self.tiers.values() for tier in tiers), *self.exports]


def make_apps(
    plan: Plan, clusters: Mapping[str, AppCluster], parent: pulumi.Resource | None = None
) -> Apps:
    """
    Make the tiers and the exports of some clusters.

    An export waits for the tiers of its own cluster, of which one may be its Service.
    """
    tiers: dict[str, list[YelbTier]] = {name: [] for name in clusters}
    for tier in plan.tiers:
        if tier.cluster in clusters:
            made = _tier(plan.environment, tier, clusters[tier.cluster], parent)
            tiers[tier.cluster].append(made)
    return Apps(tiers=tiers, exports=_exports(plan, clusters, tiers, parent))


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
        on.after_all((), parent),
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


def _exports(
    plan: Plan,
    clusters: Mapping[str, AppCluster],
    tiers: Mapping[str, Sequence[YelbTier]],
    parent: pulumi.Resource | None,
) -> list[ExportedService]:
    made: list[ExportedService] = []
    members: dict[tuple[str, str], ExportedService] = {}
    for export in plan.exports:
        if export.described.of not in clusters:
            continue
        # If several members join a new federated service at once, only the first succeeds and the
        # others follow after minutes: so they join one after another, and so do the stacks of their
        # clusters (cli/runs/waves.py). The pause between them is the provider's wait for a member
        # (components/linkerd/links/exports.py).
        # Source: linkerd2, multicluster/service-mirror/cluster_watcher.go
        #   (handleCreateFederatedService takes AlreadyExists for its own)
        described = export.described
        federated = (described.namespace, described.mirror)
        before = [members[federated]] if federated in members else []
        one = _export(export, clusters[described.of], [*tiers[described.of], *before], parent)
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
        on.after_all(after, parent),
    )
