"""Routes: that whoever is to answer can be called, and that somebody answers."""

from collections import Counter
from collections.abc import Iterator

from components import names
from components.ingress import LARGEST_PORT
from components.linkerd.traffic.routes import BACKENDS_LIMIT, WEIGHT_LIMIT

from ..environment import Environment, Mode
from ..route import Route


def problems(environment: Environment) -> Iterator[str]:
    """A route must be of clusters that the caller has mirrors of, with weights that add up."""
    for route in environment.routes:
        label = f"route {route.namespace}/{route.service} on {route.on!r}"
        for what, name in (("service", route.service), ("namespace", route.namespace)):
            if not names.is_dns_label(name):
                yield f"{what} of {label} must be a DNS label (got {name!r}). Use: yelb-appserver"
        if not 1 <= route.port <= LARGEST_PORT:
            yield (
                f"port of {label} must be between 1 and {LARGEST_PORT} (got {route.port}). It is "
                "the "
                "one that callers name. Use: port=4567"
            )
        yield from _clusters(label, route, environment)
        yield from _weights(label, route)
    keys = Counter((route.on, route.namespace, route.service) for route in environment.routes)
    for (on, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"route {namespace}/{service} on {on!r} must be given once (got {count} times). "
                "Each would undo the other. Name all clusters in one."
            )


def _clusters(label: str, route: Route, environment: Environment) -> Iterator[str]:
    known = set(environment.names)
    for name in dict.fromkeys((route.on, *route.weights)):
        if name not in known:
            yield (
                f"{label} must be of clusters of the environment (got {name!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
        elif name != route.on and route.on in known and not _is_mirrored(name, route, environment):
            yield (
                f"{label} must go to clusters that export the service to it (got {name!r}). It has "
                f'no mirror of it. Add: Export("{route.service}", namespace="{route.namespace}", '
                f'of="{name}", to=["{route.on}"])'
            )


def _is_mirrored(target: str, route: Route, environment: Environment) -> bool:
    return any(
        (export.of, export.namespace, export.service) == (target, route.namespace, route.service)
        and export.mode is not Mode.FEDERATED
        and route.on in environment.callers_of(export)
        for export in environment.exports
    )


def _weights(label: str, route: Route) -> Iterator[str]:
    if not 1 <= len(route.weights) <= BACKENDS_LIMIT:
        yield (
            f"{label} must go to between 1 and {BACKENDS_LIMIT} clusters (got "
            f"{len(route.weights)}). The Gateway API takes no other number. "
            'Use: weights={"blue": 100, "green": 0}'
        )
        return
    for name, weight in route.weights.items():
        if not 0 <= weight <= WEIGHT_LIMIT:
            yield (
                f"weight of {name!r} in {label} must be between 0 and {WEIGHT_LIMIT} (got "
                f"{weight}). It is a share of the sum of all. Use: 100"
            )
    if not any(route.weights.values()):
        yield (
            f"weights of {label} must add up to more than 0 (got 0). Every call would fail. "
            "Give a weight to the cluster that answers."
        )
