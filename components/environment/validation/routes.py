"""Rules of routes: every backend can be called, and the weights add up."""

from collections import Counter
from collections.abc import Iterator

from ... import names
from ...linkerd.traffic.routes import BACKENDS_LIMIT, WEIGHT_LIMIT
from ...ports import LARGEST_PORT
from ..routes import Route
from ..topology import Topology


def problems(topology: Topology) -> Iterator[str]:
    """Find routes to clusters whose mirrors the caller lacks, and wrong weights."""
    environment = topology.environment
    for route in environment.routes:
        for what, name in (("service", route.service), ("namespace", route.namespace)):
            if not names.is_dns_label(name):
                yield f"{what} of {route} must be a DNS label (got {name!r}). Use: yelb-appserver"
        if not 1 <= route.port <= LARGEST_PORT:
            yield (
                f"port of {route} must be between 1 and {LARGEST_PORT} (got {route.port}). It is "
                "the one that callers use. Use: port=4567"
            )
        yield from _clusters(route, topology)
        yield from _weights(route)
    keys = Counter((route.on, route.namespace, route.service) for route in environment.routes)
    for (on, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"route {namespace}/{service} on {on!r} must be given once (got {count} times). "
                "Each would undo the other. Name all clusters in one."
            )


def _clusters(route: Route, topology: Topology) -> Iterator[str]:
    known = set(topology.environment.names)
    for name in dict.fromkeys((route.on, *route.weights)):
        if name not in known:
            yield (
                f"{route} must be of clusters of the environment (got {name!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
        elif name != route.on and route.on in known and not _is_mirrored(name, route, topology):
            yield (
                f"{route} must go to clusters that export the service to it (got {name!r}). It has "
                f'no mirror of it. Add: Export("{route.service}", namespace="{route.namespace}", '
                f'of="{name}", to=["{route.on}"])'
            )


def _is_mirrored(target: str, route: Route, topology: Topology) -> bool:
    return topology.has_mirror(
        route.on, of=target, namespace=route.namespace, service=route.service
    )


def _weights(route: Route) -> Iterator[str]:
    if not 1 <= len(route.weights) <= BACKENDS_LIMIT:
        yield (
            f"{route} must go to between 1 and {BACKENDS_LIMIT} clusters (got "
            f"{len(route.weights)}). The Gateway API takes no other number. "
            'Use: weights={"blue": 100, "green": 0}'
        )
        return
    for name, weight in route.weights.items():
        if not 0 <= weight <= WEIGHT_LIMIT:
            yield (
                f"weight of {name!r} in {route} must be between 0 and {WEIGHT_LIMIT} (got "
                f"{weight}). It is a part of the sum of all. Use: 100"
            )
    if not any(route.weights.values()):
        yield (
            f"weights of {route} must add up to more than 0 (got 0). Every call would fail. "
            "Give a weight to the cluster that answers."
        )
