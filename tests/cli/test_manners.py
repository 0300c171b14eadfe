"""
How every command behaves: help with a true example, completion, escape codes, JSON.

All registered commands are gone through, so that a new one is held to the same.
"""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.__main__ import app
from stacks import names as environments
from tests.project import PROJECT

GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = dict(sorted(GROUP.commands.items()))
WITH_JSON = [
    name
    for name, command in COMMANDS.items()
    if any("--json" in parameter.opts for parameter in command.params)
]
ESCAPE = b"\x1b"


def example(name: str) -> list[str]:
    """Read the arguments of the example in a command's help."""
    found = re.search(r"E\.g\.: mesh (.+)", COMMANDS[name].help or "")
    assert found is not None, f"mesh {name} --help has no example"
    return shlex.split(found.group(1).strip().rstrip("."))


def environ(folder: Path, **more: str) -> dict[str, str]:
    """Make an environment in which no cloud and no backend of anybody is found."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    ours = {"HOME": str(folder), "PULUMI_BACKEND_URL": folder.as_uri(), "PYTHONPATH": str(PROJECT)}
    return {**kept, **ours, **more}


def mesh(*argv: str, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Type a command where there is no terminal, in a folder where it may write."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *argv],
        cwd=folder,
        env=environ(folder, **more),
        capture_output=True,
        timeout=120,
        check=False,
    )


def on_a_terminal(*argv: str, folder: Path, **more: str) -> bytes:
    """Type a command on a terminal; returns what appears."""
    ours, theirs = pty.openpty()
    variables = environ(folder, TERM="xterm-256color", **more)
    command = [sys.executable, "-m", "cli", *argv]
    with subprocess.Popen(
        command, cwd=folder, env=variables, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        seen = b""
        while piece := _read(ours):
            seen += piece
    os.close(ours)
    return seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux' way to say that nobody writes any more
        return b""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_that_can_be_typed(name: str) -> None:
    command, *argv = example(name)

    context = COMMANDS[name].make_context(name, list(argv))

    assert command == name
    assert context.params["name"] in environments()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_each_argument_and_option_is(name: str) -> None:
    told = CliRunner().invoke(app, [name, "--help"])

    assert told.exit_code == 0
    assert "\x1b" not in told.output
    assert [each.name for each in COMMANDS[name].params if not getattr(each, "help", "")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_environments_complete(name: str, tmp_path: Path) -> None:
    told = mesh(
        folder=tmp_path,
        _MESH_COMPLETE="complete_bash",
        COMP_WORDS=f"mesh {name} d",
        COMP_CWORD="2",
    )

    assert set(told.stdout.decode().split()) == {
        each for each in environments() if each.startswith("d")
    }


def test_commands_complete(tmp_path: Path) -> None:
    told = mesh(
        folder=tmp_path, _MESH_COMPLETE="complete_bash", COMP_WORDS="mesh p", COMP_CWORD="1"
    )

    assert set(told.stdout.decode().split()) == {name for name in COMMANDS if name[0] == "p"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how_to_complete(shell: str, tmp_path: Path) -> None:
    told = mesh(
        "--show-completion",
        folder=tmp_path,
        SHELL=shell,
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )
    named = mesh(
        "--show-completion",
        shell,
        folder=tmp_path,
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )

    assert b"_MESH_COMPLETE" in told.stdout + named.stdout


@pytest.mark.parametrize("argv", [["--help"], ["plan", "demo"], ["plan", "nowhere"]])
def test_no_color_is_kept_on_a_terminal(argv: list[str], tmp_path: Path) -> None:
    seen = on_a_terminal(*argv, folder=tmp_path, NO_COLOR="1")

    assert seen
    assert ESCAPE not in seen


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_coloured_without_a_terminal(name: str, tmp_path: Path) -> None:
    told = mesh(name, "nowhere", *example(name)[2:], folder=tmp_path)

    assert told.returncode == 2
    assert ESCAPE not in told.stdout + told.stderr
    assert b"Traceback" not in told.stderr


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_is_all_that_is_printed(name: str, tmp_path: Path) -> None:
    told = mesh(name, "demo", "--json", folder=tmp_path, PULUMI_CONFIG_PASSPHRASE="x")

    if told.stdout.strip():
        json.loads(told.stdout)
    assert ESCAPE not in told.stdout


def test_json_is_offered_where_programs_read() -> None:
    assert {"doctor"} <= set(WITH_JSON)
