"""Commands of `mesh` that need no engine, and their exit codes."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from linkmesh.cli import __main__ as main
from linkmesh.cli.operations import operate
from linkmesh.cli.runs.lock import exclusive
from linkmesh.cli.status import collect, command
from linkmesh.cli.status.observations import Answer
from linkmesh.stacks import names as environments
from tests.cli.status import observed as status


def mesh(*argv: str) -> tuple[int, str]:
    """Type a command; returns its exit code and all that it printed."""
    done = CliRunner().invoke(main.app, argv)
    return done.exit_code, done.output


@pytest.mark.parametrize("command", ["plan", "preview", "diagram", "up", "destroy", "status"])
def test_an_unknown_environment_is_the_same_error_for_every_command(command: str) -> None:
    assert mesh(command, "nowhere") == (
        2,
        "environment 'nowhere' must have a file stacks/environments/nowhere.py (it has none). "
        "Use: bluegreen, demo, dev, five, hybrid, laptop, prod\n",
    )


def test_a_plan_needs_neither_engine_nor_cloud() -> None:
    code, printed = mesh("plan", "demo")

    assert code == 0
    assert printed.startswith("environment demo: 10 stacks\n")


@pytest.mark.parametrize(("answer", "code"), [(200, 0), (401, 1)])
def test_status_exits_with_1_if_something_is_not_healthy(
    answer: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    observed = replace(status.healthy(), answers={status.LINK: Answer(code=answer)})
    monkeypatch.setattr(command, "load_plan", lambda _: status.described())
    monkeypatch.setattr(command, "Project", SimpleNamespace(open=lambda folder, *_: folder))
    monkeypatch.setattr(collect, "collect", lambda *_: observed)

    assert mesh("status", "demo")[0] == code


def test_doctor_without_a_name_checks_every_environment() -> None:
    printed = json.loads(mesh("doctor", "--json")[1])

    assert printed["environments"] == environments()
    assert "kubeconfig of onprem" in {each["subject"] for each in printed["findings"]}


def test_a_diagram_is_mermaid_or_a_file_of_svg(tmp_path: Path) -> None:
    code, printed = mesh("diagram", "demo")
    drawn = mesh("diagram", "demo", "--svg", str(tmp_path / "demo.svg"))

    assert (code, printed.splitlines()[0]) == (0, "flowchart LR")
    assert drawn == (0, "")
    assert (tmp_path / "demo.svg").read_text().startswith("<svg ")


def test_an_invalid_description_is_written_into_the_comment(tmp_path: Path) -> None:
    file = tmp_path / "comment.md"

    code, printed = mesh("preview", "nowhere", "--markdown", str(file))

    assert code == 2
    assert printed.startswith("environment 'nowhere' must have a file")
    assert "environment 'nowhere' must have a file" in file.read_text()


def test_a_comment_and_targets_cannot_be_combined(tmp_path: Path) -> None:
    file = tmp_path / "comment.md"

    code, printed = mesh("preview", "demo", "--target", "urn:x", "--markdown", str(file))

    assert code == 2
    assert "must not be combined with --markdown" in printed
    assert not file.exists()


@pytest.mark.parametrize("command", ["up", "destroy", "rotate"])
def test_one_command_at_a_time_changes_an_environment(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "stacks" / "environments").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "Project", SimpleNamespace(open=lambda folder, *_: folder))
    monkeypatch.setattr(operate, "Project", SimpleNamespace(open=lambda folder, *_: folder))
    argv = [command, "demo", *(["anchor"] if command == "rotate" else [])]

    with exclusive("demo", "mesh up demo", tmp_path):
        code, printed = mesh(*argv)

    assert code == 2
    assert "must be changed by one command at a time (got: mesh up demo, process" in printed
