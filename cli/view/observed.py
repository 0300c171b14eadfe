"""The tables of what was observed: faults, clusters, links, mirrors, certificates."""

from collections.abc import Iterator
from datetime import date, datetime

from linkmesh.linkerd.labels import GATEWAY, MULTICLUSTER_NAMESPACE

from ..diagram.mermaid import kind_of, names_on_arrow
from ..status.clusters import is_due, support_end
from ..status.evaluate import Report, State
from ..status.faults import Fault
from ..status.observations import ObservedCluster
from .content import Content
from .markup import Html, folded, joined, section, table, tag
from .states import badge, evaluated


def faults(report: Report) -> Html:
    """List every fault with its cause and what to do."""
    rows = [
        (badge(_state(one.fault), one.fault.value), one.subject, one.cause, one.remedy)
        for one in report.findings
    ]
    return section("faults", "Faults", table(["fault", "where", "cause", "what to do"], rows))


def _state(fault: Fault) -> State:
    return State.UNKNOWN if fault is Fault.UNKNOWN else State.FAULTY


def clusters(content: Content) -> Html:
    """List the clusters, with their gateways."""
    plan, report = content.plan, content.report
    head = ["cluster", "kind"]
    if report is None:
        kinds = [(name, kind_of(each.described)) for name, each in plan.clusters.items()]
        return section("clusters", "Clusters", table(head, kinds))
    rows = []
    for name, evaluation in report.clusters.items():
        seen = report.observed.clusters[name]
        rows.append(
            (
                name,
                kind_of(plan.clusters[name].described),
                evaluated(evaluation),
                seen.kubernetes or "-",
                str(support_end(plan, seen) or "-"),
                seen.linkerd or "-",
                _gateway(seen) if plan.clusters[name].gateway else "none: no cluster calls it",
            )
        )
    head += ["state", "Kubernetes", "support until", "Linkerd", "gateway"]
    return section("clusters", "Clusters", table(head, rows))


def gateway_pods(observed: ObservedCluster) -> str:
    """Return how many pods of a cluster's gateway are available."""
    pods = observed.workloads.get((MULTICLUSTER_NAMESPACE, GATEWAY))
    return f"{pods.available} of {pods.desired} pods" if pods else "no pods"


def _gateway(observed: ObservedCluster) -> Html:
    # A gateway on ports of nodes has no address of its own; its stack exports that of a node.
    exported = observed.contract.get("gatewayAddress")
    own = observed.gateway.addresses if observed.gateway else ()
    addresses = own or ([str(exported)] if exported else [])
    where = joined(tag("code", address) for address in addresses) or "no address"
    return joined([f"{gateway_pods(observed)}, ", where])


def links(content: Content) -> Html:
    """List the links, with what is called over each."""
    report = content.report
    rows = []
    for link in content.plan.links:
        called = names_on_arrow(link.services) or "nothing yet"
        modes = ", ".join(mode.value for mode in link.modes)
        row = [link.source, link.target, called, modes]
        if report:
            spec = report.observed.clusters[link.source].links.get(link.target, {})
            address = spec.get("gatewayAddress") or "-"
            row += [tag("code", str(address)), evaluated(report.links[link.described])]
        rows.append(row)
    head = ["source", "target", "calls", "mode", *(["gateway", "state"] if report else [])]
    return section("links", "Links", folded("link-rows", "links", head, rows))


def mirrors(report: Report) -> Html:
    """List the mirror services that callers call."""
    rows = []
    for each, evaluation in report.exports:
        export, seen = each.expected.export, each.observation
        rows.append(
            (
                tag("code", f"{export.name}.{export.namespace}"),
                export.source,
                f"{export.service} of {export.target}",
                f"{seen.ready_on_source} ready" if seen else "-",
                evaluated(evaluation),
            )
        )
    head = ["mirror service", "callers on", "is", "endpoints", "state"]
    return section("mirrors", "Mirror services", folded("mirror-rows", "mirrors", head, rows))


def certificates(content: Content) -> Html:
    """List the certificates and tokens by expiry, the next one first."""
    if content.report is None:
        return Html()
    at = content.report.observed.at
    rows = [
        (
            badge(State.FAULTY if due else State.OK, f"{(min(found)[0] - at).days} days"),
            f"{day:%Y-%m-%d}",
            what,
            ", ".join(where for _, where in found),
        )
        for (day, what, due), found in sorted(_expiries(content, content.report).items())
    ]
    head = ["left", "expires", "what", "where"]
    return section("certificates", "Certificates by expiry", table(head, rows))


def _expiries(
    content: Content, report: Report
) -> dict[tuple[date, str, bool], list[tuple[datetime, str]]]:
    """Group what expires on the same day, such as an anchor that all clusters have."""
    found: dict[tuple[date, str, bool], list[tuple[datetime, str]]] = {}
    for expires, what, due, where in _each(content, report):
        found.setdefault((expires.date(), what, due), []).append((expires, where))
    return found


def _each(content: Content, report: Report) -> Iterator[tuple[datetime, str, bool, str]]:
    at = report.observed.at
    for name, seen in report.observed.clusters.items():
        for one in seen.certificates:
            yield one.expires, one.name, is_due(one, content.plan, at), name
        for target, token in seen.mirroring.items():
            if token.expires is not None:
                yield token.expires, f"token at {target}", token.expires <= at, name
