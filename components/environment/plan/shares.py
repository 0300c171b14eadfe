"""
The share of a plan that one part is deployed from.

The program of a stack gets its share and nothing else of the plan. So a stack whose share, settings
and upstream outputs are as they were registers what it registered then, whatever else changed.
Decision: docs/decisions/0032-unchanged-stacks.md
"""

from collections.abc import Iterable
from dataclasses import replace

from ..clusters import ClusterSpec
from ..description import Environment
from ..linkerd import Linkerd
from ..parts import APPS, LINKS, NETWORK, ROUTES, TRUST, cluster_of, kind_of
from .clusters import ClusterPlan
from .links import LinkPlan
from .plan import Plan


def share(plan: Plan, part: str) -> Plan:
    """Return what of a plan one part is deployed from; everything else is as if undescribed."""
    name = cluster_of(part)
    shares = {
        TRUST: _of_trust,
        NETWORK: _of_network,
        LINKS: _of_links,
        APPS: _of_apps,
        ROUTES: _of_routes,
    }
    return shares.get(kind_of(part), _of_cluster)(plan, name)


def _of_trust(plan: Plan, _: str) -> Plan:
    """Each cluster that gets an issuer, and who signs it."""
    environment = plan.environment
    described = Environment(
        clusters=_described(plan.clusters.values()),
        linkerd=Linkerd(cert_manager=environment.linkerd.cert_manager),
        trust=environment.trust,
    )
    return _share(described, (_bare(each) for each in plan.clusters.values()))


def _of_network(plan: Plan, _: str) -> Plan:
    """The EKS clusters, and which of their networks are peered."""
    described = Environment(clusters=_described(plan.eks))
    return _share(described, (replace(_bare(each), peers=each.peers) for each in plan.eks))


def _of_cluster(plan: Plan, name: str) -> Plan:
    """The cluster with all that follows for it, and those from which it is called."""
    environment, own = plan.environment, plan.clusters[name]
    # By which labels the services are found is said by the links, in stacks of their own.
    inbound, outbound = (
        tuple(replace(link, labels={}) for link in _links(links))
        for links in (own.inbound, own.outbound)
    )
    own = replace(own, inbound=inbound, outbound=outbound)
    callers = [plan.clusters[each] for each in own.sources]
    linkerd = environment.linkerd
    described = Environment(
        clusters=_described([own, *callers]),
        linkerd=replace(linkerd, version=linkerd.version_on(name), versions={}),
        injection=environment.injection,
        unmeshed=environment.unmeshed,
        admins=environment.admins,
        access=environment.access,
        operators=environment.operators,
        token_generations=environment.token_generations,
    )
    return _share(described, [own, *map(_bare, callers)])


def _of_links(plan: Plan, name: str) -> Plan:
    own = plan.clusters[name]
    described = Environment(
        clusters=_described([own]),
        links=[link for link in plan.environment.links if link.source == name],
    )
    links = _links(own.outbound)
    return replace(_share(described, [replace(_bare(own), outbound=links)]), links=links)


def _of_apps(plan: Plan, name: str) -> Plan:
    environment = plan.environment
    tiers = tuple(tier for tier in plan.tiers if tier.cluster == name)
    described = Environment(
        clusters=_described([plan.clusters[name]]),
        exports=[export for export in environment.exports if export.of == name],
        injection=environment.injection,
        application=environment.application if tiers else None,
    )
    exports = tuple(export for export in plan.exports if export.described.of == name)
    return replace(_share(described, [_bare(plan.clusters[name])]), exports=exports, tiers=tiers)


def _of_routes(plan: Plan, name: str) -> Plan:
    environment = plan.environment
    described = Environment(
        clusters=_described([plan.clusters[name]]),
        routes=[route for route in environment.routes if route.on == name],
        aliases=[alias for alias in environment.aliases if alias.on == name],
    )
    return replace(
        _share(described, [_bare(plan.clusters[name])]),
        routes=tuple(route for route in plan.routes if route.described.on == name),
        aliases=tuple(alias for alias in plan.aliases if alias.described.on == name),
    )


def _described(clusters: Iterable[ClusterPlan]) -> list[ClusterSpec]:
    return [each.described for each in clusters]


def _links(links: Iterable[LinkPlan]) -> tuple[LinkPlan, ...]:
    """Return links without the services that are called over them, which need no object."""
    return tuple(replace(link, exports=()) for link in links)


def _bare(cluster: ClusterPlan) -> ClusterPlan:
    """Return a cluster as it is described, without what follows from the environment."""
    return ClusterPlan(
        described=cluster.described,
        linkerd_version="",
        inbound=(),
        outbound=(),
        peers=(),
        namespaces=(),
        gateway=None,
        gateway_is_public=False,
        openings=(),
        federated_labels=(),
    )


def _share(described: Environment, clusters: Iterable[ClusterPlan]) -> Plan:
    return Plan(
        environment=described,
        clusters={each.name: each for each in clusters},
        links=(),
        exports=(),
        routes=(),
        aliases=(),
        tiers=(),
    )
