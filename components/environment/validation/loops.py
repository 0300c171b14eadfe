"""Rules of what routes and aliases do together: no call meets the gateway of a cluster twice."""

from collections.abc import Collection, Iterator, Mapping

from ...linkerd.mode import LinkMode
from ..aliases import Alias
from ..links import LinkSpec
from ..routes import Route
from ..topology import Topology

Leads = dict[str, list[str]]
"""The clusters to which calls of one service are led, by the cluster that leads them."""


def problems(topology: Topology) -> Iterator[str]:
    """
    Find services whose calls are led from gateway to gateway and back.

    A route and an alias apply to all callers on their cluster, and its gateway is one of them.
    Source: https://github.com/linkerd/linkerd2/issues/6569
    """
    for (namespace, service), leads in _leads(topology).items():
        if loop := _loop(leads):
            yield (
                f"routes and aliases of {namespace}/{service} must not lead calls back to where "
                f"they come from (got {' -> '.join(loop)}). A gateway is a caller like others, and "
                "Linkerd fails calls that meet one twice. Use: routes and aliases of one of these "
                "clusters only, or Export(..., mode=LinkMode.FEDERATED) and none"
            )


def _leads(topology: Topology) -> dict[tuple[str, str], Leads]:
    """Return where calls of each service are led through a gateway."""
    environment = topology.environment
    led: list[tuple[Alias | Route, str]] = [(each, each.of) for each in environment.aliases]
    led += [
        (each, name)
        for each in environment.routes
        for name, weight in each.weights.items()
        if weight
    ]
    found: dict[tuple[str, str], Leads] = {}
    for each, target in led:
        key = (each.namespace, each.service)
        if target != each.on and _is_through_gateway(topology, each.on, target, *key):
            found.setdefault(key, {}).setdefault(each.on, []).append(target)
    return found


def _is_through_gateway(
    topology: Topology, source: str, target: str, namespace: str, service: str
) -> bool:
    """Return whether calls of a mirror arrive at the target's gateway, not at the pods."""
    return any(
        (export.namespace, export.service, export.mode) == (namespace, service, LinkMode.GATEWAY)
        for export in topology.exports_over(LinkSpec(source, target))
    )


def _loop(leads: Mapping[str, Collection[str]]) -> list[str]:
    """Return the clusters of a loop, the first one also at its end; empty if there is none."""
    for start in leads:
        paths, seen = [[start]], {start}
        while paths:
            path = paths.pop()
            for after in leads.get(path[-1], ()):
                if after == start:
                    return [*path, start]
                if after not in seen:
                    seen.add(after)
                    paths.append([*path, after])
    return []
