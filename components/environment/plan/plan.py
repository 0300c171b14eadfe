"""The plan of an environment as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...name_matrix import NameCheck, name_matrix
from ..clusters import Eks, Existing
from ..description import Environment
from ..parts import APPS, LINKS, NETWORK, ROUTES, TRUST, part_of
from ..topology import Topology
from ..validation import DescriptionError, problems
from . import applications
from .applications import AliasPlan, RoutePlan, TierPlan
from .clusters import ClusterPlan, cluster_plan
from .exports import ExportPlan, Mirror, export_plan
from .links import LinkPlan, link_plan


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that follows from the description of an environment."""

    environment: Environment
    """The description."""

    clusters: Mapping[str, ClusterPlan]
    """Each cluster, by name, in the order of the description."""

    links: tuple[LinkPlan, ...]
    """Each link, in the order of the description."""

    exports: tuple[ExportPlan, ...]
    """Each export, in the order of the description."""

    routes: tuple[RoutePlan, ...]
    """Each route, in the order of the description."""

    aliases: tuple[AliasPlan, ...]
    """Each alias, in the order of the description."""

    tiers: tuple[TierPlan, ...]
    """Each tier of the application."""

    @classmethod
    def of(cls, environment: Environment) -> "Plan":
        """
        Validate a description, and resolve it.

        Raises: DescriptionError, with all problems.
        """
        if found := problems(environment):
            raise DescriptionError(found)
        return cls.unchecked(environment)

    @classmethod
    def unchecked(cls, environment: Environment) -> "Plan":
        """
        Resolve a description without validating it.

        For what was deployed: its own version of linkmesh validated it, and it may be half of two
        descriptions. Its links, and what is on a cluster, must be of clusters that it has.
        """
        topology = Topology(environment)
        gateways = {name for name in environment.names if topology.has_gateway(name)}
        links = tuple(
            link_plan(topology, link, target_has_gateway=link.target in gateways)
            for link in environment.links
        )
        return cls(
            environment=environment,
            clusters=_clusters(topology, links),
            links=links,
            exports=tuple(export_plan(topology, export) for export in environment.exports),
            routes=tuple(applications.route_plan(route) for route in environment.routes),
            aliases=tuple(applications.alias_plan(alias) for alias in environment.aliases),
            tiers=tuple(applications.tiers(topology)),
        )

    @property
    def names(self) -> list[str]:
        """Names of the clusters, in the order of the description."""
        return [*self.clusters]

    @property
    def parts(self) -> list[str]:
        """Parts of the environment, one stack each, in the order in which data flows."""
        return [
            TRUST,
            NETWORK,
            *self.clusters,
            *self.link_parts,
            *self.app_parts,
            *self.route_parts,
        ]

    @property
    def link_parts(self) -> list[str]:
        """The parts with links: one of each source."""
        sources = [name for name, cluster in self.clusters.items() if cluster.outbound]
        return [part_of(LINKS, name) for name in sources]

    @property
    def app_parts(self) -> list[str]:
        """The parts with tiers and exports: one of each cluster that has some."""
        return [part_of(APPS, name) for name in self.application_clusters]

    @property
    def route_parts(self) -> list[str]:
        """The parts with routes and aliases: one of each cluster that has some."""
        return [part_of(ROUTES, name) for name in self.routing_clusters]

    @property
    def eks(self) -> list[ClusterPlan]:
        """The EKS clusters, in the order of the description."""
        return [each for each in self.clusters.values() if isinstance(each.described, Eks)]

    @property
    def existing(self) -> list[str]:
        """Names of the existing clusters, in the order of the description."""
        return [
            name for name, each in self.clusters.items() if isinstance(each.described, Existing)
        ]

    @property
    def issued_clusters(self) -> list[str]:
        """Names of the clusters whose identity issuer is made for the environment."""
        return [name for name, each in self.clusters.items() if not each.has_linkerd]

    def link(self, source: str, target: str) -> LinkPlan:
        """Return the link of a source and a target; KeyError if there is none."""
        return self._by_ends[source, target]

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], LinkPlan]:
        return {(link.source, link.target): link for link in self.links}

    @property
    def peerings(self) -> list[tuple[str, str]]:
        """Pairs of EKS clusters whose networks are peered, in the order of the description."""
        place = {name: index for index, name in enumerate(self.clusters)}
        return [
            (cluster.name, peer)
            for cluster in self.clusters.values()
            for peer in sorted(cluster.peers, key=place.__getitem__)
            if place[cluster.name] < place[peer]
        ]

    @property
    def mirrors(self) -> list[Mirror]:
        """Every mirror service; one that is federated is one on each caller."""
        return [*dict.fromkeys(mirror for export in self.exports for mirror in export.mirrors)]

    @property
    def application_clusters(self) -> list[str]:
        """Names of the clusters with a tier or an export."""
        used = {tier.cluster for tier in self.tiers}
        used |= {export.described.of for export in self.exports}
        return [name for name in self.clusters if name in used]

    @property
    def leading(self) -> tuple[RoutePlan | AliasPlan, ...]:
        """Each route and alias: what leads calls on."""
        return (*self.routes, *self.aliases)

    @property
    def routing_clusters(self) -> list[str]:
        """Names of the clusters with a route or an alias."""
        used = {each.described.on for each in self.leading}
        return [name for name in self.clusters if name in used]

    @property
    def derived_names(self) -> list[NameCheck]:
        """
        Every name that Linkerd, Kubernetes and AWS see, with its limit.

        Each service is combined with each cluster, since any might export it one day.
        """
        services = [export.described.service for export in self.exports]
        return name_matrix(services, self.names, eks=[cluster.name for cluster in self.eks])


def _clusters(topology: Topology, links: Iterable[LinkPlan]) -> dict[str, ClusterPlan]:
    inbound: dict[str, list[LinkPlan]] = {name: [] for name in topology.environment.names}
    outbound: dict[str, list[LinkPlan]] = {name: [] for name in topology.environment.names}
    for link in links:
        inbound[link.target].append(link)
        outbound[link.source].append(link)
    return {
        cluster.name: cluster_plan(
            topology,
            cluster,
            inbound=inbound[cluster.name],
            outbound=outbound[cluster.name],
        )
        for cluster in topology.environment.clusters
    }
