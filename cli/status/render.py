"""Rendering of a report: tables for people, with cause and remedy, and a JSON document."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from linkmesh.environment import Plan

from .clusters import support_end
from .evaluate import Evaluation, Report, State
from .observations import ObservedCluster

SCHEMA = 1

STYLES = {State.OK: "green", State.FAULTY: "red", State.UNKNOWN: "yellow"}


def text(report: Report, plan: Plan) -> RenderableType:
    """Render a report for people."""
    blocks: list[RenderableType] = [Text(_headline(report) + "\n")]
    blocks += [_clusters(report, plan), Text("")]
    if report.links:
        blocks += [_links(report), Text("")]
    if report.exports:
        blocks += [_exports(report), Text("")]
    return Group(*blocks, *_findings(report))


def _headline(report: Report) -> str:
    arrows = ", ".join(str(link) for link in report.links) or "no links"
    return f"environment {report.name}: {arrows} (source calls target)"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _state(evaluation: Evaluation) -> Text:
    return Text(summary(evaluation), style=STYLES[evaluation.state])


def summary(evaluation: Evaluation) -> str:
    """Return `ok` or the names of the faults; the causes follow below the tables."""
    if evaluation.state is State.OK:
        return State.OK.value
    faults = ", ".join(dict.fromkeys(one.fault.value for one in evaluation.findings))
    return faults or f"{evaluation.state.value}: see {evaluation.caused_by}"


def _clusters(report: Report, plan: Plan) -> Table:
    table = _table("cluster", "kubernetes", "support until", "linkerd", "certificates", "state")
    for name, evaluation in report.clusters.items():
        observed = report.observed.clusters[name]
        end = support_end(plan, observed)
        table.add_row(
            name,
            observed.kubernetes or "-",
            str(end or "-"),
            observed.linkerd or "-",
            _days(observed, report.observed.at),
            _state(evaluation),
        )
    return table


def _days(observed: ObservedCluster, at: datetime) -> str:
    """Return the days until certificates expire, the earliest of each kind."""
    left: dict[str, int] = {}
    for one in observed.certificates:
        kind = one.name if one.name == "issuer" else one.name.split("-")[0]
        kind = kind if kind in ("anchor", "issuer") else "webhooks"
        days = (one.expires - at).days
        left[kind] = min(left.get(kind, days), days)
    return ", ".join(f"{kind} {days} d" for kind, days in left.items()) or "-"


def _links(report: Report) -> Table:
    table = _table("source", "target", "gateway", "state")
    for link, evaluation in report.links.items():
        spec = report.observed.clusters[link.source].links.get(link.target, {})
        table.add_row(*link, spec.get("gatewayAddress") or "-", _state(evaluation))
    return table


def _exports(report: Report) -> Table:
    table = _table("mirror service", "callers on", "endpoints", "state")
    for each, evaluation in report.exports:
        export, observation = each.expected.export, each.observation
        ready = f"{observation.ready_on_source} ready" if observation else "-"
        table.add_row(f"{export.name}.{export.namespace}", export.source, ready, _state(evaluation))
    return table


def verdict(report: Report) -> tuple[State, str]:
    """Return the health of the whole environment, and a sentence about it."""
    found = report.findings
    if found:
        faults = "fault" if len(found) == 1 else "faults"
        return State.FAULTY, f"not healthy: {len(found)} {faults}"
    if report.is_healthy:
        return State.OK, "everything is healthy"
    return State.UNKNOWN, "not healthy: some objects could not be read"


def _findings(report: Report) -> Iterator[Text]:
    state, text = verdict(report)
    yield Text(text, style="" if report.findings else STYLES[state])
    for one in report.findings:
        yield Text(f"{one.fault.value}: {one}", style=STYLES[State.FAULTY])
        yield Text(f"  remedy: {one.remedy}")


def document(report: Report) -> dict[str, Any]:
    """Return the JSON document for programs, as docs/cli.md describes it."""
    return {
        "schema": SCHEMA,
        "environment": report.name,
        "healthy": report.is_healthy,
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
                **_state_and_faults(evaluation),
                **_cluster(report.observed.clusters[name], report.observed.at),
            }
            for name, evaluation in report.clusters.items()
        ],
        "links": [
            {"source": link.source, "target": link.target, **_evaluation(evaluation)}
            for link, evaluation in report.links.items()
        ],
        "exports": [
            {
                "service": each.expected.export.service,
                "namespace": each.expected.export.namespace,
                "mirror": each.expected.export.name,
                "source": each.expected.export.source,
                "target": each.expected.export.target,
                "readyEndpoints": each.observation.ready_on_source if each.observation else None,
                **_evaluation(evaluation),
            }
            for each, evaluation in report.exports
        ],
    }


def _evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return {**_state_and_faults(evaluation), "causedBy": evaluation.caused_by or None}


def _state_and_faults(evaluation: Evaluation) -> dict[str, Any]:
    faults: Sequence[str] = [one.fault.value for one in evaluation.findings]
    return {"state": evaluation.state.value, "faults": faults}


def _cluster(observed: ObservedCluster, at: datetime) -> dict[str, Any]:
    return {
        "kubernetes": observed.kubernetes or None,
        "linkerd": observed.linkerd or None,
        "certificates": [
            {
                "name": one.name,
                "expires": f"{one.expires:%Y-%m-%dT%H:%M:%SZ}",
                "daysLeft": (one.expires - at).days,
            }
            for one in observed.certificates
        ],
    }
