"""
Linkerd as it is installed on a cluster: the settings that extensions and links share with it.

Each is in one place, so that an extension cannot differ from its control plane, nor a link from its
target.
"""

from dataclasses import dataclass, field

import pulumi

from ...arguments import checked
from ...cluster import Cluster
from ...names import CLUSTER_DOMAIN
from ...versions import LINKERD_CHART, LINKERD_CHARTS
from ..identities import TRUST_DOMAIN
from ..ports import GATEWAY_PORT, PROBE_PORT
from ..proxies.proxy import ProxyConfig
from . import charts
from .profiles import InstallProfile, profile_problems


@checked
@dataclass(frozen=True, kw_only=True)
class LinkerdInstallation:
    """
    Settings of Linkerd on one cluster, which its extensions must share.

    `LinkerdControlPlane.installation` has those of a control plane of this library. Write one for a
    control plane that something else installed: `LinkerdInstallation(cluster=office)`
    """

    cluster: Cluster
    """The cluster."""

    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY
    """Number of replicas: high availability by default, which needs three nodes for pods."""

    nodes: int | None = None
    """Number of nodes for pods, to be compared with the profile; None if it is not known."""

    proxy: ProxyConfig = field(default_factory=ProxyConfig)
    """Proxies, as far as they differ from Linkerd's defaults: resources, admin port, tracing."""

    cni: bool = False
    """Whether Linkerd's CNI plugin redirects traffic, instead of pods that have NET_ADMIN."""

    cluster_domain: str = CLUSTER_DOMAIN
    """Suffix of the cluster's DNS names."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the identities of the cluster's pods."""

    registry: str | None = None
    """Registry of every image, e.g. `registry.example.com/linkerd`; None: Linkerd's own."""

    version: str = LINKERD_CHART
    """Version of every chart, e.g. `2026.6.3`."""

    charts: str | None = None
    """
    Location of the charts: URL of a Helm repository, `oci://` registry, or folder.

    None: Linkerd's own repository, `versions.LINKERD_CHARTS`.
    """

    def __post_init__(self) -> None:
        if problems := self._problems():
            raise ValueError("\n".join(problems))

    def _problems(self) -> list[str]:
        return [
            *profile_problems(self.profile, self.nodes),
            *charts.problems(
                location=self.charts_location, version=self.version, registry=self.registry
            ),
        ]

    @property
    def charts_location(self) -> str:
        """Location of the charts, also if it is Linkerd's own."""
        return self.charts or LINKERD_CHARTS


@dataclass(frozen=True, kw_only=True)
class GatewayEndpoint:
    """Address, identity and ports of a target's gateway, as sources need them."""

    address: pulumi.Input[str]
    """IP addresses or host names of the gateway, joined by commas."""

    identity: pulumi.Input[str]
    """Identity of the gateway's proxy, the name in its certificate."""

    port: pulumi.Input[int] = GATEWAY_PORT
    """Port for calls; 4143 behind a load balancer."""

    probe_port: pulumi.Input[int] = PROBE_PORT
    """Port of the health probe; 4191 behind a load balancer."""


@dataclass(frozen=True, kw_only=True)
class MulticlusterInstallation:
    """
    Settings of Linkerd's multicluster extension on one cluster, which links need.

    `LinkerdMulticluster.installation` has those of an extension of this library. Write one for an
    extension that another program installed: `MulticlusterInstallation(cluster=office)`
    """

    cluster: Cluster
    """The cluster."""

    gateway: GatewayEndpoint | None = None
    """Its gateway; None for a cluster that is only called pod to pod, or only calls others."""

    cluster_domain: str = CLUSTER_DOMAIN
    """Suffix of the cluster's DNS names."""

    trust_domain: str = TRUST_DOMAIN
    """Suffix of the identities of the cluster's pods."""


def waiting_for(
    opts: pulumi.ResourceOptions | None, *things: object
) -> pulumi.ResourceOptions | None:
    """Add a dependency on each thing that is a resource of this program."""
    resources = [thing for thing in things if isinstance(thing, pulumi.Resource)]
    if not resources:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=resources))
