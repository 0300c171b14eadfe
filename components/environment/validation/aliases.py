"""Rules of aliases: a mirror answers, and nothing else takes the same calls."""

from collections import Counter
from collections.abc import Iterator

from ... import names
from ...ports import LARGEST_PORT
from ..aliases import Alias
from ..topology import Topology


def problems(topology: Topology) -> Iterator[str]:
    """Find aliases without a mirror, and names that something else has."""
    environment = topology.environment
    for alias in environment.aliases:
        for what, name in (("service", alias.service), ("namespace", alias.namespace)):
            if not names.is_dns_label(name):
                yield f"{what} of {alias} must be a DNS label (got {name!r}). Use: yelb-db"
        if not 1 <= alias.port <= LARGEST_PORT:
            yield (
                f"port of {alias} must be between 1 and {LARGEST_PORT} (got {alias.port}). It is "
                "the one that callers use. Use: port=5432"
            )
        yield from _clusters(alias, topology)
        yield from _rivals(alias, topology)
    keys = Counter((each.on, each.namespace, each.service) for each in environment.aliases)
    for (on, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"alias {namespace}/{service} on {on!r} must be given once (got {count} times). "
                "A name leads to one mirror; to several, with weights: Route(...)"
            )


def _clusters(alias: Alias, topology: Topology) -> Iterator[str]:
    known = set(topology.environment.names)
    unknown = [name for name in dict.fromkeys((alias.on, alias.of)) if name not in known]
    for name in unknown:
        yield (
            f"{alias} must be of clusters of the environment (got {name!r}). Known: "
            f"{', '.join(sorted(known)) or 'none'}."
        )
    if not unknown and not topology.has_mirror(
        alias.on, of=alias.of, namespace=alias.namespace, service=alias.service
    ):
        yield (
            f"{alias} must lead to a cluster that exports the service to it (got {alias.of!r}). It "
            f'has no mirror of it. Add: Export("{alias.service}", namespace="{alias.namespace}", '
            f'of="{alias.of}", to=["{alias.on}"])'
        )


def _rivals(alias: Alias, topology: Topology) -> Iterator[str]:
    """Find what else has the Service of that name, or takes its calls."""
    key = (alias.on, alias.namespace, alias.service)
    routes = topology.environment.routes
    if any((route.on, route.namespace, route.service) == key for route in routes):
        yield (
            f"{alias} must be the only one to take calls of that name (got a route too). Linkerd "
            f'reads one of them. Use: the route alone, with weights={{"{alias.of}": 100}}'
        )
    yelb = topology.environment.application
    if yelb and not alias.is_there and key in yelb.services:
        yield (
            f"{alias} must say that the Service is there (got is_there=False). The application "
            "runs it on that cluster, and two cannot have one name. Use: is_there=True"
        )
