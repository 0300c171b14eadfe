"""Rules of exports: a linked cluster can call them, under a name that hides no other service."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ... import names
from ...linkerd.links.export_labels import KEYS, label_problem, label_value
from ...linkerd.mode import LinkMode
from ..clusters import Existing
from ..exports import Export
from ..topology import Topology


def problems(topology: Topology) -> Iterator[str]:
    """Find exports that no cluster could call, and names that Kubernetes would refuse."""
    environment = topology.environment
    known = set(environment.names)
    for export in environment.exports:
        if export.of not in known:
            yield (
                f"{export} must be of a cluster of the environment (got {export.of!r}). Known: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
            continue
        yield from _reach(export, topology)
        yield from _headless(export)
        yield from _names(export, topology)
        yield from _links(export, topology)
    yield from _twice(environment.exports)
    yield from _hidden(topology)


def _twice(exports: Sequence[Export]) -> Iterator[str]:
    """Find exports of one service that would set the same label."""
    modes: dict[tuple[str, str, str, str], list[LinkMode]] = {}
    for export in exports:
        key = (export.of, export.namespace, export.service, KEYS[export.mode])
        modes.setdefault(key, []).append(export.mode)
    for (of, namespace, service, label), given in modes.items():
        if len(given) > 1:
            more = "" if len({*given}) == 1 else ", in one mode: FEDERATED can go beside another"
            yield (
                f"export {namespace}/{service} of {of!r} must be given once (got {len(given)} "
                f"times). Its label {label} has one value. Name all sources in one{more}."
            )


def _headless(export: Export) -> Iterator[str]:
    if export.headless and export.mode is not LinkMode.GATEWAY:
        yield (
            f"{export} must go through the gateway (got mode {export.mode.value} and headless). "
            "Linkerd mirrors pods of headless services in that mode only. Use: "
            "mode=LinkMode.GATEWAY, or headless=False"
        )


def _reach(export: Export, topology: Topology) -> Iterator[str]:
    """Find exports without a gateway of clusters whose pods cannot reach one another."""
    if export.mode is LinkMode.GATEWAY:
        return
    for name in topology.callers_of(export):
        if topology.reaches_pods(name, export.of):
            continue
        ends = [topology.environment.cluster(each) for each in (name, export.of)]
        flat = f', or Existing("{name}", flat_with=["{export.of}"]) if they are on one flat network'
        yield (
            f"{export} must go to clusters whose pods reach its pods in mode {export.mode.value} "
            f"(got {name!r}). The networks of {name!r} and {export.of!r} are not joined. Use: "
            f"mode=LinkMode.GATEWAY{flat if all(isinstance(one, Existing) for one in ends) else ''}"
        )


def _hidden(topology: Topology) -> Iterator[str]:
    """Find mirrors of one name: of service `a-b` of cluster `c`, and service `a` of `b-c`."""
    exports = topology.environment.exports
    own = {(export.of, export.namespace, export.service, export.of) for export in exports}
    mirrors = {
        (caller, export.namespace, export.mirror, export.origin)
        for export in exports
        for caller in topology.callers_of(export)
    }
    counts = Counter((cluster, namespace, name) for cluster, namespace, name, _ in own | mirrors)
    for (cluster, namespace, name), count in sorted(counts.items()):
        if count > 1:
            yield (
                f"services of namespace {namespace!r} on {cluster!r} must have different names "
                f"(got {name!r} {count} times). One mirror would hide the other service. "
                "Rename a service or a cluster."
            )


def _names(export: Export, topology: Topology) -> Iterator[str]:
    for what, name in (("service", export.service), ("namespace", export.namespace)):
        if not names.is_dns_label(name):
            yield (
                f"{what} of {export} must be a DNS label of at most {names.SERVICE_LIMIT} "
                f"characters (got {name!r}). Kubernetes has no such {what}. Use: yelb"
            )
    chosen = topology.chosen_sources(export)
    if problem := label_problem(label_value(export.mode, of=export.of, sources=chosen)):
        yield f"{export}: {problem.replace('sources`', 'to`')}"


def _links(export: Export, topology: Topology) -> Iterator[str]:
    linked = topology.sources_of(export.of)
    for source in export.to or ():
        if source not in linked:
            yield (
                f"{export} must go to clusters that are linked to it (got {source!r}). No mirror "
                f'would ever appear there. Add the link: chain("{source}", "{export.of}")'
            )
    if export.to is None and not linked:
        yield (
            f"{export} must have a link that comes in (got none). No cluster could call it. "
            f'Add one: chain("<source>", "{export.of}")'
        )
    if export.to is not None and not export.to:
        yield (
            f"{export} must go to at least one cluster (got none). Remove the export, or name one."
        )
