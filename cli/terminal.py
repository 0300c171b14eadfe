"""
What all commands share: their arguments, where they write, and how they end.

A command ends with 0 if all is well, 1 if something failed or is not well, 2 if it was refused
before anything was done, and 130 if a person interrupted it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import pulumi
import typer
from rich.console import Console

from components.environment import Plan
from stacks import load, names

from .errors import RefusedError, RunFailedError

# Without a terminal, lines are as long as they are: a log is searched, not looked at. With NO_COLOR
# a terminal is written to as a log is: no colour, and no table that writes over itself.
console = Console(
    highlight=False,
    width=None if sys.stdout.isatty() else 160,
    force_terminal=False if os.environ.get("NO_COLOR") else None,
)


def _completed(incomplete: str) -> list[str]:
    return [name for name in names() if name.startswith(incomplete)]


Name = Annotated[
    str,
    typer.Argument(help="Environment: a file in stacks/environments.", autocompletion=_completed),
]
MaybeName = Annotated[
    str | None,
    typer.Argument(
        help="Environment: a file in stacks/environments; all of them if not given.",
        autocompletion=_completed,
    ),
]
Parallel = Annotated[int, typer.Option(help="How many stacks at once.", min=1)]

# A preview computes, so that more at once than processors are takes memory and saves no time. An
# `up` waits, mostly for AWS, and so has more at once. See docs/scale.md.
PREVIEWS = os.cpu_count() or 1

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def described(name: str) -> Plan:
    """Load an environment, or end with what is wrong with it."""
    try:
        return load(name)
    except pulumi.RunError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


def all_described() -> dict[str, Plan]:
    """Load every environment; what is wrong with one is reported, and the others are returned."""
    plans = {}
    for name in names():
        try:
            plans[name] = load(name)
        except pulumi.RunError as error:
            print(error, file=sys.stderr)
    return plans


@contextmanager
def ending(go_on: str) -> Iterator[None]:
    """
    End a command as its failure demands, with the failure's own words.

    Args:
        go_on: the command that goes on where an interrupted one stood.
    """
    try:
        yield
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        raise typer.Exit(2) from None
    except RunFailedError as failed:
        print(failed, file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print(f"Interrupted; nothing is lost. Go on with: {go_on}", file=sys.stderr)
        raise typer.Exit(130) from None
