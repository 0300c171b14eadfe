"""Progress of a run: a line for each step without a terminal, a table on one."""

import io
import re
from types import SimpleNamespace
from typing import cast

import pytest
from pulumi.automation.events import EngineEvent
from rich.console import Console

from linkmesh.cli.runs import progress as module
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.progress import Progress, counted
from tests.cli.preview.events import policy

PARTS = ["trust", "west"]
RESOURCE = cast(EngineEvent, SimpleNamespace(res_outputs_event=object()))
OTHER = cast(EngineEvent, SimpleNamespace(res_outputs_event=None))


def plain() -> Console:
    """Make a console that is no terminal."""
    return Console(file=io.StringIO(), width=80, highlight=False)


def lines(console: Console) -> list[str]:
    """Read what was printed, without times."""
    assert isinstance(console.file, io.StringIO)
    return re.sub(r"\d+ s\b", "N s", console.file.getvalue()).splitlines()


def test_each_step_is_a_line_without_a_terminal() -> None:
    console = plain()
    with Progress(console, Operation.UP, PARTS) as progress:
        progress.started("trust")
        progress.event("trust", RESOURCE)
        progress.finished("trust", {"create": 9})
        progress.started("west")
        progress.failed("west")

    assert lines(console) == [
        "trust: deploying",
        "trust: deployed in N s, 9 create",
        "west: deploying",
        "west: failed",
    ]
    assert progress.begun == {"trust", "west"}


def test_a_long_run_shows_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    console = plain()
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", -1)
    with Progress(console, Operation.UP, PARTS) as progress:
        progress.started("west")
        progress.event("west", RESOURCE)
        progress.event("west", OTHER)
        progress.event("west", RESOURCE)

    assert lines(console) == [
        "west: deploying",
        "west: 1 resources so far",
        "west: 1 resources so far",
        "west: 2 resources so far",
    ]


def test_what_was_skipped_is_said_with_how_to_run_it() -> None:
    console = plain()
    with Progress(console, Operation.UP, PARTS) as progress:
        progress.started("trust")
        progress.finished("trust", {"update": 1})
        progress.skipped("west")

    assert lines(console)[-1] == "west: unchanged, skipped"
    [ran, skipped] = progress.closing().splitlines()
    assert ran.startswith("1 stack deployed in ")
    assert skipped == (
        "1 stack was skipped: nothing that it is deployed from has changed since. "
        "To run it too: --all-stacks"
    )


def test_a_busy_run_does_not_print_each_event() -> None:
    console = plain()
    with Progress(console, Operation.UP, PARTS) as progress:
        progress.started("west")
        for _ in range(100):
            progress.event("west", RESOURCE)

    assert lines(console) == ["west: deploying"]


def test_a_terminal_shows_every_stack_and_what_it_does() -> None:
    console = plain()
    progress = Progress(console, Operation.DESTROY, PARTS)
    progress.started("west")
    progress.event("west", RESOURCE)
    shown = Console(file=io.StringIO(), width=80, highlight=False)
    shown.print(progress)

    printed = [re.sub(r"\s+", " ", line).strip() for line in lines(shown)]
    assert printed == ["trust waiting", "west destroying 1 resources N s"]


def test_the_live_table_disappears_when_the_run_ends() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with Progress(console, Operation.UP, PARTS) as progress:
        assert progress._live.is_started
        progress.started("trust")

    assert not progress._live.is_started


@pytest.mark.parametrize(
    ("operation", "done"),
    [
        (Operation.PREVIEW, "previewed"),
        (Operation.UP, "deployed"),
        (Operation.DESTROY, "destroyed"),
    ],
)
def test_a_run_is_summarized_in_one_line(operation: Operation, done: str) -> None:
    progress = Progress(plain(), operation, PARTS)
    for part in PARTS:
        progress.started(part)
        progress.finished(part, {"create": 2, "update": 1})

    printed = re.sub(r"\d+ s:", "N s:", progress.closing())
    assert printed == f"2 stacks {done} in N s: 4 create, 2 update."


def test_a_run_that_changed_nothing_says_so() -> None:
    assert counted({}) == "no changes"
    assert counted({"update": 1, "create": 12}) == "12 create, 1 update"


def test_policy_violations_are_printed_immediately_and_once() -> None:
    console = plain()
    progress = Progress(console, Operation.PREVIEW, PARTS)
    found = policy("no-keys", "must [not] be here", "mandatory")

    progress.event("west", found)
    progress.event("west", found)

    assert lines(console) == ["mandatory policy no-keys: west, west-vpc: must [not] be here"]
