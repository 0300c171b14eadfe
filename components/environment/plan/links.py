"""What follows from a link: its modes, its account, and how its source finds the target."""

from collections.abc import Mapping
from dataclasses import dataclass

from ... import kind_network, names
from ...linkerd.links.export_labels import EVERY_SOURCE, label_value
from ...linkerd.mode import LinkMode
from ..clusters import ClusterSpec, Existing, Kind, domain_of
from ..exports import Export
from ..gateways import NodePorts
from ..links import LinkSpec
from ..topology import Topology


@dataclass(frozen=True, kw_only=True)
class LinkPlan:
    """A link, and what follows from it."""

    described: LinkSpec
    """The link, as it is described."""

    modes: tuple[LinkMode, ...]
    """How its source calls: the modes of its exports, or the gateway as long as it has none."""

    exports: tuple[Export, ...]
    """The exports that its source may call."""

    account: str
    """Name of the account on the target, with which the source reads services."""

    api_server: str | None
    """URL at which the source's pods reach the API server; None if it is the kubeconfig's."""

    target_has_gateway: bool
    """Whether the target has a gateway, for this link or for others."""

    target_domain: str
    """Suffix of the target's DNS names."""

    probe_port: int
    """Port at which the source probes the gateway."""

    headless: bool
    """Whether its source calls pods of headless services by their own names."""

    labels: Mapping[LinkMode, tuple[str, ...]]
    """
    Values of the export label by which the source finds services, by mode.

    Linkerd's own value, for exports to every source, comes first; then those that name this source.
    """

    @property
    def source(self) -> str:
        """Name of the cluster that calls."""
        return self.described.source

    @property
    def target(self) -> str:
        """Name of the cluster that is called."""
        return self.described.target

    @property
    def uses_gateway(self) -> bool:
        """Whether calls go through the gateway, or would."""
        return LinkMode.GATEWAY in self.modes

    @property
    def services(self) -> tuple[str, ...]:
        """Names of the services that the source calls on the target."""
        return tuple(dict.fromkeys(export.service for export in self.exports))

    def __str__(self) -> str:
        return str(self.described)


def link_plan(topology: Topology, link: LinkSpec, *, target_has_gateway: bool) -> LinkPlan:
    """Resolve one link."""
    target = topology.environment.cluster(link.target)
    admin_port = topology.environment.linkerd.proxy.admin_port
    exports = topology.exports_over(link)
    return LinkPlan(
        described=link,
        modes=topology.modes_of(link),
        exports=exports,
        account=names.remote_access_account(link.source),
        api_server=_api_server(target),
        target_has_gateway=target_has_gateway,
        target_domain=domain_of(target),
        probe_port=_probe_port(target, admin_port),
        headless=any(export.headless for export in exports),
        labels={mode: _labels(topology, exports, mode) for mode in LinkMode},
    )


def _probe_port(target: ClusterSpec, admin_port: int) -> int:
    if isinstance(target, Kind):
        return kind_network.PROBE_PORT
    service = target.gateway_service if isinstance(target, Existing) else None
    return service.probe_port if isinstance(service, NodePorts) else admin_port


def _api_server(target: ClusterSpec) -> str | None:
    if isinstance(target, Kind):
        return kind_network.api_server(target.name)
    return target.api_server if isinstance(target, Existing) else None


def _labels(topology: Topology, exports: tuple[Export, ...], mode: LinkMode) -> tuple[str, ...]:
    every = EVERY_SOURCE[mode]
    chosen = {
        label_value(mode, of=export.of, sources=topology.chosen_sources(export))
        for export in exports
        if export.mode is mode
    }
    return (every, *sorted(chosen - {every}))
