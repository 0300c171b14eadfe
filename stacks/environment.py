"""
The typed description of an environment; pure.

Whatever can be known from the description alone is refused here, all problems at once, before
anything is created: see `problems.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from components.access_entry import AccessEntry, Role
from components.linkerd.identity.trust_rotation import TrustState
from components.linkerd.mode import Mode
from components.linkerd.proxies.injection import Injection, Unmeshed
from components.linkerd.traffic.protocol import Protocol
from components.node_group import Ami
from components.subnets import Nat

from .alias import Alias
from .export import Export
from .linkerd import Linkerd
from .members import Eks, Existing, Kind, Member
from .route import Route
from .topology import LinkSpec, chain, hub, mesh
from .yelb import Yelb

__all__ = [
    "AccessEntry",
    "Alias",
    "Ami",
    "Eks",
    "Environment",
    "Existing",
    "Export",
    "Injection",
    "Kind",
    "LinkSpec",
    "Linkerd",
    "Member",
    "Mode",
    "Nat",
    "Protocol",
    "Role",
    "Route",
    "TrustState",
    "Unmeshed",
    "Yelb",
    "chain",
    "hub",
    "mesh",
]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All clusters that share one trust anchor, with their links and exports."""

    clusters: Sequence[Member]
    """The clusters."""

    links: Sequence[LinkSpec] = ()
    """Which cluster calls which: `chain`, `mesh`, `hub`, or `LinkSpec`s."""

    exports: Sequence[Export] = ()
    """The services that others may call."""

    routes: Sequence[Route] = ()
    """Services whose calls are split between clusters, and with which weights."""

    aliases: Sequence[Alias] = ()
    """Services that moved to another cluster, and whose old names go on working."""

    linkerd: Linkerd = field(default_factory=Linkerd)
    """How Linkerd is installed on every cluster."""

    injection: Injection = Injection.PER_NAMESPACE
    """Who gets Linkerd's proxy."""

    unmeshed: Sequence[Unmeshed] = ()
    """Namespaces and workloads that get none although the environment's rule says so."""

    admins: Sequence[str] = ()
    """ARNs of the IAM principals that administer the EKS clusters."""

    access: Sequence[AccessEntry] = ()
    """Who else may do what on the EKS clusters."""

    operators: Sequence[str] = ()
    """
    IPv4 CIDR blocks of the people and machines that run `pulumi up`, and of kind clusters.

    They may call the API servers, and the gateways of clusters that a kind cluster calls. If all
    are private (RFC 1918), the API servers have no public endpoint.
    """

    token_generations: Sequence[int] = (1,)
    """
    Numbers of the tokens by which sources look at targets; the last is the one in use.

    To renew them without a failed request: `(1, 2)`, up, `(2,)`, up.
    """

    trust: TrustState = field(default_factory=TrustState)
    """
    Which generations of trust anchors and issuers there are.

    `mesh rotate` notes how far it has come beside this, in `Pulumi.<environment>.trust.yaml`.
    """

    application: Yelb | None = None
    """An example application to deploy, if any."""

    def __post_init__(self) -> None:
        from .problems import DescriptionError, problems

        found = problems(self)
        if found:
            raise DescriptionError(found)

    def cluster(self, name: str) -> Member:
        """Find a cluster by its name; KeyError if there is none."""
        return self._by_name[name]

    # Kept, since every rule asks: made anew each time, planning is quadratic in the clusters.
    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {cluster.name: cluster for cluster in self.clusters}

    @cached_property
    def _sources(self) -> dict[str, list[str]]:
        return _grouped((link.target, link.source) for link in self.links)

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        return _grouped((link.source, link.target) for link in self.links)

    @cached_property
    def _exported(self) -> dict[str, list[str]]:
        return _grouped(
            (cluster, export.namespace)
            for export in self.exports
            for cluster in (export.of, *self.callers_of(export))
        )

    @property
    def eks(self) -> list[Eks]:
        """The EKS clusters, in the order of the description."""
        return [cluster for cluster in self.clusters if isinstance(cluster, Eks)]

    def peers_of(self, name: str) -> set[str]:
        """Names of the EKS clusters whose networks are joined with that of an EKS cluster."""
        linked = {name, *self.sources_of(name), *self.targets_of(name)}
        ours = {each for each in linked if isinstance(self._by_name.get(each), Eks)}
        return ours - {name} if name in ours else set()

    def nats_of(self, name: str) -> int:
        """How many NAT gateways, and public addresses, a cluster calls from."""
        cluster = self.cluster(name)
        return cluster.nat.gateways if isinstance(cluster, Eks) else 0

    @property
    def access_entries(self) -> list[AccessEntry]:
        """Everybody who may do something on the EKS clusters, administrators first."""
        return [*(AccessEntry(principal) for principal in self.admins), *self.access]

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
        return [*self._sources.get(target, ())]

    def targets_of(self, source: str) -> list[str]:
        """Names of the clusters that a source calls."""
        return [*self._targets.get(source, ())]

    def modes_of(self, link: LinkSpec) -> list[Mode]:
        """How a link is used: by its exports; through the gateway as long as it has none."""
        modes = {
            export.mode
            for export in self.exports
            if export.of == link.target and link.source in self.callers_of(export)
        }
        return [mode for mode in Mode if mode in modes] or [Mode.GATEWAY]

    def has_gateway(self, name: str) -> bool:
        """Whether some cluster calls a cluster through a gateway."""
        return any(
            Mode.GATEWAY in self.modes_of(link) for link in self.links if link.target == name
        )

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
        found = {*self._exported.get(cluster, ())}
        found |= {route.namespace for route in self.routes if route.on == cluster}
        yelb = self.application
        if yelb and cluster in yelb.clusters:
            found.add(yelb.namespace)
        return sorted(found)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Collect the second words of pairs by the first."""
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found
