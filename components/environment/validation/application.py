"""The example application: that each tier can call the next."""

from collections.abc import Iterator

from ..description import Environment


def problems(environment: Environment) -> Iterator[str]:
    """Each tier must be on a cluster, and be exported to the one that calls it."""
    yelb = environment.application
    if yelb is None:
        return
    for tier, name in (("ui", yelb.ui), ("appserver", yelb.appserver), ("database", yelb.database)):
        if name not in environment.names:
            yield (
                f"{tier} of Yelb must be on a cluster of the environment (got {name!r}). Known: "
                f"{', '.join(sorted(environment.names)) or 'none'}."
            )
    for name in yelb.copies:
        if name not in environment.names or name in (yelb.appserver, yelb.database):
            yield (
                f"copies of Yelb must be on other clusters of the environment (got {name!r}). "
                "The names of its tiers are taken on its own. Known: "
                f"{', '.join(sorted(environment.names)) or 'none'}."
            )
    calls = (
        (yelb.ui, "yelb-appserver", yelb.appserver),
        (yelb.appserver, "yelb-db", yelb.database),
    )
    for caller, service, of in calls:
        exported = any(
            (export.service, export.namespace, export.of) == (service, yelb.namespace, of)
            and caller in environment.callers_of(export)
            for export in environment.exports
        )
        if caller != of and not exported:
            yield (
                f"Yelb must have its {service} exported from {of!r} to {caller!r} (it is not). The "
                f'caller could not reach it. Add: Export("{service}", '
                f'namespace="{yelb.namespace}", of="{of}", to=["{caller}"])'
            )
