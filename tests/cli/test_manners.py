"""
What holds for every command: help with a valid example, completion, escape codes, JSON.

The tests run over all registered commands, also over new ones.
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

from linkmesh.cli.__main__ import app, main
from linkmesh.stacks import names as environments
from tests.project import PROJECT

GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = dict(sorted(GROUP.commands.items()))
OF_AN_ENVIRONMENT = [
    name
    for name, command in COMMANDS.items()
    if "name" in {parameter.name for parameter in command.params if parameter.opts == ["name"]}
]
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
    """Make a folder a project, and return variables that lead to no cloud and an empty backend."""
    (folder / "Pulumi.yaml").touch()
    # As in this repository: then its descriptions are those of the project.
    (folder / "stacks" / "environments").mkdir(parents=True, exist_ok=True)
    inherited = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    ours = {"HOME": str(folder), "PULUMI_BACKEND_URL": folder.as_uri(), "PYTHONPATH": str(PROJECT)}
    return {**inherited, **ours, **more}


def mesh(*argv: str, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command without a terminal, in a folder where it may write."""
    return subprocess.run(
        [sys.executable, "-m", "linkmesh.cli", *argv],
        cwd=folder,
        env=environ(folder, **more),
        capture_output=True,
        timeout=120,
        check=False,
    )


def on_a_terminal(*argv: str, folder: Path, **more: str) -> bytes:
    """Run a command on a terminal; returns what appears."""
    ours, theirs = pty.openpty()
    variables = environ(folder, TERM="xterm-256color", **more)
    command = [sys.executable, "-m", "linkmesh.cli", *argv]
    with subprocess.Popen(
        command, cwd=folder, env=variables, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        output = b""
        while piece := _read(ours):
            output += piece
    os.close(ours)
    return output


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux: the other end was closed
        return b""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_valid_example(name: str) -> None:
    command, *argv = example(name)

    context = COMMANDS[name].make_context(name, list(argv))

    assert command == name
    assert context.params["name"] in environments()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_each_argument_and_option(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])

    assert done.exit_code == 0
    assert "\x1b" not in done.output
    assert [each.name for each in COMMANDS[name].params if not getattr(each, "help", "")] == []


def test_the_list_of_commands_cuts_no_sentence_off(tmp_path: Path) -> None:
    _, heading, listed = mesh("--help", folder=tmp_path).stdout.decode().partition("Commands:")

    assert heading
    assert "..." not in listed


@pytest.mark.parametrize("name", OF_AN_ENVIRONMENT)
def test_environments_complete(name: str) -> None:
    command = COMMANDS[name]
    context = command.make_context(name, [], resilient_parsing=True)
    [argument] = [each for each in command.params if each.opts == ["name"]]

    offered = [each.value for each in argument.shell_complete(context, "d")]
    assert offered == [each for each in environments() if each.startswith("d")]


def test_a_shell_is_offered_environments(tmp_path: Path) -> None:
    done = mesh(
        folder=tmp_path, _MESH_COMPLETE="complete_bash", COMP_WORDS="mesh plan d", COMP_CWORD="2"
    )

    assert set(done.stdout.decode().split()) == {
        each for each in environments() if each.startswith("d")
    }


def test_commands_complete(tmp_path: Path) -> None:
    done = mesh(
        folder=tmp_path, _MESH_COMPLETE="complete_bash", COMP_WORDS="mesh p", COMP_CWORD="1"
    )

    assert set(done.stdout.decode().split()) == {name for name in COMMANDS if name[0] == "p"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_completion_script(shell: str, tmp_path: Path) -> None:
    done = mesh(
        "--show-completion",
        shell,
        folder=tmp_path,
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )

    assert b"_MESH_COMPLETE" in done.stdout


@pytest.mark.parametrize("argv", [["--help"], ["plan", "demo"], ["plan", "nowhere"]])
def test_no_color_is_respected_on_a_terminal(argv: list[str], tmp_path: Path) -> None:
    output = on_a_terminal(*argv, folder=tmp_path, NO_COLOR="1")

    assert output
    assert ESCAPE not in output


def test_every_other_command_is_known() -> None:
    assert COMMANDS.keys() - {*OF_AN_ENVIRONMENT} == {"new"}


def test_outside_of_a_project_nothing_completes_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "linkmesh.cli"],
        cwd=tmp_path,
        env=environ(
            tmp_path / "elsewhere",
            _MESH_COMPLETE="complete_bash",
            COMP_WORDS="mesh plan d",
            COMP_CWORD="2",
        ),
        capture_output=True,
        check=False,
    )

    assert done.stdout.strip() == b""
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", OF_AN_ENVIRONMENT)
def test_nothing_is_coloured_without_a_terminal(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In this process, whose output is a file too: a process each would mostly import."""
    for variable, value in environ(tmp_path).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["mesh", name, "nowhere", *example(name)[2:]])
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # it would report to a closed file

    with pytest.raises(SystemExit) as ended:
        main()
    printed = "".join(capfd.readouterr())

    assert ended.value.code == 2
    assert printed
    assert ESCAPE.decode() not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("name", WITH_JSON)
def test_json_is_all_that_is_printed(name: str, tmp_path: Path) -> None:
    done = mesh(name, "demo", "--json", folder=tmp_path, PULUMI_CONFIG_PASSPHRASE="x")

    if done.stdout.strip():
        json.loads(done.stdout)
    assert ESCAPE not in done.stdout
    assert ESCAPE not in done.stderr


def test_doctor_offers_json() -> None:
    assert {"doctor"} <= set(WITH_JSON)
