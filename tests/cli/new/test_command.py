"""`mesh new` writes a project into an empty folder, and overwrites nothing."""

import runpy
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linkmesh import stacks
from linkmesh.cli import __main__ as main
from linkmesh.cli.new import command
from linkmesh.cli.new.requirements import Origin


def mesh(*argv: str) -> tuple[int, str]:
    """Type a command; returns its exit code and all that it printed."""
    done = CliRunner().invoke(main.app, argv)
    return done.exit_code, done.output


def test_the_project_plans_and_runs_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[bool] = []
    monkeypatch.setattr(stacks, "deploy", lambda: ran.append(True))
    monkeypatch.setattr(sys, "path", [*sys.path])
    folder = tmp_path / "shop"

    code, printed = mesh("new", str(folder), "--template", "kind", "--name", "trial")
    monkeypatch.chdir(folder / ".github")
    planned = mesh("plan", "trial")
    runpy.run_path(str(folder / "__main__.py"))

    assert code == 0
    assert "environment trial is described in environments/trial.py" in printed
    assert planned[0] == 0
    assert planned[1].startswith("environment trial: 7 stacks\n")
    assert ran == [True]


def test_a_folder_that_is_not_empty_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    assert mesh("new", str(tmp_path)) == (
        2,
        f"directory {tmp_path} must be empty (got notes.txt). Nothing is overwritten. Use: mesh "
        f"new {tmp_path / 'mesh'}\n",
    )
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "shop"
    file.write_text("mine")

    code, printed = mesh("new", str(file))

    assert code == 2
    assert printed.startswith(f"directory {file} must be a folder (got a file).")
    assert file.read_text() == "mine"


def test_a_folder_below_a_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "shop"
    file.write_text("mine")

    code, printed = mesh("new", str(file / "mesh"))

    assert code == 2
    assert printed.startswith(f"directory {file} must be a folder (got a file).")


def test_a_folder_that_cannot_be_made_is_an_error() -> None:
    code, printed = mesh("new", "/proc/shop")

    assert code == 2
    assert printed.startswith("directory /proc/shop must be a folder that can be written (got: ")


@pytest.mark.parametrize("name", ["my-env", "2nd", "a.b", "", "a" * 61])
def test_a_name_that_can_be_no_environment_is_refused(name: str, tmp_path: Path) -> None:
    code, printed = mesh("new", str(tmp_path / "shop"), "--name", name)

    assert code == 2
    assert f"(got {name!r})" in printed
    assert not (tmp_path / "shop").exists()


def test_an_unknown_template_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    code, printed = mesh("new", str(tmp_path / "shop"), "--template", "star")

    assert code == 2
    assert "bluegreen" in printed


def test_a_linkmesh_that_others_cannot_reach_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "installed", lambda: Origin("0.1.0", is_of_this_machine=True))
    _, local = mesh("new", str(tmp_path / "one"))
    monkeypatch.setattr(command, "installed", lambda: Origin("0.1.0"))
    _, reachable = mesh("new", str(tmp_path / "two"))

    assert "git+https://<repository>@<commit>" in local
    assert "git+https" not in reachable
