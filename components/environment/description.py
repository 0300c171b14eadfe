"""
The description of an environment: what a user writes.

It is data without rules: `Plan.of` validates it, as does everything that loads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..access_entry import AccessEntry
from ..arguments import checked
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.proxies.injection import Injection, Unmeshed
from .aliases import Alias
from .clusters import ClusterSpec, Eks
from .exports import Export
from .linkerd import Linkerd
from .links import LinkSpec
from .routes import Route
from .yelb import Yelb


@checked
@dataclass(frozen=True, kw_only=True)
class Environment:
    """All clusters that share one trust anchor, with their links and exports."""

    clusters: Sequence[ClusterSpec]
    """The clusters."""

    links: Sequence[LinkSpec] = ()
    """Which cluster calls which: `chain`, `mesh`, `hub`, or `LinkSpec`s."""

    exports: Sequence[Export] = ()
    """The services that other clusters may call."""

    routes: Sequence[Route] = ()
    """Services whose calls are split between clusters, with their weights."""

    aliases: Sequence[Alias] = ()
    """Services that moved to another cluster, and whose old names still work."""

    linkerd: Linkerd = field(default_factory=Linkerd)
    """How Linkerd is installed on every cluster."""

    injection: Injection = Injection.PER_NAMESPACE
    """Which workloads get Linkerd's proxy."""

    unmeshed: Sequence[Unmeshed] = ()
    """Namespaces and workloads without a proxy, as exceptions to `injection`."""

    admins: Sequence[str] = ()
    """ARNs of the IAM principals that administer the EKS clusters."""

    access: Sequence[AccessEntry] = ()
    """Other IAM principals, and what they may do on the EKS clusters."""

    operators: Sequence[str] = ()
    """
    IPv4 CIDR blocks of the people and machines that run `pulumi up`, and of kind clusters.

    They may call the API servers, and the gateways of clusters that a kind cluster calls. If all
    are private (RFC 1918), the API servers have no public endpoint.
    """

    token_generations: Sequence[int] = (1,)
    """
    Generations of the tokens with which sources read targets; the last one is in use.

    To renew them without a failed request: `(1, 2)`, up, `(2,)`, up.
    """

    trust: TrustState = field(default_factory=TrustState)
    """
    Which generations of trust anchors and issuers there are.

    `mesh rotate` writes its progress to `Pulumi.<environment>.trust.yaml`, which has priority.
    """

    application: Yelb | None = None
    """An example application to deploy, if any."""

    def cluster(self, name: str) -> ClusterSpec:
        """Return a cluster by its name; KeyError if there is none."""
        return self._by_name[name]

    # Cached: every rule looks clusters up, and a search each time is quadratic in their number.
    @cached_property
    def _by_name(self) -> dict[str, ClusterSpec]:
        return {cluster.name: cluster for cluster in self.clusters}

    @property
    def names(self) -> list[str]:
        """Names of the clusters, in the order of the description."""
        return [cluster.name for cluster in self.clusters]

    @property
    def eks(self) -> list[Eks]:
        """The EKS clusters, in the order of the description."""
        return [cluster for cluster in self.clusters if isinstance(cluster, Eks)]

    @property
    def access_entries(self) -> list[AccessEntry]:
        """Access entries of every EKS cluster, administrators first."""
        return [*(AccessEntry(principal) for principal in self.admins), *self.access]
