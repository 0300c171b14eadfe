"""Stale locks: those of this host, by processes that no longer exist."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.runs import stale_locks
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.stale_locks import held, retry, stale


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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that has the name of Pulumi's."""
    (tmp_path / "pulumi").symlink_to(str(shutil.which("sleep")))
    with subprocess.Popen([tmp_path / "pulumi", "300"]) as process:
        yield process
        process.kill()


HERE = socket.gethostname()


def test_the_lock_of_a_process_that_has_ended_is_stale() -> None:
    text = failure("dev.back", HERE, ended()) + "Not started: dev.links."

    assert stale(text) == ["dev.back"]


def test_the_lock_of_a_running_pulumi_is_held(running: subprocess.Popen[bytes]) -> None:
    text = failure("dev.back", HERE, running.pid)

    assert stale(text) == []
    assert held(text) == {"dev.back": [running.pid]}


def test_the_lock_of_a_process_whose_number_another_program_has_is_stale() -> None:
    text = failure("dev.back", HERE, os.getpid())

    assert stale(text) == ["dev.back"]
    assert held(text) == {}


def test_the_lock_of_a_process_that_has_ended_and_is_still_listed_is_stale(
    running: subprocess.Popen[bytes],
) -> None:
    running.kill()
    os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)

    assert stale(failure("dev.back", HERE, running.pid)) == ["dev.back"]


def test_a_lock_of_another_host_is_not_stale() -> None:
    text = failure("dev.back", "elsewhere", ended())

    assert stale(text) == []
    assert held(text) == {}


def test_each_stack_is_checked_by_its_own_lock(running: subprocess.Popen[bytes]) -> None:
    text = (
        failure("dev.front", HERE, ended())
        + failure("dev.back", HERE, running.pid)
        + "stack dev.apps failed:\n  no such thing\n"
    )

    assert stale(text) == ["dev.front"]


def test_two_locks_of_which_one_is_held_are_held(running: subprocess.Popen[bytes]) -> None:
    second = f"    file:///locks/2.json: created by root@{HERE} (pid {running.pid}) at 2026\n"

    assert stale(failure("dev.back", HERE, ended()) + second) == []


def tried(monkeypatch: pytest.MonkeyPatch, *failures: str) -> tuple[list[str], list[str]]:
    """Retry an attempt with failures; returns those that are left, and what was done to stacks."""
    left, done = [*failures], list[str]()
    monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: done.extend(stacks))
    monkeypatch.setattr(
        stale_locks, "note_pending", lambda _, stack, *__: done.append(f"in {stack}")
    )

    def attempt() -> None:
        if left:
            raise RunFailedError(left.pop(0))

    project: Any = None
    retry(attempt, cast(Project, project), Console(quiet=True))
    return left, done


def test_a_run_that_only_stale_locks_stopped_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = failure("dev.front", HERE, ended()), failure("dev.back", HERE, ended())

    assert tried(monkeypatch, first, second) == (
        [],
        ["in dev.front", "dev.front", "in dev.back", "dev.back"],
    )


def test_what_a_killed_run_was_creating_is_noted_also_without_a_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (
        "stack dev.back failed:\n  warning: Attempting to deploy or update resources with 1 "
        "pending operations from previous deployment.\n"
        "  error: cannot re-use a name that is still in use\n"
    )

    assert tried(monkeypatch, text) == ([], ["in dev.back"])
    with pytest.raises(RunFailedError, match="cannot re-use"):
        tried(monkeypatch, text, text)


def test_a_run_waits_for_the_pulumi_of_a_killed_one(
    monkeypatch: pytest.MonkeyPatch, running: subprocess.Popen[bytes]
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: running.kill())

    assert tried(monkeypatch, failure("dev.back", HERE, running.pid)) == ([], [])
    assert running.wait(10) == -signal.SIGKILL


def test_a_lock_is_removed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = failure("dev.front", HERE, ended())

    with pytest.raises(RunFailedError):
        tried(monkeypatch, text, text)


def test_any_other_failure_is_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunFailedError, match="no gateway"):
        tried(monkeypatch, "stack dev.links failed:\n  no gateway\n")
