"""Stores what was printed when a stack or a command failed, for causes that are not known."""

import traceback
from pathlib import Path

from ..redaction import redacted

FOLDER = Path(".linkmesh", "logs")


def store(folder: Path, name: str, text: str) -> Path:
    """
    Write everything that is known of a failure, without secrets; return the path of the file.

    Args:
        folder: the folder of the project.
        name: the stack or the program that failed; its next failure replaces the file.
    """
    file = folder / FOLDER / f"{name}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    # Only for its owner: output of providers may name accounts and addresses.
    file.touch(mode=0o600)
    file.write_text(redacted(text), encoding="utf-8")
    return file


def fault_text(error: Exception, folder: Path) -> str:
    """
    Store the traceback of an error that no command expects; return the message about it.

    Raises: OSError if the file cannot be written.
    """
    file = store(folder, "mesh", "".join(traceback.format_exception(error)))
    said = redacted(f"{type(error).__name__}: {error}".strip().rstrip(":"))
    return (
        f"mesh failed in a way that it does not know ({said}). This is a fault of linkmesh. Its "
        f"traceback is in {file}; please report it with that file"
    )
