"""
Locks that a killed run has left on stacks of a backend of files; taken away, nobody else's is.

Such a backend locks a stack by a file that names user, host and process. If the process was ours,
on this host, and is no more, then nobody holds the lock. Other backends end a lock by themselves.
"""

import os
import re
import socket
from collections.abc import Callable
from itertools import pairwise

from rich.console import Console

from ..errors import RunFailedError
from .run import Project

# Source: pulumi, pkg/backend/diy/lock.go
_LOCK = re.compile(r"created by \S+@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
_STACK = re.compile(r"^stack (?P<stack>\S+) failed:$", re.MULTILINE)


def stale(told: str) -> list[str]:
    """List the stacks that failed for locks that nobody holds, from what is told of a failure."""
    starts = [found.start() for found in _STACK.finditer(told)]
    found = []
    for start, end in pairwise([*starts, len(told)]):
        failure = told[start:end]
        holders = list(_LOCK.finditer(failure))
        named = _STACK.match(failure)
        if named and holders and not any(_may_live(holder) for holder in holders):
            found.append(named["stack"])
    return found


def _may_live(holder: re.Match[str]) -> bool:
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def unlock(project: Project, stacks: list[str]) -> None:
    """Take the locks of stacks away."""
    for stack in stacks:
        name, _, part = stack.partition(".")
        project.stacks(name, [part], create=False)[part].cancel()


def retried(attempt: Callable[[], None], project: Project, console: Console) -> None:
    """
    Do something; again where only a killed run's locks were in the way, once for each stack.

    Raises: RunFailedError, the last one of `attempt`.
    """
    unlocked: set[str] = set()
    while True:
        try:
            return attempt()
        except RunFailedError as failed:
            left = set(stale(str(failed))) - unlocked
            if not left:
                raise
            console.print(f"A killed run has left locks, which go now: {', '.join(sorted(left))}")
            unlock(project, sorted(left))
            unlocked |= left
