"""
What all commands share: arguments, output and exit codes.

Exit codes are a promise to programs (docs/cli.md): 0 for success, or a healthy environment; 1 if
something failed or is not healthy; 2 if the command could not start and changed nothing; 130 if it
was interrupted.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from linkmesh.environment import Plan
from linkmesh.stacks import load, names
from linkmesh.stacks.errors import LoadError
from linkmesh.stacks.packages import require
from linkmesh.stacks.stack_settings import check_settings

from .errors import PreconditionError, RunFailedError

# Without a terminal, the width is fixed, because a log is searched. With NO_COLOR, output to a
# terminal is as that to a log: no colors, and no table that overwrites itself.
console = Console(
    highlight=False,
    # A process without standard output, as of some schedulers, has none here either.
    width=None if sys.stdout is not None and sys.stdout.isatty() else 160,
    force_terminal=False if os.environ.get("NO_COLOR") else None,
)


def _completed(incomplete: str) -> list[str]:
    try:
        return [name for name in names() if name.startswith(incomplete)]
    except LoadError:
        return []  # outside of a project there are none


Name = Annotated[
    str,
    typer.Argument(
        help="Name of an environment: a file in environments/.", autocompletion=_completed
    ),
]
MaybeName = Annotated[
    str | None,
    typer.Argument(
        help="Name of an environment: a file in environments/. Default: all.",
        autocompletion=_completed,
    ),
]
Parallel = Annotated[int, typer.Option(help="Number of stacks to run in parallel.", min=1)]

# A preview uses the processor, so more in parallel than there are processors takes memory and saves
# no time. An `up` mostly waits for AWS, so its default is higher. See docs/scale.md.
PREVIEWS = os.cpu_count() or 1

Json = Annotated[bool, typer.Option("--json", help="Print JSON (documented in docs/cli.md).")]


@contextmanager
def invalid_arguments() -> Iterator[None]:
    """Print what is not valid, and exit with 2."""
    try:
        yield
    except LoadError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        print("Interrupted before anything was changed.", file=sys.stderr)
        raise typer.Exit(130) from None


def load_plan(name: str) -> Plan:
    """Load an environment; exit with 2 and all problems if its description is not valid."""
    with invalid_arguments():
        return load(name)


def deployable(name: str) -> Plan:
    """
    Load an environment whose stacks can run.

    Raises: LoadError, also if a package is missing, or a setting has a name that none reads.
    """
    plan = load(name)
    require(name, plan)
    check_settings(name, plan.parts)
    return plan


def load_deployable(name: str) -> Plan:
    """Load an environment whose stacks can run; exit with 2 if there is none."""
    with invalid_arguments():
        return deployable(name)


def load_all_plans() -> dict[str, Plan]:
    """Load all environments; print what is wrong with one, and return the others."""
    plans = {}
    with invalid_arguments():
        known = names()
    for name in known:
        try:
            plans[name] = load(name)
        except LoadError as error:
            print(error, file=sys.stderr)
    return plans


@contextmanager
def exit_codes(continue_with: str) -> Iterator[None]:
    """
    Turn errors of a command into a message and an exit code.

    Args:
        continue_with: the command that continues after an interruption.
    """
    try:
        yield
    except PreconditionError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except RunFailedError as failed:
        print(failed, file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        print(f"Interrupted; nothing is lost. Continue with: {continue_with}", file=sys.stderr)
        raise typer.Exit(130) from None
