"""A plugin as a process: it starts, is found on loopback only, and ends without a word."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.home import PROJECT

PLUGIN = (
    f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n"
    "from sandbox.tests.plugins.toy import Toy\n"
    "from sandbox.plugins.service import serve\n"
    "serve(Toy())\n"
)


def started() -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", PLUGIN],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def exists(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_silently(number: signal.Signals) -> None:
    process, _ = started()

    process.send_signal(number)
    output, errors = process.communicate(timeout=60)

    assert (output, errors, process.returncode) == ("", "", 0)


def test_it_ends_when_whoever_started_it_is_killed() -> None:
    parent_program = (
        "import subprocess, sys, time\n"
        f"argv = [sys.executable, '-I', '-c', {PLUGIN!r}]\n"
        "child = subprocess.Popen(argv, stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(child.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_program], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    was_there = exists(pid)

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    until = time.monotonic() + 60
    while exists(pid) and time.monotonic() < until:
        time.sleep(0.1)

    assert was_there
    assert not exists(pid)
