"""
Measures the budgets of the demo environment: python -m sandbox.bench.

Each figure is the median of several runs, in a sandbox of its own that is deleted at the end.
Absolute times depend on the machine; nothing is asserted.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sandbox import world
from sandbox.home import PROJECT, STATE, TOOLCHAIN, Home, delete_home
from sandbox.processes import pids_working_in

ENVIRONMENT = "demo"
RUNS = 3
PLANS = {"chain": 100, "mesh": 20}
PROGRAM = ("Pulumi.yaml", "__main__.py", "components", "stacks", "cli")


def main() -> None:
    """Measure, print a line for each budget, and leave nothing behind."""
    home = Home(STATE / "bench-sandbox")
    delete_home(home)
    world.start(home)
    project = copy_of_the_program(home)

    def run(*argv: str) -> None:
        subprocess.run(
            argv, cwd=project, env=world.variables(home), check=True, stdout=subprocess.DEVNULL
        )

    def mesh(*argv: str) -> Callable[[], None]:
        return lambda: run("python", "-m", "cli", *argv, ENVIRONMENT)

    try:
        for topology, clusters in PLANS.items():
            name = generated(project, topology, clusters)
            plan = partial(run, "python", "-m", "cli", "plan", name)
            times = [seconds(plan) for _ in range(RUNS)]
            report(f"plan of {clusters} clusters, {topology}", times, "2 s")
        ups, memory, destroys = [], 0.0, []
        for _ in range(RUNS):
            ups.append(seconds(mesh("up")))
            memory = max(memory, clusters_mib(home))
            if len(ups) == RUNS:
                break
            destroys.append(seconds(mesh("destroy")))
        report("environment up, from nothing", ups, "90 s")
        report("environment up again, no changes", [seconds(mesh("up")) for _ in range(RUNS)])
        preview = ("pulumi", "preview", "--stack", f"{ENVIRONMENT}.west", "--non-interactive")
        report(
            "preview of one cluster", [seconds(lambda: run(*preview)) for _ in range(RUNS)], "5 s"
        )
        report(
            "preview of the environment", [seconds(mesh("preview")) for _ in range(RUNS)], "20 s"
        )
        destroys.append(seconds(mesh("destroy")))
        report("environment destroyed", destroys)
        print(f"{'memory of the clusters':36} {memory:7.0f} MiB   budget 3072 MiB")
    finally:
        delete_home(home)


def copy_of_the_program(home: Home) -> Path:
    """Copy what Pulumi runs, so that nothing is written into the project."""
    copy = home.root / "project"
    copy.mkdir()
    for name in PROGRAM:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    (copy / ".venv").symlink_to(PROJECT / ".venv")
    return copy


def generated(project: Path, topology: str, clusters: int) -> str:
    """Describe an environment of many clusters in a copy of the program; returns its name."""
    name = f"{topology}{clusters}"
    (project / "stacks" / "environments" / f"{name}.py").write_text(
        f"""from stacks.environment import Eks, Environment, Export, Nat, {topology}

NAMES = [f"c{{index}}" for index in range({clusters})]
LINKS = {topology}(*NAMES)
ENVIRONMENT = Environment(
    clusters=[
        Eks(name, region="eu-west-1", cidr=f"10.{{index}}.0.0/16", nat=Nat.ONE)
        for index, name in enumerate(NAMES)
    ],
    links=LINKS,
    exports=[
        Export("api", namespace="shop", of=target)
        for target in sorted({{link.target for link in LINKS}})
    ],
    admins=["arn:aws:iam::000000000000:root"],
    operators=["198.51.100.10/32"],
)
"""
    )
    return name


def seconds(act: Callable[[], None]) -> float:
    """Time one act."""
    start = time.monotonic()
    act()
    return time.monotonic() - start


def clusters_mib(home: Home) -> float:
    """Add up the resident memory of all processes of the clusters."""
    page = os.sysconf("SC_PAGE_SIZE")
    pids = pids_working_in(home.clusters, TOOLCHAIN)
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * page / 2**20


def report(what: str, times: list[float], budget: str | None = None) -> None:
    """Print the median and the extremes of some runs."""
    within = f"   budget {budget}" if budget else ""
    median = statistics.median(times)
    spread = f"({min(times):.1f} to {max(times):.1f}, {len(times)} runs)"
    print(f"{what:36} {median:7.1f} s {spread}{within}", flush=True)


if __name__ == "__main__":
    main()
