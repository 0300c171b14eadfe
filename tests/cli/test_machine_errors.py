"""What is wrong with a machine is said in words that help, without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi import automation

from linkmesh.cli import __main__ as main
from linkmesh.cli.machine_errors import explained, known
from linkmesh.cli.runs.failures import failure_text


def failed(text: str) -> automation.CommandError:
    """Make the error of a `pulumi` command."""
    return automation.CommandError(automation.CommandResult(stdout="", stderr=text, code=255))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "Use: pulumi login"),
        ('error: unable to open state directory "file:///gone"', "(got file:///here)"),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or", "Set one of them"),
        ("error: get stack secrets manager: incorrect passphrase", "Set PULUMI_CONFIG_PASSPHRASE"),
        ("error: failed to load checkpoint: unexpected end of JSON input", "STACK.json.bak"),
        ("error: open /state/x.json: permission denied", "(got error: open /state/x.json:"),
        ("error: mkdir /home/x: read-only file system", "PULUMI_HOME"),
    ],
)
def test_what_a_machine_lacks_is_named_with_the_remedy(
    text: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///here")
    message = explained(failed(f"noise\n{text}\nmore noise"))

    assert told in message
    assert message.endswith("To check this machine: mesh doctor")
    assert "noise" not in message


def test_what_is_not_known_is_printed_as_pulumi_said_it() -> None:
    message = explained(failed("Updating\nerror: the moon is full"))

    assert "`pulumi` failed:\nerror: the moon is full\n" in message


def test_a_file_that_cannot_be_written_is_named() -> None:
    assert "file /x/comment.md must be usable (got: Permission denied)" in explained(
        PermissionError(13, "Permission denied", "/x/comment.md")
    )


def test_a_fault_of_linkmesh_is_not_explained_away() -> None:
    assert explained(KeyError("west")) == ""
    assert known("KeyError") == ""


def test_a_failed_stack_is_told_with_what_the_machine_lacks() -> None:
    causes = {"west": "error: incorrect passphrase"}

    text = failure_text("demo", ["west"], causes, ["west"], "mesh up demo")

    assert "the passphrase must be the one" in text


def test_main_prints_the_explanation_and_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def raise_(prog_name: str) -> None:
        raise failed("error: incorrect passphrase")

    monkeypatch.setattr(main, "app", raise_)
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # it needs a genuine stderr
    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("the passphrase must be")


def test_main_prints_no_traceback_of_a_fault_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def raise_(prog_name: str) -> None:
        raise KeyError("west")

    monkeypatch.setattr(main, "app", raise_)
    monkeypatch.setattr(main, "project_folder", lambda: tmp_path)
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # it needs a genuine stderr
    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("mesh failed in a way that it does not know")


@pytest.mark.parametrize("command", ["status", "up", "preview", "destroy", "gateways"])
def test_without_pulumi_every_command_says_so(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["mesh", command, "demo"])
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # it needs a genuine stderr
    with pytest.raises(SystemExit) as ended:
        main.main()
    printed = capsys.readouterr().err

    assert ended.value.code == 2
    assert "the program 'pulumi' must be on PATH" in printed
    assert "Traceback" not in printed


def test_a_comment_is_written_whatever_the_machine_lacks(tmp_path: Path) -> None:
    file = tmp_path / "comment.md"
    done = subprocess.run(
        [sys.executable, "-m", "linkmesh.cli", "preview", "demo", "--markdown", str(file)],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "the program 'pulumi' must be on PATH" in file.read_text()


def test_a_file_that_is_not_there_is_not_taken_for_pulumi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert "file /x/a.svg must be usable (got: No such" in explained(
        FileNotFoundError(2, "No such file or directory", "/x/a.svg")
    )
    assert "'pulumi' must be on PATH" in explained(FileNotFoundError(2, "No such", "pulumi"))


@pytest.mark.parametrize("command", ["plan", "matrix", "diagram"])
def test_a_disk_without_room_is_no_fault_of_linkmesh(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "linkmesh.cli", command, "demo"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.startswith("the output must have room to be written (got: No space left")


def test_a_fault_outside_of_a_project_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def raise_(prog_name: str) -> None:
        raise KeyError("west")

    monkeypatch.setattr(main, "app", raise_)
    monkeypatch.setattr("faulthandler.enable", lambda: None)  # it needs a genuine stderr
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("mesh failed in a way that it does not know")


def test_a_process_without_standard_output_runs() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} -m linkmesh.cli plan demo >&-"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
