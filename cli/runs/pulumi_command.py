"""
Commands of `pulumi` about states, which run no program.

The Automation API starts them as well. It loads Pulumi's SDK for that, and asks `pulumi` for its
version: more processor time than one of these commands takes.
"""

import os
import subprocess
from pathlib import Path

from ..errors import PulumiError, StackMissingError

# How many run at once: each uses about one processor.
PULUMI_IN_PARALLEL = 4

# Such a command ends before garbage matters. To look for it took a quarter of its processor time.
_WITHOUT_COLLECTION = {"GOGC": "off", "GOMEMLIMIT": "512MiB"}

_MISSING = "no stack named"


def pulumi(folder: Path, *arguments: str) -> str:
    """
    Run a command in the folder of a project; return what it prints.

    Raises: PulumiError if it failed, FileNotFoundError if there is no `pulumi`.
    """
    done = subprocess.run(
        ["pulumi", "--non-interactive", *arguments],
        cwd=folder,
        env={**_WITHOUT_COLLECTION, **os.environ, "PULUMI_AUTOMATION_API": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        kind = StackMissingError if _MISSING in done.stderr else PulumiError
        raise kind(f"{done.stdout}{done.stderr}")
    return done.stdout
