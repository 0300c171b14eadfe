"""What follows for applications: tiers of Yelb, and the calls that routes and aliases lead on."""

from collections.abc import Iterator
from dataclasses import dataclass

from ... import names
from ...linkerd.proxies.injection import is_meshed
from ...linkerd.traffic.routes import RouteBackend
from ..aliases import Alias
from ..description import Environment
from ..links import LinkSpec
from ..routes import Route
from ..topology import Topology
from ..yelb import Yelb


@dataclass(frozen=True, kw_only=True)
class TierPlan:
    """One tier of Yelb on one cluster."""

    name: str
    """Logical name of its component."""

    tier: str
    """Which tier: `yelb-ui`, `yelb-appserver`, `yelb-db` or `redis-server`."""

    cluster: str
    """Name of the cluster that it runs on."""

    is_meshed: bool
    """Whether it has no exception from the mesh."""

    calls: str = ""
    """The Service by which it calls the next tier; empty if it calls none but the cache."""


@dataclass(frozen=True, kw_only=True)
class RoutePlan:
    """A route, and the Services that answer it."""

    described: Route
    """The route, as it is described."""

    backends: tuple[RouteBackend, ...]
    """The Services that answer, with their weights."""

    @property
    def answering(self) -> tuple[str, ...]:
        """Names of the clusters that answer."""
        return tuple(self.described.weights)

    def percent(self, cluster: str) -> float:
        """Return the part of the calls that a cluster answers, in percent."""
        weights = self.described.weights
        total = sum(weights.values())
        return 100 * weights.get(cluster, 0) / total if total else 0


@dataclass(frozen=True, kw_only=True)
class AliasPlan:
    """An alias, and the mirror that it leads to."""

    described: Alias
    """The alias, as it is described."""

    mirror: str
    """Name of the mirror service that answers."""

    @property
    def answering(self) -> tuple[str, ...]:
        """Name of the cluster that answers."""
        return (self.described.of,)


def route_plan(route: Route) -> RoutePlan:
    """Resolve one route."""
    return RoutePlan(
        described=route,
        backends=tuple(
            RouteBackend(service=_answering(route, cluster), port=route.port, weight=weight)
            for cluster, weight in route.weights.items()
        ),
    )


def _answering(route: Route, cluster: str) -> str:
    here = cluster == route.on
    return route.service if here else names.mirror_service(route.service, cluster)


def alias_plan(alias: Alias) -> AliasPlan:
    """Resolve one alias."""
    return AliasPlan(described=alias, mirror=names.mirror_service(alias.service, alias.of))


def tiers(topology: Topology) -> Iterator[TierPlan]:
    """Resolve every tier of the application; none without one."""
    environment = topology.environment
    yelb = environment.application
    for name, tier, cluster, calls in _placed(topology, yelb) if yelb else ():
        yield TierPlan(
            name=name,
            tier=tier,
            cluster=cluster,
            is_meshed=is_meshed(environment.unmeshed, yelb.namespace, tier) if yelb else True,
            calls=calls,
        )


def _placed(topology: Topology, yelb: Yelb) -> Iterator[tuple[str, str, str, str]]:
    """Return each tier's logical name, the tier, its cluster, and what it calls."""
    database = _called(topology, yelb, "yelb-db", yelb.database, caller=yelb.appserver)
    appserver = _called(topology, yelb, "yelb-appserver", yelb.appserver, caller=yelb.ui)
    yield "yelb-db", "yelb-db", yelb.database, ""
    yield "redis-server", "redis-server", yelb.appserver, ""
    yield "yelb-appserver", "yelb-appserver", yelb.appserver, database
    yield "yelb-ui", "yelb-ui", yelb.ui, appserver
    for cluster in yelb.copies:
        yield f"{cluster}-yelb-db", "yelb-db", cluster, ""
        yield f"{cluster}-redis-server", "redis-server", cluster, ""
        yield f"{cluster}-yelb-appserver", "yelb-appserver", cluster, "yelb-db"


def _called(topology: Topology, yelb: Yelb, tier: str, home: str, *, caller: str) -> str:
    """Name the Service by which a cluster calls a tier: its own, one that leads on, or a mirror."""
    if home == caller or (caller, tier) in _led_on(topology.environment, yelb):
        return tier
    for export in topology.exports_over(LinkSpec(caller, home)):
        if export.service == tier:
            return export.mirror
    return names.mirror_service(tier, home)


def _led_on(environment: Environment, yelb: Yelb) -> set[tuple[str, str]]:
    """Return cluster and name of Yelb's Services whose calls a route or an alias leads on."""
    led: list[Alias | Route] = [*environment.aliases, *environment.routes]
    return {(each.on, each.service) for each in led if each.namespace == yelb.namespace}
