"""Metrics of each workload, computed from Prometheus' samples; None if there was no traffic."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .prometheus import Sample
from .promql import Metric

Key = tuple[str, ...]
"""Values of the labels that identify a row."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Metrics of one workload; None if nothing was measured."""

    success: float | None = None
    """Share of the requests that succeeded, 0 to 1."""

    rps: float | None = None
    """Answered requests per second."""

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    """Latency percentiles."""

    connections: float | None = None
    """Open TCP connections."""

    read_bps: float | None = None
    """Bytes read from them per second."""

    written_bps: float | None = None
    """Bytes written to them per second."""


def figures(answers: Mapping[Metric, Sequence[Sample]], by: Sequence[str]) -> dict[Key, Figures]:
    """Compute metrics, by the labels of a row."""
    requests: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    values: dict[Key, dict[Metric, float]] = defaultdict(dict)
    for metric, samples in answers.items():
        for sample in samples:
            key = tuple(sample.labels.get(label, "") for label in by)
            if metric is Metric.REQUESTS:
                requests[key][sample.labels.get("classification", "")] += sample.value
            else:
                values[key][metric] = sample.value
    keys = sorted({*requests, *values})
    return {key: _of(requests.get(key, {}), values.get(key, {})) for key in keys}


def _of(requests: Mapping[str, float], values: Mapping[Metric, float]) -> Figures:
    """Compute the metrics of one row."""
    succeeded = requests.get("success", 0.0)
    answered = succeeded + requests.get("failure", 0.0)
    return Figures(
        success=succeeded / answered if answered else None,
        rps=answered or None,
        p50_ms=values.get(Metric.P50),
        p95_ms=values.get(Metric.P95),
        p99_ms=values.get(Metric.P99),
        connections=values.get(Metric.CONNECTIONS),
        read_bps=values.get(Metric.READ),
        written_bps=values.get(Metric.WRITTEN),
    )
