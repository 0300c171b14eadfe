"""
Removes locks that a killed run has left on stacks in a file backend, and no others.

Such a backend locks a stack with a file that names user, host and process. If the process was on
this host and no longer exists, the lock is stale. Other backends release locks themselves.
"""

import os
import re
import socket
from collections.abc import Callable
from itertools import pairwise

from rich.console import Console

from ..errors import RunFailedError
from .project import Project

# Source: pulumi, pkg/backend/diy/lock.go
_LOCK = re.compile(r"created by \S+@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
_STACK = re.compile(r"^stack (?P<stack>\S+) failed:$", re.MULTILINE)


def stale(failure: str) -> list[str]:
    """List the stacks that failed because of stale locks, from the message of a failure."""
    starts = [found.start() for found in _STACK.finditer(failure)]
    found = []
    for start, end in pairwise([*starts, len(failure)]):
        text = failure[start:end]
        holders = list(_LOCK.finditer(text))
        named = _STACK.match(text)
        if named and holders and not any(_may_run(holder) for holder in holders):
            found.append(named["stack"])
    return found


def _may_run(holder: re.Match[str]) -> bool:
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
    """Remove the locks of stacks."""
    for stack in stacks:
        name, _, part = stack.partition(".")
        project.stacks(name, [part], create=False)[part].cancel()


def retry(attempt: Callable[[], None], project: Project, console: Console) -> None:
    """
    Call `attempt`; repeat it after removing stale locks, at most once for each stack.

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
            console.print(f"Removing locks of a killed run: {', '.join(sorted(left))}")
            unlock(project, sorted(left))
            unlocked |= left
