"""How Linkerd is installed on every cluster of an environment, as a user describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..arguments import checked
from ..linkerd.identity.cert_manager import CertManagerIssuer
from ..linkerd.installation.profiles import InstallProfile
from ..linkerd.proxies.proxy import ProxyConfig
from ..versions import LINKERD_CHART


@checked
@dataclass(frozen=True, kw_only=True)
class Linkerd:
    """How Linkerd is installed on every cluster of an environment."""

    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY
    """How many replicas run; high availability by default, which needs three nodes."""

    version: str = LINKERD_CHART
    """Version of the charts, e.g. `2026.6.3`."""

    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of single clusters, by name: an upgrade goes cluster by cluster."""

    registry: str | None = None
    """Registry of all images; None takes each from where it is published."""

    proxy: ProxyConfig = field(default_factory=ProxyConfig)
    """How proxies differ from Linkerd's defaults: resources, admin port, tracing."""

    cni: bool = False
    """Whether Linkerd's CNI plugin redirects traffic, instead of init containers with NET_ADMIN."""

    cert_manager: CertManagerIssuer | None = None
    """
    How cert-manager makes the identity issuers; None if linkmesh makes them.

    With cert-manager, set the trust anchor's certificate as `linkmesh:anchorCertificate`.
    """

    viz: bool = True
    """Whether the viz extension is installed: metrics, tap and dashboard."""

    allows_check: bool = False
    """
    Whether sources may read `linkerd-config` of their targets, with no key in it.

    `linkerd multicluster check` compares trust anchors with it, and fails without this right.
    """

    def version_on(self, cluster: str) -> str:
        """Version of the charts on one cluster."""
        return self.versions.get(cluster, self.version)
