"""Which locks nobody holds any more: those of this host, by processes that are no more."""

import os
import socket
import subprocess
from typing import Any, cast

import pytest
from rich.console import Console

from cli.errors import RunFailedError
from cli.runs import stale_locks
from cli.runs.run import Project
from cli.runs.stale_locks import retried, stale


def failure(stack: str, host: str, pid: int) -> str:
    """Tell of a stack that was locked, as Pulumi does."""
    return (
        f"stack {stack} failed:\n"
        "  stderr: error: the stack is currently locked by 1 lock(s). Either wait for the other "
        "process(es) to end or delete the lock file with `pulumi cancel`.\n"
        f"    file:///locks/1.json: created by root@{host} (pid {pid}) at 2026-11-23T05:56:31Z\n"
    )


def ended() -> int:
    """Give the number of a process that is no more."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


HERE = socket.gethostname()


def test_the_lock_of_a_process_that_is_no_more_is_stale() -> None:
    told = failure("dev.back", HERE, ended()) + "Not started: dev.links."

    assert stale(told) == ["dev.back"]


def test_the_lock_of_a_living_process_is_not() -> None:
    assert stale(failure("dev.back", HERE, os.getpid())) == []


def test_of_another_host_nothing_is_known() -> None:
    assert stale(failure("dev.back", "elsewhere", ended())) == []


def test_each_stack_is_judged_by_its_own_lock() -> None:
    told = (
        failure("dev.front", HERE, ended())
        + failure("dev.back", HERE, os.getpid())
        + "stack dev.apps failed:\n  no such thing\n"
    )

    assert stale(told) == ["dev.front"]


def test_two_locks_of_which_one_is_held_are_held() -> None:
    held = f"    file:///locks/2.json: created by root@{HERE} (pid {os.getpid()}) at 2026\n"

    assert stale(failure("dev.back", HERE, ended()) + held) == []


def tried(monkeypatch: pytest.MonkeyPatch, *failures: str) -> tuple[list[str], list[str]]:
    """Try what fails so often; returns the failures that were left, and what was unlocked."""
    left, unlocked = [*failures], list[str]()
    monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: unlocked.extend(stacks))

    def attempt() -> None:
        if left:
            raise RunFailedError(left.pop(0))

    project: Any = None
    retried(attempt, cast(Project, project), Console(quiet=True))
    return left, unlocked


def test_what_only_stale_locks_stopped_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = failure("dev.front", HERE, ended()), failure("dev.back", HERE, ended())

    assert tried(monkeypatch, first, second) == ([], ["dev.front", "dev.back"])


def test_a_lock_is_taken_away_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = failure("dev.front", HERE, ended())

    with pytest.raises(RunFailedError):
        tried(monkeypatch, told, told)


def test_any_other_failure_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunFailedError, match="no gateway"):
        tried(monkeypatch, "stack dev.links failed:\n  no gateway\n")
