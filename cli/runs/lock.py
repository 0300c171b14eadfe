"""
Never two commands that change one environment at once.

On one machine a file below the project's `.linkmesh/` is locked, for the whole environment: the
stack of links touches the clusters that other stacks made, so a lock for each stack would not do.
The lock ends with the process, however that ends. From another folder or machine only Pulumi's own
locks keep two apart, stack by stack: the second fails at the first stack that the first one holds.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import RefusedError

FOLDER = Path(".linkmesh", "locks")


class BusyError(RefusedError):
    """Another command changes the environment; says which, and its process."""


@contextmanager
def alone(name: str, command: str, folder: Path) -> Iterator[None]:
    """
    Keep other commands from changing an environment.

    Args:
        command: what a person typed, which the other one is told.
        folder: the folder of the project.

    Raises: BusyError.
    """
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not emptied before it is locked, and never removed: whoever waits would lock another file.
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BusyError(refusal(name, command, file.read().strip())) from None
        file.truncate(0)
        file.write(f"{command}, process {os.getpid()}")
        file.flush()
        yield


def refusal(name: str, command: str, holder: str) -> str:
    """Say that an environment is being changed already; pure."""
    return (
        f"environment {name!r} must be changed by one command at a time (got: {holder or 'one'} is "
        "running). Two would take each other's work back. "
        f"Use: wait until it has ended, or interrupt it once (Ctrl-C); then {command}"
    )
