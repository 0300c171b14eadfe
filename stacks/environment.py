"""
The typed description of an environment; pure.

Whatever can be known from the description alone is refused here, all problems at once, before
anything is created: see `problems.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from components.linkerd.injection import Injection
from components.subnets import Nat

from .topology import LinkSpec, chain, hub, mesh

__all__ = [
    "Eks",
    "Environment",
    "Export",
    "Injection",
    "Kind",
    "LinkSpec",
    "Nat",
    "Yelb",
    "chain",
    "hub",
    "mesh",
]


@dataclass(frozen=True)
class Kind:
    """A kind cluster on the machine that runs `pulumi up`."""

    name: str
    """Short name, one DNS label: the end of every mirror service's name."""

    workers: int = field(default=3, kw_only=True)
    """How many workers; three for Linkerd's high availability."""


@dataclass(frozen=True)
class Eks:
    """An EKS cluster with a network of its own."""

    name: str
    """Short name, one DNS label: the end of every mirror service's name."""

    region: str = field(kw_only=True)
    """AWS region, e.g. `eu-west-1`."""

    cidr: str = field(kw_only=True)
    """Addresses of its network: one IPv4 CIDR block between /16 and /20, no other cluster's."""

    nodes: int = field(default=3, kw_only=True)
    """How many nodes; three for Linkerd's high availability."""

    nat: Nat = field(default=Nat.PER_ZONE, kw_only=True)
    """How pods reach the internet: a NAT gateway in every zone, or one."""

    deletion_protection: bool = field(default=False, kw_only=True)
    """Whether AWS refuses to delete it."""


@dataclass(frozen=True)
class Export:
    """A service that other clusters may call."""

    service: str
    """Name of the Service."""

    namespace: str = field(kw_only=True)
    """Its namespace; sources get the same one."""

    of: str = field(kw_only=True)
    """The cluster it runs on: the target."""

    to: Sequence[str] | None = field(default=None, kw_only=True)
    """The clusters that may call it: sources. None means every linked one."""


@dataclass(frozen=True, kw_only=True)
class Yelb:
    """The example application, and on which cluster each tier runs."""

    ui: str
    """Cluster of the user interface."""

    appserver: str
    """Cluster of the application server and its cache."""

    database: str
    """Cluster of the database."""

    namespace: str = "yelb"
    """Namespace on all of them."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All clusters that share one trust anchor, with their links and exports."""

    clusters: Sequence[Kind | Eks]
    """The clusters."""

    links: Sequence[LinkSpec] = ()
    """Which cluster calls which: `chain`, `mesh`, `hub`, or `LinkSpec`s."""

    exports: Sequence[Export] = ()
    """The services that others may call."""

    injection: Injection = Injection.PER_NAMESPACE
    """Who gets Linkerd's proxy."""

    admins: Sequence[str] = ()
    """ARNs of the IAM principals that administer the EKS clusters."""

    operators: Sequence[str] = ()
    """
    Public CIDR blocks of the people and machines that run `pulumi up`, and of kind clusters.

    They may call the API servers, and the gateways of clusters that a kind cluster calls.
    """

    application: Yelb | None = None
    """An example application to deploy, if any."""

    def __post_init__(self) -> None:
        from .problems import DescriptionError, problems

        found = problems(self)
        if found:
            raise DescriptionError(found)

    def cluster(self, name: str) -> Kind | Eks:
        """Find a cluster by its name; KeyError if there is none."""
        return {cluster.name: cluster for cluster in self.clusters}[name]

    @property
    def names(self) -> list[str]:
        """Names of the clusters, in the order of the description."""
        return [cluster.name for cluster in self.clusters]

    @property
    def parts(self) -> list[str]:
        """Parts of the environment, one stack each, in the order in which data flows."""
        return ["trust", "network", *self.names, "links", "apps"]

    def sources_of(self, target: str) -> list[str]:
        """Names of the clusters that call a target."""
        return [link.source for link in self.links if link.target == target]

    def targets_of(self, source: str) -> list[str]:
        """Names of the clusters that a source calls."""
        return [link.target for link in self.links if link.source == source]

    def callers_of(self, export: Export) -> list[str]:
        """Names of the clusters that get a mirror of an exported service."""
        linked = self.sources_of(export.of)
        return linked if export.to is None else [name for name in linked if name in export.to]

    def chosen_sources(self, export: Export) -> tuple[str, ...] | None:
        """Names of the sources an export is limited to; None if it is for every linked one."""
        callers = self.callers_of(export)
        return None if callers == self.sources_of(export.of) else tuple(callers)

    def namespaces_of(self, cluster: str) -> list[str]:
        """Meshed namespaces of a cluster: those it exports from, mirrors into or runs Yelb in."""
        found = {
            export.namespace
            for export in self.exports
            if cluster == export.of or cluster in self.callers_of(export)
        }
        yelb = self.application
        if yelb and cluster in (yelb.ui, yelb.appserver, yelb.database):
            found.add(yelb.namespace)
        return sorted(found)
