"""Routes and aliases: on a cluster of callers, what leads calls to mirrors of exports."""

from collections.abc import Mapping, Sequence

import pulumi

from ..environment import AliasPlan, Plan, RoutePlan
from ..linkerd.traffic.aliases import ServiceAlias, ServiceAliasArgs
from ..linkerd.traffic.weighted_route import WeightedRoute, WeightedRouteArgs
from .apps import AppCluster


def make_routes(
    plan: Plan,
    clusters: Mapping[str, AppCluster],
    after: Sequence[pulumi.Resource] = (),
    parent: pulumi.Resource | None = None,
) -> None:
    """
    Make the routes and aliases of some clusters.

    Args:
        after: the tiers and exports of the program, which the mirrors come from.
    """
    for route in plan.routes:
        if on := clusters.get(route.described.on):
            _route(route, on, on.after_all(after, parent))
    for alias in plan.aliases:
        if on := clusters.get(alias.described.on):
            _alias(alias, on, on.after_all(after, parent))


def _route(route: RoutePlan, on: AppCluster, opts: pulumi.ResourceOptions) -> None:
    """Split calls."""
    described = route.described
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
        opts,
    )


def _alias(alias: AliasPlan, on: AppCluster, opts: pulumi.ResourceOptions) -> None:
    """Lead the calls of an old name on."""
    described = alias.described
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
        opts,
    )
