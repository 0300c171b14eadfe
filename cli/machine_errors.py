"""
Errors of the machine that `pulumi` runs on, in words that say what to do.

`pulumi` prints what it found. Mostly the machine lacks something: a login, a passphrase, a folder.
What is not known here is printed as `pulumi` said it.
"""

import errno
import os
from pathlib import Path

from .errors import PulumiError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_DOCTOR = "To check this machine: mesh doctor"

# What `pulumi` says, and what it means. Each was seen with Pulumi 3.259.
_KNOWN = (
    (
        "PULUMI_ACCESS_TOKEN must be set",
        "Pulumi must be logged in to a backend, which stores the state of stacks (it is not). "
        "Use: pulumi login; or set PULUMI_BACKEND_URL, for example to file://$HOME/state",
    ),
    (
        "unable to open state directory",
        "the folder of PULUMI_BACKEND_URL must exist (got {backend}). State is stored in it. "
        "Create it, or use another one",
    ),
    (
        "passphrase must be set",
        "the passphrase of new stacks must be set (neither PULUMI_CONFIG_PASSPHRASE nor "
        "PULUMI_CONFIG_PASSPHRASE_FILE is). Secrets in the state are encrypted with it. "
        "Set one of them, or LINKMESH_SECRETS_PROVIDER, for example to a key of AWS KMS",
    ),
    (
        "incorrect passphrase",
        "the passphrase must be the one that the stack was created with (it is another one). "
        "Secrets in the state are encrypted with it. Set PULUMI_CONFIG_PASSPHRASE",
    ),
    (
        "unexpected end of JSON input",
        "the state of each stack must be whole (one file is cut off, in {backend}). Pulumi stores "
        "the previous state beside it, as STACK.json.bak. Restore the file from it or from a "
        "backup, then: pulumi refresh --stack STACK",
    ),
    (
        "permission denied",
        "this user must be allowed to write where `pulumi` writes (got {error}). "
        "Change the owner or the rights, or set PULUMI_HOME and PULUMI_BACKEND_URL",
    ),
    (
        "read-only file system",
        "the folders that `pulumi` writes to must be writable (got {error}). "
        "Set PULUMI_HOME and PULUMI_BACKEND_URL to folders that are",
    ),
)


def known(text: str) -> str:
    """Return what an error of `pulumi` means and what to do; empty if it is not known."""
    for phrase, meaning in _KNOWN:
        if phrase in text:
            backend = os.environ.get("PULUMI_BACKEND_URL", "the backend that Pulumi uses")
            return f"{meaning.format(backend=backend, error=_line(text, phrase))}. {_DOCTOR}"
    return ""


def explained(error: Exception) -> str:
    """
    Return the message for an error that no command expects; empty if it is a fault of linkmesh.

    Args:
        error: of a `pulumi` command, or of the operating system.
    """
    # Imported here because it loads slowly, and is needed only after something has failed.
    import pulumi
    from pulumi.automation import CommandError

    if isinstance(error, pulumi.RunError):
        return str(error)
    if isinstance(error, CommandError | PulumiError):
        text = str(error)
        lines = [line.strip() for line in text.splitlines() if "error:" in line]
        return known(text) or "\n".join(["`pulumi` failed:", *(lines or [text]), _DOCTOR])
    if isinstance(error, FileNotFoundError) and Path(str(error.filename)).name == "pulumi":
        return (
            "the program 'pulumi' must be on PATH (it is not). It deploys stacks. "
            f"Install it: https://www.pulumi.com/docs/install/. {_DOCTOR}"
        )
    if isinstance(error, OSError) and error.filename is not None:
        return f"file {error.filename} must be usable (got: {error.strerror}). {_DOCTOR}"
    if isinstance(error, OSError) and error.errno in _FULL:
        return (
            f"the output must have room to be written (got: {error.strerror}). Free some, or use "
            "another disk"
        )
    return ""


def _line(text: str, phrase: str) -> str:
    return next(line for line in text.splitlines() if phrase in line).strip()
