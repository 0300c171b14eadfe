"""
Lets a run continue after a killed one: removes its locks, and notes what it was creating.

A file backend locks a stack with a file that names user, host and process. If the process was on
this host and no longer exists, the lock is stale. If it still runs, it belongs to another command,
or to a killed one, whose `pulumi` ends by itself: it is waited for. Other backends release locks
themselves; then the engine says that operations are pending.
"""

import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from rich.console import Console

from ..errors import RunFailedError
from .killed_runs import note
from .project import Project

# Source: pulumi, pkg/backend/diy/lock.go
_LOCK = re.compile(r"created by \S+@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
_STACK = re.compile(r"^stack (?P<stack>\S+) failed:$", re.MULTILINE)

# Source: proc_pid_stat(5)
_STATUS = re.compile(r"\((?P<name>.*)\) (?P<state>\w)")

# Source: pulumi, pkg/resource/deploy/deployment_executor.go
_PENDING = "pending operations from previous deployment"

# AWS creates a cluster in 10 to 15 minutes, and `pulumi` waits for what it has begun.
WAIT_SECONDS = 1200
PAUSE_SECONDS = 0.5


def stale(failure: str) -> list[str]:
    """List the stacks that failed because of stale locks, from the message of a failure."""
    return [
        stack
        for stack, text in _by_stack(failure)
        if (holders := [*_LOCK.finditer(text)]) and not any(_may_run(each) for each in holders)
    ]


def held(failure: str) -> dict[str, list[int]]:
    """Return the processes of this host that run and have locked stacks, by stack."""
    here = socket.gethostname()
    found = {
        stack: [
            int(each["pid"])
            for each in _LOCK.finditer(text)
            if each["host"] == here and _runs(int(each["pid"]))
        ]
        for stack, text in _by_stack(failure)
    }
    return {stack: pids for stack, pids in found.items() if pids}


def interrupted(failure: str) -> list[str]:
    """List the stacks that failed and in which a killed run was creating something."""
    return [stack for stack, text in _by_stack(failure) if _PENDING in text]


def _by_stack(failure: str) -> Iterator[tuple[str, str]]:
    """Split the message of a failure into what it says of each stack."""
    found = [*_STACK.finditer(failure)]
    ends = [*(each.start() for each in found), len(failure)]
    for each, (start, end) in zip(found, pairwise(ends), strict=True):
        yield each["stack"], failure[start:end]


def _may_run(holder: re.Match[str]) -> bool:
    return holder["host"] != socket.gethostname() or _runs(int(holder["pid"]))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Numbers are used again, and a zombie is listed until its parent has waited for it.
        status = _STATUS.search(Path("/proc", str(pid), "stat").read_text())
    except OSError:
        return not Path("/proc/self").exists()  # not on Linux
    if status is None:
        return True
    return status["name"].startswith("pulumi") and status["state"] not in "ZX"


def unlock(project: Project, stacks: list[str]) -> None:
    """Remove the locks of stacks."""
    for stack in stacks:
        name, _, part = stack.partition(".")
        project.stacks(name, [part], create=False)[part].cancel()


def _await_end(stack: str, pids: list[int], console: Console) -> None:
    """Wait until the processes that have locked a stack have ended."""
    named = ", ".join(str(pid) for pid in pids)
    console.print(f"Waiting for process {named}, which still changes {stack}")
    until = time.monotonic() + WAIT_SECONDS
    while any(_runs(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)


def note_pending(project: Project, stack: str, console: Console) -> None:
    """Note what a killed run was creating, before its lock goes; the next run continues it."""
    for line in note(project.folder, stack, project.exported(stack)):
        console.print(line, markup=False, soft_wrap=True)


def retry(attempt: Callable[[], None], project: Project, console: Console) -> None:
    """
    Call `attempt`; repeat it after what killed runs left, at most once for each stack.

    Raises: RunFailedError, the last one of `attempt`.
    """
    awaited, unlocked, continued = set[str](), set[str](), set[str]()
    while True:
        try:
            return attempt()
        except RunFailedError as failed:
            text = str(failed)
            busy = {each: pids for each, pids in held(text).items() if each not in awaited}
            left = sorted(set(stale(text)) - unlocked)
            killed = sorted({*left, *interrupted(text)} - continued)
            if not busy and not left and not killed:
                raise
            for stack, pids in busy.items():
                _await_end(stack, pids, console)
            for stack in killed:
                note_pending(project, stack, console)
            if left:
                console.print(f"Removing locks of a killed run: {', '.join(left)}")
                unlock(project, left)
            awaited.update(busy)
            unlocked.update(left)
            continued.update(killed)
