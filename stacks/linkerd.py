"""How Linkerd is installed on every cluster of an environment, as it is described; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.linkerd.identity.cert_manager import CertManager
from components.linkerd.installation.profiles import Profile
from components.linkerd.proxies.proxy import Proxy, ProxyResources, Tracing
from components.versions import LINKERD_CHART

__all__ = ["CertManager", "Linkerd", "Profile", "Proxy", "ProxyResources", "Tracing"]


@dataclass(frozen=True, kw_only=True)
class Linkerd:
    """How Linkerd is installed on every cluster of an environment."""

    profile: Profile = Profile.HIGH_AVAILABILITY
    """How much runs; high availability by default, which needs three nodes."""

    version: str = LINKERD_CHART
    """Version of the charts, e.g. `2026.6.3`."""

    versions: Mapping[str, str] = field(default_factory=dict)
    """Another version on some clusters, by name: an upgrade goes cluster by cluster."""

    registry: str | None = None
    """Registry of every image; None is where each is published."""

    proxy: Proxy = field(default_factory=Proxy)
    """How proxies differ from Linkerd's defaults: resources, admin port, tracing."""

    cni: bool = False
    """Whether Linkerd's CNI plugin redirects traffic, instead of pods that have NET_ADMIN."""

    cert_manager: CertManager | None = None
    """
    How cert-manager makes the identity issuers; None if they are made here.

    The trust anchors are then somebody else's, and `linkmesh:anchorCertificate` tells them.
    """

    viz: bool = True
    """Whether the viz extension is installed: metrics, tap and dashboard."""

    def version_on(self, cluster: str) -> str:
        """Version of the charts on one cluster."""
        return self.versions.get(cluster, self.version)
