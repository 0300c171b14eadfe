"""What follows from an export: its callers, its label, and its mirrors."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...linkerd.links import export_labels
from ...linkerd.mode import LinkMode
from ..exports import Export
from ..topology import Topology


@dataclass(frozen=True, order=True)
class Mirror:
    """A mirror service on a source."""

    cluster: str
    """Name of the cluster that it is on."""

    namespace: str
    """Its namespace."""

    service: str
    """Its name."""


@dataclass(frozen=True, kw_only=True)
class ExportPlan:
    """An export, and what follows from it."""

    described: Export
    """The export, as it is described."""

    name: str
    """Logical name of its component."""

    callers: tuple[str, ...]
    """Names of the clusters that get a mirror of the service."""

    chosen_sources: tuple[str, ...] | None
    """Names of the sources to which it is limited; None if every linked one may call."""

    label: Mapping[str, str]
    """The label that exports the Service."""

    @property
    def mirrors(self) -> list[Mirror]:
        """Its mirrors, one on each caller."""
        described = self.described
        return [Mirror(each, described.namespace, described.mirror) for each in self.callers]


def export_plan(topology: Topology, export: Export) -> ExportPlan:
    """Resolve one export."""
    chosen = topology.chosen_sources(export)
    return ExportPlan(
        described=export,
        name=_name(topology, export),
        callers=topology.callers_of(export),
        chosen_sources=chosen,
        label=export_labels.labels(export.mode, of=export.of, sources=chosen),
    )


def _name(topology: Topology, export: Export) -> str:
    """Name an export after its service; while it moves to FEDERATED, that one has a suffix."""
    name = f"{export.of}-{export.namespace}-{export.service}"
    if export.mode is not LinkMode.FEDERATED:
        return name
    beside = any(
        other.mode is not export.mode
        for other in topology.exports_of(export.of)
        if (other.namespace, other.service) == (export.namespace, export.service)
    )
    return f"{name}-federated" if beside else name
