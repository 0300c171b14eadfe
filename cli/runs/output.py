"""The output of a program that may be missing, fail, or hang."""

import subprocess
from pathlib import Path

# Enough for a program that starts on a busy machine.
TIMEOUT_SECONDS = 15


def output_of(*argv: str, folder: Path | None = None) -> str | None:
    """Run a program; return its output, or None if it failed or does not exist."""
    try:
        done = subprocess.run(
            argv,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
