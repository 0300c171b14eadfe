"""The figures as lines of text: medians, extremes, ratios and shares; pure."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter

from sandbox.bench.budgets import Budget, met
from sandbox.bench.watching import Cost

HEAD = f"{'':40} {'wall':>8} {'CPU':>9} {'memory':>11}  runs"


def line(what: str, costs: Sequence[Cost], budget: Budget | None = None) -> str:
    """Write the medians of some runs, the extremes of their wall time, and the budget if any."""
    walls = [cost.seconds for cost in costs]
    wall = statistics.median(walls)
    cpu = statistics.median(cost.cpu_seconds for cost in costs)
    mib = statistics.median(cost.mib for cost in costs)
    spread = f"{len(costs)}: {min(walls):.1f} to {max(walls):.1f} s"
    verdict = f"   {budget.verdict(seconds=wall, mib=mib)}" if budget else ""
    return f"{what:40} {wall:6.1f} s {cpu:7.1f} s {mib:7.0f} MiB  {spread}{verdict}"


def ratio(ours: Sequence[Cost], baseline: Sequence[Cost], most: float) -> str:
    """Write how many times the baseline's medians ours are, and whether the wall time may be so."""
    wall, cpu = (
        statistics.median(map(figure, ours)) / statistics.median(map(figure, baseline))
        for figure in (attrgetter("seconds"), attrgetter("cpu_seconds"))
    )
    return (
        f"  ratio: {wall:.1f} times the wall time, {cpu:.1f} times the CPU"
        f"   goal at most {most:g} times the wall time: {met(wall, most)}"
    )


def shares(cost: Cost) -> Iterator[str]:
    """Write where the processor time of a run went, the most first."""
    for kind, share in sorted(cost.shares.items(), key=lambda each: -each[1].cpu_seconds):
        yield f"  {kind:38} {'':8} {share.cpu_seconds:7.1f} s  {share.processes} processes"
    rest = cost.cpu_seconds - sum(share.cpu_seconds for share in cost.shares.values())
    if rest >= 0.1:
        yield f"  {'ended between two looks':38} {'':8} {rest:7.1f} s"


def links(costs: Mapping[int, Cost], most_ms: float) -> Iterator[str]:
    """
    Write what each further link takes of sources with more and more of them, by their number.

    It is always the same if time grows as links do.
    """

    def further_ms(few: int, many: int) -> float:
        more = costs[many].cpu_seconds - costs[few].cpu_seconds
        return more / (many - few) * 1000

    counts = sorted(costs)
    for few, many in pairwise(counts):
        yield f"  each further link from {few} to {many}: {further_ms(few, many):.0f} ms CPU"
    each_ms = further_ms(counts[0], counts[-1])
    text = f"  each further link since {counts[0]}: {each_ms:.0f} ms CPU"
    yield f"{text}   budget {most_ms:g} ms: {met(each_ms, most_ms)}"
