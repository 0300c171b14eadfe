"""Never two commands that change one environment at once, on one machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.runs.lock import BusyError, alone

# Takes the lock, says so, and holds it until it is told to end, or killed.
HOLDER = """
import sys
from pathlib import Path
from cli.runs.lock import alone
with alone("demo", "mesh up demo", Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.readline()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that has the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_a_second_command_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        with pytest.raises(BusyError) as refused, alone("demo", "mesh destroy demo", tmp_path):
            pass
        first.kill()

    assert str(refused.value) == (
        "environment 'demo' must be changed by one command at a time (got: mesh up demo, process "
        f"{first.pid} is running). Two would take each other's work back. Use: wait until it has "
        "ended, or interrupt it once (Ctrl-C); then mesh destroy demo"
    )


def test_a_killed_command_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        first.kill()

    with alone("demo", "mesh up demo", tmp_path):
        told = (tmp_path / ".linkmesh/locks/demo").read_text()

    assert told == f"mesh up demo, process {os.getpid()}"


def test_other_environments_are_free(tmp_path: Path) -> None:
    with alone("demo", "mesh up demo", tmp_path), alone("dev", "mesh up dev", tmp_path):
        pass


def test_it_is_free_again_whatever_the_command_ended_with(tmp_path: Path) -> None:
    with pytest.raises(KeyError), alone("demo", "mesh up demo", tmp_path):
        raise KeyError

    with alone("demo", "mesh up demo", tmp_path):
        pass
