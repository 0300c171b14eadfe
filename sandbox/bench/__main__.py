"""
Measures the budgets: python -m sandbox.bench [SECTION...] [--runs N].

Each figure is the median of several runs, in a sandbox of its own that is deleted at the end. Wall
times depend on the machine and on who else uses it; processor times and ratios do so less. Nothing
is asserted. What the figures mean: docs/scale.md.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox import world
from sandbox.bench import telling
from sandbox.bench.program import copy_of_the_program, described, large_stack
from sandbox.bench.watching import Cost, measured, memory_mib
from sandbox.home import STATE, TOOLCHAIN, Home, delete_home
from sandbox.processes import pids_working_in

ENVIRONMENT = "demo"
RUNS = 3
PLANS = {
    ("chain", 100): "0.7 s",
    ("mesh", 20): "0.7 s",
    ("hubs", 1000): "15 s, 1024 MiB",
}
MESHES = (5, 10, 20)
LARGE = (250, 500, 1000)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Where commands are run, and how often."""

    home: Home
    project: Path
    runs: int

    def cost(self, *argv: str, folder: Path | None = None, **variables: str) -> Cost:
        """Run a command once."""
        env = {**world.variables(self.home), **variables}
        # As on a machine of a person: modules are compiled once, not in every run.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        return measured(argv, cwd=folder or self.project, env=env)

    def costs(self, *argv: str) -> list[Cost]:
        """Run a command several times."""
        return [self.cost(*argv) for _ in range(self.runs)]

    def mesh(self, command: str, environment: str) -> Cost:
        """Run a command of `mesh`."""
        return self.cost("python", "-m", "linkmesh.cli", command, environment)


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


@contextmanager
def bench(runs: int) -> Iterator[Bench]:
    """Start a sandbox with a copy of the program, and delete both at the end."""
    home = Home(STATE / f"bench-{os.getpid()}")
    world.start(home, say=lambda _: None)
    try:
        yield Bench(home=home, project=copy_of_the_program(home), runs=runs)
    finally:
        delete_home(home)


def plans(one: Bench) -> None:
    """Plan large environments."""
    for (topology, clusters), budget in PLANS.items():
        name = described(one.project, topology, clusters)
        one.mesh("plan", name)  # compiles
        costs = one.costs("python", "-m", "linkmesh.cli", "plan", name)
        say(telling.line(f"plan of {clusters} clusters, {topology}", costs, budget))


def scale(one: Bench) -> None:
    """Preview a mesh that was never deployed: the first time its stacks are made as well."""
    size = MESHES[-1]
    name = described(one.project, "mesh", size)
    links = size * (size - 1)
    costs = one.costs("python", "-m", "linkmesh.cli", "preview", name)
    say(telling.line(f"preview of {size} clusters, {links} links", costs, "60 s, 1536 MiB"))
    tell(telling.shares(costs[-1]))


def links(one: Bench) -> None:
    """Preview the links of one source, in meshes of growing size."""
    costs: dict[int, Cost] = {}
    for size in MESHES:
        name = described(one.project, "mesh", size)
        stack = f"{name}.links.c0"
        # Links read what clusters tell, so their stacks must be there, as after `mesh preview`.
        for part in (stack, *(f"{name}.c{number}" for number in range(size))):
            if not (one.home.state / ".pulumi/stacks/linkmesh" / f"{part}.json").exists():
                one.cost("pulumi", "stack", "init", part, "--no-select")
        runs = one.costs("pulumi", "preview", "--stack", stack, "--non-interactive")
        say(telling.line(f"preview of the {size - 1} links of a source", runs))
        costs[size - 1] = median(runs)
    tell(telling.links(costs))


def checkpoints(one: Bench) -> None:
    """Deploy large stacks, with the state written after each step and only at the end."""
    pairs = {}
    for resources in LARGE:
        folder = one.home.root / f"large-{resources}"
        large_stack(folder, resources)
        pairs[resources] = (
            _deployed(one, folder, f"safe-{resources}"),
            # For the comparison only: killed half way, such a run has made what nobody knows of.
            _deployed(one, folder, f"unsafe-{resources}", PULUMI_SKIP_CHECKPOINTS="true"),
        )
        say(telling.line(f"up of {resources} resources, no provider", [pairs[resources][0]]))
    tell(telling.checkpoints(pairs))


def _deployed(one: Bench, folder: Path, stack: str, **variables: str) -> Cost:
    one.cost("pulumi", "stack", "init", stack, "--no-select", folder=folder)
    up = ("pulumi", "up", "--stack", stack, "--yes", "--skip-preview", "--non-interactive")
    return one.cost(*up, folder=folder, **variables)


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
    again = one.costs("python", "-m", "linkmesh.cli", "up", ENVIRONMENT)
    stack = ("pulumi", "preview", "--stack", f"{ENVIRONMENT}.west", "--non-interactive")
    previews = one.costs("python", "-m", "linkmesh.cli", "preview", ENVIRONMENT)
    say(telling.line("environment up, from nothing", ups, "90 s"))
    say(telling.line("environment up again, no changes", again))
    say(telling.line("preview of one cluster", one.costs(*stack), "5 s"))
    say(telling.line("preview of the environment", previews, "20 s"))
    destroys.append(one.mesh("destroy", ENVIRONMENT))
    say(telling.line("environment destroyed", destroys))
    say(f"memory of the clusters: {memory:.0f} MiB   budget 3072 MiB")


def median(costs: list[Cost]) -> Cost:
    """Take the run whose processor time is in the middle."""
    return sorted(costs, key=lambda cost: cost.cpu_seconds)[len(costs) // 2]


def clusters_mib(home: Home) -> float:
    """Add up the memory of all processes of the clusters."""
    return sum(memory_mib(pid) or 0.0 for pid in pids_working_in(home.clusters, TOOLCHAIN))


def say(text: str) -> None:
    """Print a line at once: a run takes minutes."""
    print(text, flush=True)


def tell(lines: Iterator[str]) -> None:
    """Print lines."""
    for text in lines:
        say(text)


SECTIONS: Mapping[str, Callable[[Bench], None]] = {
    "plan": plans,
    "scale": scale,
    "links": links,
    "checkpoints": checkpoints,
    "demo": demo,
}

if __name__ == "__main__":
    main()
