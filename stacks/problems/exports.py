"""Exports: that somebody can call them, under a name that hides no other."""

from collections import Counter
from collections.abc import Iterator

from components import names
from components.linkerd.links.export_labels import label_problem, label_value

from ..environment import Eks, Environment, Export, Mode


def problems(environment: Environment) -> Iterator[str]:
    """An export must be of a cluster, to linked clusters, of a name that Kubernetes takes."""
    known = set(environment.names)
    for export in environment.exports:
        label = f"export {export.namespace}/{export.service} of {export.of!r}"
        if export.of not in known:
            yield (
                f"{label} must be of a cluster of the environment (got {export.of!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
            continue
        yield from _reach(label, export, environment)
        yield from _export_names(label, export, environment)
        yield from _export_links(label, export, environment)
    keys = Counter((export.of, export.namespace, export.service) for export in environment.exports)
    for (of, namespace, service), count in keys.items():
        if count > 1:
            yield (
                f"export {namespace}/{service} of {of!r} must be given once (got {count} times). "
                "Name all sources in one."
            )
    yield from _hidden(environment)


def _reach(label: str, export: Export, environment: Environment) -> Iterator[str]:
    """Without a gateway, the pods of both ends must reach one another."""
    if export.mode is Mode.GATEWAY:
        return
    for name in (export.of, *environment.callers_of(export)):
        if not isinstance(environment.cluster(name), Eks):
            yield (
                f"{label} must go to clusters whose pods reach its pods in mode "
                f"{export.mode.value} (got {name!r}, a cluster outside of AWS). Their "
                "networks are not joined. Use: mode=Mode.GATEWAY"
            )


def _hidden(environment: Environment) -> Iterator[str]:
    """Service `a-b` of cluster `c` and service `a` of cluster `b-c` have mirrors of one name."""
    own = {
        (export.of, export.namespace, export.service, export.of) for export in environment.exports
    }
    mirrors = {
        (caller, export.namespace, export.mirror, export.origin)
        for export in environment.exports
        for caller in environment.callers_of(export)
    }
    counts = Counter((cluster, namespace, name) for cluster, namespace, name, _ in own | mirrors)
    for (cluster, namespace, name), count in sorted(counts.items()):
        if count > 1:
            yield (
                f"services of namespace {namespace!r} on {cluster!r} must have different names "
                f"(got {name!r} {count} times). One mirror would hide the other service. "
                "Rename a service or a cluster."
            )


def _export_names(label: str, export: Export, environment: Environment) -> Iterator[str]:
    for what, name in (("service", export.service), ("namespace", export.namespace)):
        if not names.is_dns_label(name):
            yield (
                f"{what} of {label} must be a DNS label of at most {names.SERVICE_LIMIT} "
                f"characters (got {name!r}). Kubernetes has no such {what}. Use: yelb"
            )
    chosen = environment.chosen_sources(export)
    if problem := label_problem(label_value(export.mode, of=export.of, sources=chosen)):
        yield f"{label}: {problem.replace('sources`', 'to`')}"


def _export_links(label: str, export: Export, environment: Environment) -> Iterator[str]:
    linked = environment.sources_of(export.of)
    for source in export.to or ():
        if source not in linked:
            yield (
                f"{label} must go to clusters that are linked to it (got {source!r}). No mirror "
                f'would ever appear there. Add the link: chain("{source}", "{export.of}")'
            )
    if export.to is None and not linked:
        yield (
            f"{label} must have a link that comes in (got none). Nobody could call it. "
            f'Add one: chain("<source>", "{export.of}")'
        )
    if export.to is not None and not export.to:
        yield f"{label} must go to at least one cluster (got none). Remove the export, or name one."
