"""
How a report is told: a table for people, with cause and remedy, and a document for programs; pure.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stacks.environment import Environment

from .clusters import support_end
from .evaluate import Judged, Report, State
from .exports import link_of
from .observations import ClusterSeen

SCHEMA = 1

STYLES = {State.OK: "green", State.FAULTY: "red", State.UNKNOWN: "yellow"}


def text(report: Report, environment: Environment) -> RenderableType:
    """Show a report to a person."""
    told: list[RenderableType] = [Text(_headline(report) + "\n")]
    told += [_clusters(report, environment), Text("")]
    if report.links:
        told += [_links(report), Text("")]
    if report.exports:
        told += [_exports(report), Text("")]
    return Group(*told, *_findings(report))


def _headline(report: Report) -> str:
    arrows = ", ".join(str(link) for link in report.links) or "no links"
    return f"environment {report.name}: {arrows} (source calls target)"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _state(judged: Judged) -> Text:
    """Say `ok`, or what is wrong in few words; the cause stands below the tables."""
    if judged.state is State.OK:
        return Text("ok", style=STYLES[State.OK])
    faults = ", ".join(dict.fromkeys(one.fault.value for one in judged.findings))
    said = faults or f"{judged.state.value}: see {judged.follows}"
    return Text(said, style=STYLES[judged.state])


def _clusters(report: Report, environment: Environment) -> Table:
    table = _table("cluster", "kubernetes", "support until", "linkerd", "certificates", "state")
    for name, judged in report.clusters.items():
        seen = report.seen.clusters[name]
        end = support_end(environment, seen)
        table.add_row(
            name,
            seen.kubernetes or "-",
            str(end or "-"),
            seen.linkerd or "-",
            _days(seen, report.seen.at),
            _state(judged),
        )
    return table


def _days(seen: ClusterSeen, at: datetime) -> str:
    """Say how many days are left: of anchors, the issuer, and the first webhook's."""
    left: dict[str, int] = {}
    for one in seen.certificates:
        kind = one.name if one.name == "issuer" else one.name.split("-")[0]
        kind = kind if kind in ("anchor", "issuer") else "webhooks"
        days = (one.expires - at).days
        left[kind] = min(left.get(kind, days), days)
    return ", ".join(f"{kind} {days} d" for kind, days in left.items()) or "-"


def _links(report: Report) -> Table:
    table = _table("source", "target", "gateway", "state")
    for link, judged in report.links.items():
        spec = report.seen.clusters[link.source].links.get(link.target, {})
        table.add_row(*link, spec.get("gatewayAddress") or "-", _state(judged))
    return table


def _exports(report: Report) -> Table:
    table = _table("mirror service", "callers on", "endpoints", "state")
    for seen, judged in report.exports:
        export, observed = seen.expected.export, seen.observed
        ready = f"{observed.ready_on_source} ready" if observed else "-"
        table.add_row(f"{export.name}.{export.namespace}", export.source, ready, _state(judged))
    return table


def _findings(report: Report) -> Iterator[Text]:
    found = report.findings
    if not found:
        unseen = Text("not well: not everything could be looked at", style=STYLES[State.UNKNOWN])
        yield Text("all is well", style=STYLES[State.OK]) if report.is_well else unseen
        return
    yield Text(f"not well: {len(found)} {'fault' if len(found) == 1 else 'faults'}")
    for one in found:
        yield Text(f"{one.fault.value}: {one}", style=STYLES[State.FAULTY])
        yield Text(f"  remedy: {one.remedy}")


def document(report: Report) -> dict[str, Any]:
    """Make the document for programs, as docs/guides/operate.md describes it."""
    return {
        "schema": SCHEMA,
        "environment": report.name,
        "well": report.is_well,
        "findings": [
            {
                "fault": one.fault.value,
                "subject": one.subject,
                "cause": one.cause,
                "remedy": one.remedy,
            }
            for one in report.findings
        ],
        "clusters": [
            {
                "cluster": name,
                **_stated(judged),
                **_cluster(report.seen.clusters[name], report.seen.at),
            }
            for name, judged in report.clusters.items()
        ],
        "links": [
            {"source": link.source, "target": link.target, **_stated(judged)}
            for link, judged in report.links.items()
        ],
        "exports": [
            {
                "service": seen.expected.export.service,
                "namespace": seen.expected.export.namespace,
                "mirror": seen.expected.export.name,
                "link": list(link_of(seen.expected)),
                "readyEndpoints": seen.observed.ready_on_source if seen.observed else None,
                **_stated(judged),
            }
            for seen, judged in report.exports
        ],
    }


def _stated(judged: Judged) -> dict[str, Any]:
    faults: Sequence[str] = [one.fault.value for one in judged.findings]
    return {"state": judged.state.value, "faults": faults, "follows": judged.follows or None}


def _cluster(seen: ClusterSeen, at: datetime) -> dict[str, Any]:
    return {
        "kubernetes": seen.kubernetes or None,
        "linkerd": seen.linkerd or None,
        "certificates": [
            {
                "name": one.name,
                "expires": f"{one.expires:%Y-%m-%dT%H:%M:%SZ}",
                "daysLeft": (one.expires - at).days,
            }
            for one in seen.certificates
        ],
    }
