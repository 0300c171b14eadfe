"""Golden metrics for a person, as a table, and for programs, as JSON; pure."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .collect import ClusterStat
from .figures import Figures
from .promql import By
from .query import Wanted
from .rows import Row

NONE = "-"
"""Stands where nothing was measured: no traffic is no success rate of 0 %."""

Shown = Callable[[Figures], str]


def _number(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form)


def _success(figures: Figures) -> str:
    """Show a share so that a failed request is never rounded away."""
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


def text(found: Sequence[ClusterStat], wanted: Wanted) -> RenderableType:
    """Show what was measured to a person."""
    measured = GOLDEN | (CONNECTIONS if wanted.by is By.POD else {})
    what = "deployment" if wanted.by is By.DEPLOY else "pod"
    between = ("to cluster", "service") if wanted.is_between else ()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("cluster", "namespace", what, *between):
        table.add_column(heading, overflow="fold")
    for heading in ("meshed", *measured):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        for row in one.rows:
            called = (row.target, row.service) if wanted.is_between else ()
            figures = [show(row.figures) for show in measured.values()]
            table.add_row(one.cluster, row.namespace, row.name, *called, _meshed(row), *figures)
    lines = [Text(f"{one.cluster}: {problem}") for one in found for problem in one.problems]
    shown: RenderableType = table if table.row_count else Text(_nothing(wanted))
    return Group(shown, *([Text("")] if lines else []), *lines)


def _nothing(wanted: Wanted) -> str:
    if wanted.is_between:
        return f"no calls between clusters in the last {wanted.window}"
    return f"no workloads{f' in namespace {wanted.namespace}' if wanted.namespace else ''}"


def _meshed(row: Row) -> str:
    return NONE if row.meshed is None else f"{row.meshed[0]}/{row.meshed[1]}"


def document(name: str, found: Sequence[ClusterStat], wanted: Wanted) -> dict[str, Any]:
    """Make what `--json` prints; null where nothing was measured."""
    return {
        "environment": name,
        "by": wanted.by.value,
        "window": wanted.window,
        "clusters": [
            {
                "cluster": one.cluster,
                "problems": one.problems,
                "rows": [_row(row, wanted) for row in one.rows],
            }
            for one in found
        ],
    }


def _row(row: Row, wanted: Wanted) -> dict[str, Any]:
    figures = row.figures
    shown: dict[str, Any] = {"namespace": row.namespace, "name": row.name}
    if wanted.is_between:
        shown |= {"toCluster": row.target, "service": row.service}
    if row.meshed:
        shown["meshed"], shown["pods"] = row.meshed
    else:
        shown["meshed"] = shown["pods"] = None
    shown |= {
        "successRate": figures.success,
        "rps": figures.rps,
        "p50Ms": figures.p50_ms,
        "p95Ms": figures.p95_ms,
        "p99Ms": figures.p99_ms,
    }
    if wanted.by is By.POD:
        shown |= {
            "tcpConnections": figures.connections,
            "readBytesPerSecond": figures.read_bps,
            "writtenBytesPerSecond": figures.written_bps,
        }
    return shown
