"""The figures as lines: medians, what a further link takes, and the part of the state."""

from sandbox.bench import telling
from sandbox.bench.budgets import Budget
from sandbox.bench.watching import Cost, Share


def cost(cpu: float, seconds: float = 1.0, engine: float = 0.0) -> Cost:
    """A run, and how much of it was the engine."""
    shares = {"engine": Share(processes=1, cpu_seconds=engine, mib=90.0)}
    return Cost(seconds=seconds, cpu_seconds=cpu, mib=100.0, shares=shares)


def test_a_line_has_the_medians_the_extremes_and_the_budget() -> None:
    runs = [cost(2.0, 3.0), cost(1.0, 1.0), cost(9.0, 8.0)]

    line = " ".join(telling.line("plan", runs, Budget(seconds=2)).split())

    assert line == "plan 3.0 s 2.0 s 100 MiB 3: 1.0 to 8.0 s budget 2 s: MISSED"


def test_a_ratio_is_one_of_medians_and_held_against_its_goal() -> None:
    ours = [cost(4.0, 30.0), cost(6.0, 20.0), cost(5.0, 10.0)]
    baseline = [cost(2.0, 10.0), cost(2.5, 10.0), cost(9.0, 50.0)]

    assert telling.ratio(ours, baseline, 2) == (
        "  ratio: 2.0 times the wall time, 2.0 times the CPU"
        "   goal at most 2 times the wall time: met"
    )
    assert telling.ratio(ours, baseline, 1.9).endswith(
        "goal at most 1.9 times the wall time: MISSED"
    )


def test_columns_are_below_their_heads() -> None:
    line = telling.line("plan", [cost(2.0)])

    assert line.index("1.0 s") + 5 == telling.HEAD.index("wall") + 4
    assert line.index("2.0 s") + 5 == telling.HEAD.index("CPU") + 3
    assert line.index("100 MiB") + 7 == telling.HEAD.index("memory") + 6


def test_time_that_grows_as_links_do_has_the_ratio_one() -> None:
    costs = {count: cost(10 + 0.1 * count) for count in (20, 90, 380)}

    assert list(telling.links(costs, 50)) == [
        "  20 links: 600 ms CPU a link",
        "  90 links: 211 ms CPU a link; 100 ms each further link since 20",
        "  380 links: 126 ms CPU a link; 100 ms each further link since 90",
        "  each further link since 20: 100 ms CPU   budget 50 ms: MISSED",
        "  ratio of the last to the first: 1.00",
    ]


def test_time_that_grows_with_the_square_of_links_has_a_ratio_far_above_one() -> None:
    costs = {count: cost(0.001 * count**2) for count in (20, 90, 380)}

    assert list(telling.links(costs, 50))[-1] == "  ratio of the last to the first: 4.27"


def test_the_kinds_of_processes_come_with_the_dearest_first() -> None:
    shares = {
        "engine": Share(processes=1, cpu_seconds=1.0, mib=90.0),
        "program": Share(processes=2, cpu_seconds=5.0, mib=150.0),
    }
    run = Cost(seconds=1.0, cpu_seconds=6.0, mib=240.0, shares=shares)

    assert [line.split()[0] for line in telling.shares(run)] == ["program", "engine"]


def test_time_of_processes_that_no_look_met_is_told_as_well() -> None:
    run = cost(6.0, engine=5.5)

    assert " ".join([*telling.shares(run)][-1].split()) == "ended between two looks 0.5 s"


def test_the_part_of_the_state_is_what_one_write_saves_the_engine() -> None:
    pairs = {500: (cost(9.0, engine=4.0), cost(6.0, engine=1.0))}

    assert list(telling.checkpoints(pairs)) == [
        "  500 resources: engine 4.0 s CPU, 1.0 s with one write of the state at the end: "
        "75% is writing it after each"
    ]
