"""
A lock that allows one command at a time to change an environment.

On one machine it is a lock on a file below the project's `.linkmesh/`, for the whole environment:
stacks read the outputs of others, so locking single stacks would not be enough.
The operating system releases the lock when the process ends. Against commands from another folder
or machine there are only Pulumi's own locks of single stacks.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import PreconditionError

FOLDER = Path(".linkmesh", "locks")


class BusyError(PreconditionError):
    """Another command is changing the environment; the message names it and its process."""


@contextmanager
def exclusive(name: str, command: str, folder: Path) -> Iterator[None]:
    """
    Prevent other commands from changing an environment.

    Args:
        command: this command, which the message to the other one names.
        folder: the folder of the project.

    Raises: BusyError.
    """
    path = folder / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not truncated before it is locked, and never removed: others would lock another file.
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BusyError(busy_message(name, command, file.read().strip())) from None
        file.truncate(0)
        file.write(f"{command}, process {os.getpid()}")
        file.flush()
        yield


def busy_message(name: str, command: str, holder: str) -> str:
    """Return the message that another command is changing the environment."""
    return (
        f"environment {name!r} must be changed by one command at a time (got: {holder or 'one'} is "
        "running). Two would revert each other's changes. "
        f"Use: wait until it has ended, or interrupt it once (Ctrl-C); then {command}"
    )
