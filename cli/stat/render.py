"""Rendering of metrics: a table for people, a JSON document for programs."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .collect import ClusterStat
from .figures import Figures
from .promql import By
from .query import Query
from .rows import Row

NONE = "-"
"""Shown if nothing was measured: no traffic is not a success rate of 0 %."""

SCHEMA = 1

Shown = Callable[[Figures], str]


def _number(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form)


def _success(figures: Figures) -> str:
    """Format a success rate so that a failed request is never rounded away."""
    if figures.success is None:
        return NONE
    text = f"{figures.success:.2%}"
    return text if figures.success == 1 or text != "100.00%" else "<100%"


GOLDEN: dict[str, Shown] = {
    "success": _success,
    "rps": lambda figures: _number(figures.rps, ".1f"),
    "p50 ms": lambda figures: _number(figures.p50_ms, ".0f"),
    "p95 ms": lambda figures: _number(figures.p95_ms, ".0f"),
    "p99 ms": lambda figures: _number(figures.p99_ms, ".0f"),
}

CONNECTIONS: dict[str, Shown] = {
    "tcp": lambda figures: _number(figures.connections, ".0f"),
    "read B/s": lambda figures: _number(figures.read_bps, ".1f"),
    "written B/s": lambda figures: _number(figures.written_bps, ".1f"),
}


def is_complete(found: Sequence[ClusterStat]) -> bool:
    """Return whether all clusters answered."""
    return not any(one.problems for one in found)


def text(found: Sequence[ClusterStat], query: Query) -> RenderableType:
    """Render the result for people."""
    measured = GOLDEN | (CONNECTIONS if query.by is By.POD else {})
    what = "deployment" if query.by is By.DEPLOY else "pod"
    between = ("to cluster", "service") if query.is_between else ()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("cluster", "namespace", what, *between):
        table.add_column(heading, overflow="fold")
    for heading in ("meshed", *measured):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        for row in one.rows:
            called = (row.target, row.service) if query.is_between else ()
            figures = [show(row.figures) for show in measured.values()]
            table.add_row(one.cluster, row.namespace, row.name, *called, _meshed(row), *figures)
    lines = [Text(f"{one.cluster}: {problem}") for one in found for problem in one.problems]
    shown: RenderableType = table if table.row_count else Text(_nothing(query))
    return Group(shown, *([Text("")] if lines else []), *lines)


def _nothing(query: Query) -> str:
    if query.is_between:
        return f"no calls between clusters in the last {query.window}"
    return f"no workloads{f' in namespace {query.namespace}' if query.namespace else ''}"


def _meshed(row: Row) -> str:
    return NONE if row.meshed is None else f"{row.meshed[0]}/{row.meshed[1]}"


def document(name: str, found: Sequence[ClusterStat], query: Query) -> dict[str, Any]:
    """Return the JSON document for programs, as docs/cli.md describes it."""
    return {
        "schema": SCHEMA,
        "environment": name,
        "complete": is_complete(found),
        "by": query.by.value,
        "window": query.window,
        "clusters": [
            {
                "cluster": one.cluster,
                "problems": one.problems,
                "rows": [_row(row) for row in one.rows],
            }
            for one in found
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    figures = row.figures
    meshed, pods = row.meshed or (None, None)
    return {
        "namespace": row.namespace,
        "name": row.name,
        "target": row.target or None,
        "service": row.service or None,
        "meshedPods": meshed,
        "pods": pods,
        "successRate": figures.success,
        "requestsPerSecond": figures.rps,
        "latencyMsP50": figures.p50_ms,
        "latencyMsP95": figures.p95_ms,
        "latencyMsP99": figures.p99_ms,
        "tcpConnections": figures.connections,
        "readBytesPerSecond": figures.read_bps,
        "writtenBytesPerSecond": figures.written_bps,
    }
