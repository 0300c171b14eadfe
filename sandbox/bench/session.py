"""Where commands are measured: a sandbox of the bench's own, and a copy of the program in it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox import world
from sandbox.bench.program import copy_of_the_program
from sandbox.bench.watching import Cost, measured
from sandbox.home import STATE, Home, delete_home

MESH = ("python", "-m", "linkmesh.cli")

NONE: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Where commands are run, and how often."""

    home: Home
    project: Path
    runs: int

    def variables(self, more: Mapping[str, str] = NONE) -> dict[str, str]:
        """Make the environment of a command."""
        env = {**world.variables(self.home), **more}
        # As on a machine of a person: modules are compiled once, not in every run.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        return env

    def has_stack(self, name: str) -> bool:
        """Whether a stack was made."""
        return (self.home.state / ".pulumi/stacks/linkmesh" / f"{name}.json").exists()

    def cost(
        self, *argv: str, folder: Path | None = None, variables: Mapping[str, str] = NONE
    ) -> Cost:
        """Run a command once."""
        return measured(argv, cwd=folder or self.project, env=self.variables(variables))

    def costs(self, *argv: str) -> list[Cost]:
        """Run a command several times."""
        return [self.cost(*argv) for _ in range(self.runs)]

    def mesh(self, command: str, environment: str, variables: Mapping[str, str] = NONE) -> Cost:
        """Run a command of `mesh`."""
        return self.cost(*MESH, command, environment, variables=variables)


@contextmanager
def bench(runs: int) -> Iterator[Bench]:
    """Start a sandbox with a copy of the program, and delete both at the end."""
    home = Home(STATE / f"bench-{os.getpid()}")
    world.start(home, say=lambda _: None)
    try:
        yield Bench(home=home, project=copy_of_the_program(home), runs=runs)
    finally:
        delete_home(home)


def say(text: str) -> None:
    """Print a line at once: a run takes minutes."""
    print(text, flush=True)


def tell(lines: Iterator[str]) -> None:
    """Print lines."""
    for text in lines:
        say(text)
