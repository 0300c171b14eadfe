"""The figures as lines: medians, and what a further link takes."""

from sandbox.bench import telling
from sandbox.bench.budgets import Budget
from sandbox.bench.watching import Cost


def cost(cpu: float, seconds: float = 1.0) -> Cost:
    """A run."""
    return Cost(seconds=seconds, cpu_seconds=cpu, mib=100.0)


def test_figures_are_held_against_their_budgets() -> None:
    runs = [cost(2.0, 3.0), cost(1.0, 1.0), cost(9.0, 8.0)]
    line = telling.line("plan", runs, Budget(seconds=2, mib=100))
    costs = {count: cost(10 + 0.1 * count) for count in (20, 90, 380)}

    assert " ".join(line.split()) == (
        "plan 3.0 s 2.0 s 100 MiB 3: 1.0 to 8.0 s budget 2 s: MISSED, budget 100 MiB: met"
    )
    assert telling.ratio(runs, [cost(1.0, 1.5)], 2).endswith("2 times the wall time: met")
    assert "20: 100 ms CPU   budget 50 ms: MISSED" in [*telling.links(costs, 50)][-1]
