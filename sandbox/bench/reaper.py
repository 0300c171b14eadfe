"""
Runs a command and waits for what it leaves behind in its session: python reaper.py COMMAND...

The programs of `mesh` are forked from a server that ends after `mesh`, as a child of nobody. Here
such processes come to this one, which waits for them, so that their processor time counts. What is
in a session of its own is meant to stay, as the clusters of a sandbox are. Linux only.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

# Source: prctl(2)
PR_SET_CHILD_SUBREAPER = 36


def main(argv: list[str]) -> int:
    """Run a command; returns its exit code."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("processes must be adopted (prctl refuses to). Their time would not count.")
    code = subprocess.run(argv, check=False).returncode
    while left := _left():
        for pid in left:
            os.waitpid(pid, 0)
    return code if code >= 0 else 128 - code


def _left() -> list[int]:
    """List the children in our session."""
    own = os.getpid()
    children = Path(f"/proc/self/task/{own}/children").read_text().split()
    return [pid for pid in map(int, children) if os.getsid(pid) == os.getsid(own)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
