"""
Measures the budgets: python -m sandbox.bench [SECTION...] [--runs N].

Each figure is the median of several runs, in a sandbox of its own that is deleted at the end. Wall
times depend on the machine and on who else uses it; processor times and ratios do so less. Nothing
is asserted. What the figures mean: docs/scale.md.
"""

import argparse
import os
from collections.abc import Callable, Mapping

from sandbox.bench import budgets, telling
from sandbox.bench.overhead import overhead
from sandbox.bench.program import described
from sandbox.bench.session import MESH, Bench, bench, say, tell
from sandbox.bench.watching import CommandFailedError, Cost, memory_mib
from sandbox.home import TOOLCHAIN, Home
from sandbox.processes import pids_working_in

ENVIRONMENT = "demo"
ALL_STACKS = "--all-stacks"
RUNS = 3
PLANS = {
    ("chain", 100): budgets.PLAN,
    ("mesh", 20): budgets.PLAN,
    ("hubs", 1000): budgets.PLAN_OF_HUBS,
}
MESHES = (5, 10, 20)


def main() -> None:
    """Measure, print lines for each budget, and leave nothing behind."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.bench", description="Measure.")
    parser.add_argument("section", nargs="*", choices=[[], *SECTIONS], help="all by default")
    parser.add_argument(
        "--runs", type=int, default=RUNS, help="runs of each (default: %(default)s)"
    )
    arguments = parser.parse_args()
    with bench(arguments.runs) as one:
        say(f"{os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
        say(telling.HEAD)
        for section in arguments.section or SECTIONS:
            SECTIONS[section](one)
        say(f"load after: {os.getloadavg()[0]:.1f}")


def plans(one: Bench) -> None:
    """Plan large environments."""
    for (topology, clusters), budget in PLANS.items():
        name = described(one.project, topology, clusters)
        one.mesh("plan", name)  # compiles
        costs = one.costs(*MESH, "plan", name)
        say(telling.line(f"plan of {clusters} clusters, {topology}", costs, budget))


def scale(one: Bench) -> None:
    """Preview a mesh that was never deployed: the first time its stacks are made as well."""
    size = MESHES[-1]
    name = described(one.project, "mesh", size)
    links = size * (size - 1)
    costs = one.costs(*MESH, "preview", name)
    say(telling.line(f"preview of {size} clusters, {links} links", costs, budgets.PREVIEW_OF_MESH))
    tell(telling.shares(costs[-1]))


def links(one: Bench) -> None:
    """Preview the links of one source, in meshes of growing size."""
    costs: dict[int, Cost] = {}
    for size in MESHES:
        name = described(one.project, "mesh", size)
        stack = f"{name}.links.c0"
        # Links read what clusters tell, so their stacks must be there, as after `mesh preview`.
        for part in (stack, *(f"{name}.c{number}" for number in range(size))):
            if not one.has_stack(part):
                one.cost("pulumi", "stack", "init", part, "--no-select")
        preview = ("pulumi", "preview", "--stack", stack, "--non-interactive")
        if not costs:
            one.cost(*preview)  # compiles
        runs = one.costs(*preview)
        say(telling.line(f"preview of the {size - 1} links of a source", runs))
        costs[size - 1] = median(runs)
    tell(telling.links(costs, budgets.FURTHER_LINK_CPU_MS))


def demo(one: Bench) -> None:
    """Bring the demo environment up and down."""
    ups: list[Cost] = []
    destroys: list[Cost] = []
    memory = 0.0
    for _ in range(one.runs):
        if ups:
            destroys.append(one.mesh("destroy", ENVIRONMENT))
        ups.append(one.mesh("up", ENVIRONMENT))
        memory = max(memory, clusters_mib(one.home))
    say(telling.line("environment up, from nothing", ups, budgets.UP))
    again = one.costs(*MESH, "up", ENVIRONMENT)
    say(telling.line("environment up again, no changes", again, budgets.UP_AGAIN))
    again = one.costs(*MESH, "up", ENVIRONMENT, ALL_STACKS)
    say(telling.line("environment up again, all stacks", again))
    tell(telling.shares(again[-1]))
    stack = ("pulumi", "preview", "--stack", f"{ENVIRONMENT}.west", "--non-interactive")
    one_cluster = one.costs(*stack)
    say(telling.line("preview of one cluster", one_cluster, budgets.PREVIEW_OF_CLUSTER))
    previews = one.costs(*MESH, "preview", ENVIRONMENT)
    say(telling.line("preview of the environment", previews, budgets.PREVIEW))
    previews = one.costs(*MESH, "preview", ENVIRONMENT, ALL_STACKS)
    say(telling.line("preview of the environment, all stacks", previews))
    _await_health(one)
    say(telling.line("status", one.costs(*MESH, "status", ENVIRONMENT), budgets.STATUS))
    destroys.append(one.mesh("destroy", ENVIRONMENT))
    say(telling.line("environment destroyed", destroys))
    say(f"memory of the clusters: {memory:.0f} MiB   {budgets.CLUSTERS.verdict(mib=memory)}")


def _await_health(one: Bench) -> None:
    """Wait until `mesh status` finds everything healthy; a look takes seconds."""
    for _ in range(60):
        try:
            one.mesh("status", ENVIRONMENT)
        except CommandFailedError:
            continue
        return


def median(costs: list[Cost]) -> Cost:
    """Take the run whose processor time is in the middle."""
    return sorted(costs, key=lambda cost: cost.cpu_seconds)[len(costs) // 2]


def clusters_mib(home: Home) -> float:
    """Add up the memory of all processes of the clusters."""
    return sum(memory_mib(pid) or 0.0 for pid in pids_working_in(home.clusters, TOOLCHAIN))


SECTIONS: Mapping[str, Callable[[Bench], None]] = {
    "plan": plans,
    "scale": scale,
    "links": links,
    "demo": demo,
    "overhead": overhead,
}

if __name__ == "__main__":
    main()
