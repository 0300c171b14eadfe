"""Aliases: that there is a mirror to lead to, and that nothing else takes the same calls."""

from collections import Counter
from collections.abc import Iterator

from components import names
from components.ingress import LARGEST_PORT

from ..alias import Alias
from ..environment import Environment, Mode


def problems(environment: Environment) -> Iterator[str]:
    """An alias must be of a mirror that the caller has, and the only one to take its calls."""
    for alias in environment.aliases:
        label = f"alias {alias.namespace}/{alias.service} on {alias.on!r}"
        for what, name in (("service", alias.service), ("namespace", alias.namespace)):
            if not names.is_dns_label(name):
                yield f"{what} of {label} must be a DNS label (got {name!r}). Use: yelb-db"
        if not 1 <= alias.port <= LARGEST_PORT:
            yield (
                f"port of {label} must be between 1 and {LARGEST_PORT} (got {alias.port}). It is "
                "the "
                "one that callers name. Use: port=5432"
            )
        yield from _clusters(label, alias, environment)
        yield from _rivals(label, alias, environment)
    keys = Counter((each.on, each.namespace, each.service) for each in environment.aliases)
    for (on, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"alias {namespace}/{service} on {on!r} must be given once (got {count} times). "
                "A name leads to one mirror; to several, with weights: Route(...)"
            )


def _clusters(label: str, alias: Alias, environment: Environment) -> Iterator[str]:
    known = set(environment.names)
    unknown = [name for name in dict.fromkeys((alias.on, alias.of)) if name not in known]
    for name in unknown:
        yield (
            f"{label} must be of clusters of the environment (got {name!r}). Known: "
            f"{', '.join(sorted(known)) or 'none'}."
        )
    if not unknown and not _is_mirrored(alias, environment):
        yield (
            f"{label} must lead to a cluster that exports the service to it (got {alias.of!r}). It "
            f'has no mirror of it. Add: Export("{alias.service}", namespace="{alias.namespace}", '
            f'of="{alias.of}", to=["{alias.on}"])'
        )


def _is_mirrored(alias: Alias, environment: Environment) -> bool:
    return any(
        (export.of, export.namespace, export.service) == (alias.of, alias.namespace, alias.service)
        and export.mode is not Mode.FEDERATED
        and alias.on in environment.callers_of(export)
        for export in environment.exports
    )


def _rivals(label: str, alias: Alias, environment: Environment) -> Iterator[str]:
    """Whatever else has the Service of that name, or takes its calls."""
    key = (alias.on, alias.namespace, alias.service)
    if any((route.on, route.namespace, route.service) == key for route in environment.routes):
        yield (
            f"{label} must be the only one to take calls of that name (got a route too). Linkerd "
            f'reads one of them. Use: the route alone, with weights={{"{alias.of}": 100}}'
        )
    yelb = environment.application
    if yelb and not alias.is_there and key in yelb.services:
        yield (
            f"{label} must say that the Service is there (got is_there=False). The application "
            "runs it on that cluster, and two cannot have one name. Use: is_there=True"
        )
