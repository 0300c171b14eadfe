"""
Who calls whom in an environment: its links and exports, indexed by cluster.

The index takes any description, also one with clusters that do not exist: the validation asks it,
and the plan is made from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ..linkerd.mode import LinkMode
from .clusters import Eks, Existing
from .description import Environment
from .exports import Export
from .links import LinkSpec

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Topology:
    """Links and exports of an environment, indexed by cluster."""

    environment: Environment
    """The description."""

    def sources_of(self, target: str) -> tuple[str, ...]:
        """Return the names of the clusters that call a target."""
        return tuple(self._sources.get(target, ()))

    def targets_of(self, source: str) -> tuple[str, ...]:
        """Return the names of the clusters that a source calls."""
        return tuple(self._targets.get(source, ()))

    def eks_sources_of(self, target: str) -> list[Eks]:
        """Return the EKS clusters that call a target."""
        sources = (self._clusters.get(name) for name in self._sources.get(target, ()))
        return [source for source in sources if isinstance(source, Eks)]

    def callers_of(self, export: Export) -> tuple[str, ...]:
        """Return the names of the clusters that get a mirror of an exported service."""
        linked = self.sources_of(export.of)
        if export.to is None:
            return linked
        chosen = set(export.to)
        return tuple(name for name in linked if name in chosen)

    def chosen_sources(self, export: Export) -> tuple[str, ...] | None:
        """Return the sources to which an export is limited; None if every linked one may call."""
        callers = self.callers_of(export)
        return None if callers == self.sources_of(export.of) else callers

    def exports_of(self, cluster: str) -> tuple[Export, ...]:
        """Return the exports of a cluster."""
        return tuple(self._exports_of.get(cluster, ()))

    def exports_over(self, link: LinkSpec) -> tuple[Export, ...]:
        """Return the exports that a link's source may call on its target."""
        return tuple(self._exports_over.get(link, ()))

    def modes_of(self, link: LinkSpec) -> tuple[LinkMode, ...]:
        """Return the modes of a link: those of its exports, or the gateway if it has none."""
        modes = {export.mode for export in self._exports_over.get(link, ())}
        return tuple(mode for mode in LinkMode if mode in modes) or (LinkMode.GATEWAY,)

    def has_gateway(self, target: str) -> bool:
        """Return whether some source calls a target through a gateway."""
        return any(
            LinkMode.GATEWAY in self.modes_of(LinkSpec(source, target))
            for source in self.sources_of(target)
        )

    def has_mirror(self, on: str, *, of: str, namespace: str, service: str) -> bool:
        """Return whether a cluster has the mirror of one other cluster's service."""
        return any(
            (export.namespace, export.service) == (namespace, service)
            and export.mode is not LinkMode.FEDERATED
            for export in self._exports_over.get(LinkSpec(on, of), ())
        )

    def peers_of(self, name: str) -> set[str]:
        """Return the names of the EKS clusters whose networks are peered with a cluster's."""
        if not isinstance(self._clusters.get(name), Eks):
            return set()
        linked = {*self._sources.get(name, ()), *self._targets.get(name, ())} - {name}
        return {each for each in linked if isinstance(self._clusters.get(each), Eks)}

    def reaches_pods(self, source: str, target: str) -> bool:
        """Return whether pods of a source reach those of a linked target: on AWS by a peering."""
        one, other = self._clusters.get(source), self._clusters.get(target)
        if isinstance(one, Existing) and isinstance(other, Existing):
            return target in one.flat_with or source in other.flat_with
        return isinstance(one, Eks) and isinstance(other, Eks)

    def namespaces_of(self, cluster: str) -> list[str]:
        """Return the meshed namespaces of a cluster: of its exports, mirrors, routes and Yelb."""
        return sorted(self._namespaces.get(cluster, ()))

    @cached_property
    def _clusters(self) -> dict[str, object]:
        return {cluster.name: cluster for cluster in self.environment.clusters}

    @cached_property
    def _sources(self) -> dict[str, list[str]]:
        return _grouped((link.target, link.source) for link in self.environment.links)

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        return _grouped((link.source, link.target) for link in self.environment.links)

    @cached_property
    def _exports_of(self) -> dict[str, list[Export]]:
        return _grouped((export.of, export) for export in self.environment.exports)

    @cached_property
    def _exports_over(self) -> dict[LinkSpec, list[Export]]:
        return _grouped(
            (LinkSpec(caller, export.of), export)
            for export in self.environment.exports
            for caller in self.callers_of(export)
        )

    @cached_property
    def _namespaces(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for export in self.environment.exports:
            for cluster in (export.of, *self.callers_of(export)):
                found.setdefault(cluster, set()).add(export.namespace)
        for route in self.environment.routes:
            found.setdefault(route.on, set()).add(route.namespace)
        yelb = self.environment.application
        if yelb:
            for cluster in yelb.clusters:
                found.setdefault(cluster, set()).add(yelb.namespace)
        return found


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Collect the second items of pairs by the first."""
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
