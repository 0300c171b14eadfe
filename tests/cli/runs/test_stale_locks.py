"""Stale locks: those of this host, by processes that no longer exist."""

import os
import socket
import subprocess
from typing import Any, cast

import pytest
from rich.console import Console

from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.runs import stale_locks
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.stale_locks import retry, stale


def failure(stack: str, host: str, pid: int) -> str:
    """Return Pulumi's message about a locked stack."""
    return (
        f"stack {stack} failed:\n"
        "  stderr: error: the stack is currently locked by 1 lock(s). Either wait for the other "
        "process(es) to end or delete the lock file with `pulumi cancel`.\n"
        f"    file:///locks/1.json: created by root@{host} (pid {pid}) at 2026-11-23T05:56:31Z\n"
    )


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


HERE = socket.gethostname()


def test_the_lock_of_a_process_that_has_ended_is_stale() -> None:
    text = failure("dev.back", HERE, ended()) + "Not started: dev.links."

    assert stale(text) == ["dev.back"]


def test_the_lock_of_a_living_process_is_not() -> None:
    assert stale(failure("dev.back", HERE, os.getpid())) == []


def test_a_lock_of_another_host_is_not_stale() -> None:
    assert stale(failure("dev.back", "elsewhere", ended())) == []


def test_each_stack_is_checked_by_its_own_lock() -> None:
    text = (
        failure("dev.front", HERE, ended())
        + failure("dev.back", HERE, os.getpid())
        + "stack dev.apps failed:\n  no such thing\n"
    )

    assert stale(text) == ["dev.front"]


def test_two_locks_of_which_one_is_held_are_held() -> None:
    held = f"    file:///locks/2.json: created by root@{HERE} (pid {os.getpid()}) at 2026\n"

    assert stale(failure("dev.back", HERE, ended()) + held) == []


def tried(monkeypatch: pytest.MonkeyPatch, *failures: str) -> tuple[list[str], list[str]]:
    """Retry an attempt with failures; returns those that are left, and the unlocked stacks."""
    left, unlocked = [*failures], list[str]()
    monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: unlocked.extend(stacks))

    def attempt() -> None:
        if left:
            raise RunFailedError(left.pop(0))

    project: Any = None
    retry(attempt, cast(Project, project), Console(quiet=True))
    return left, unlocked


def test_a_run_that_only_stale_locks_stopped_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = failure("dev.front", HERE, ended()), failure("dev.back", HERE, ended())

    assert tried(monkeypatch, first, second) == ([], ["dev.front", "dev.back"])


def test_a_lock_is_removed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = failure("dev.front", HERE, ended())

    with pytest.raises(RunFailedError):
        tried(monkeypatch, text, text)


def test_any_other_failure_is_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunFailedError, match="no gateway"):
        tried(monkeypatch, "stack dev.links failed:\n  no gateway\n")
