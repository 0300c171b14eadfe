"""One command at a time changes an environment, on one machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linkmesh.cli.runs.lock import BusyError, exclusive

# Takes the lock, prints a line, and holds it until it reads a line, or is killed.
HOLDER = """
import sys
from pathlib import Path
from linkmesh.cli.runs.lock import exclusive
with exclusive("demo", "mesh up demo", Path(sys.argv[1])):
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


def test_a_second_command_fails_and_names_the_first(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        with pytest.raises(BusyError) as error, exclusive("demo", "mesh destroy demo", tmp_path):
            pass
        first.kill()

    assert str(error.value) == (
        "environment 'demo' must be changed by one command at a time (got: mesh up demo, process "
        f"{first.pid} is running). Two would revert each other's changes. Use: wait until it has "
        "ended, or interrupt it once (Ctrl-C); then mesh destroy demo"
    )


def test_a_killed_command_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        first.kill()

    with exclusive("demo", "mesh up demo", tmp_path):
        holder_text = (tmp_path / ".linkmesh/locks/demo").read_text()

    assert holder_text == f"mesh up demo, process {os.getpid()}"


def test_other_environments_are_free(tmp_path: Path) -> None:
    with exclusive("demo", "mesh up demo", tmp_path), exclusive("dev", "mesh up dev", tmp_path):
        pass


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), exclusive("demo", "mesh up demo", tmp_path):
        raise KeyError

    with exclusive("demo", "mesh up demo", tmp_path):
        pass
