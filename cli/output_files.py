"""Files that the user names for output: checked before a command begins, and written after."""

import os
from pathlib import Path

from .errors import PreconditionError


def check_file(option: str, file: Path) -> None:
    """
    Check that a file can be written, without making it.

    Args:
        option: the option that names it, e.g. `--out`.

    Raises: PreconditionError.
    """
    if file.is_dir():
        raise _unusable(option, file, "it is a folder")
    if not file.parent.is_dir():
        raise _unusable(option, file, f"there is no folder {file.parent}")
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise _unusable(option, file, "permission denied")


def write_file(option: str, file: Path, content: str | bytes) -> None:
    """
    Write a file.

    Raises: PreconditionError if it cannot be written.
    """
    check_file(option, file)
    try:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise _unusable(option, file, str(error.strerror)) from None


def _unusable(option: str, file: Path, why: str) -> PreconditionError:
    return PreconditionError(
        f"{option} must name a file that can be written (got {str(file)!r}: {why}). Use: "
        f"{option} with another file"
    )
