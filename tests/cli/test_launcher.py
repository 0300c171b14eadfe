"""`mesh` of a checkout runs the code of the checkout that it is started in, from any folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from linkmesh import cli
from tests.project import PROJECT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a checkout whose Python prints what it is asked to do."""
    folder = tmp_path / "project"
    (folder / "linkmesh" / "cli").mkdir(parents=True)
    (folder / "linkmesh" / "cli" / "__main__.py").write_text("")
    (folder / "docs" / "guides").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name, text in {
        "mesh": (PROJECT / "cli" / "launcher.sh").read_text(),
        "python3": '#!/bin/sh\nshift 2\necho "$@"\n',
    }.items():
        program = folder / ".venv" / "bin" / name
        program.write_text(text)
        program.chmod(0o755)
    return folder


def mesh(project: Path, folder: Path) -> tuple[int, str]:
    """Run the launcher in a folder."""
    program = project / ".venv" / "bin" / "mesh"
    done = subprocess.run(
        [program, "plan", "demo"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("below", ["", "docs", "docs/guides"])
def test_mesh_runs_in_every_folder_of_its_checkout(project: Path, below: str) -> None:
    assert mesh(project, project / below) == (0, f"{project} plan demo\n")


def test_mesh_says_where_it_runs_if_started_elsewhere(project: Path, tmp_path: Path) -> None:
    assert mesh(project, tmp_path) == (
        2,
        f"mesh must run in a checkout of linkmesh, or in a folder below it (got {tmp_path}). Use: "
        f"cd {project}\n",
    )


def test_a_copy_of_the_checkout_runs_its_own_code(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "linkmesh" / "cli").mkdir(parents=True)
    (copy / "linkmesh" / "cli" / "__main__.py").write_text("")

    assert mesh(project, copy) == (0, f"{copy} plan demo\n")


def test_make_installs_the_launcher() -> None:
    assert "cp cli/launcher.sh $@" in (PROJECT / "Makefile").read_text()


def test_processes_that_an_installed_mesh_forks_do_not_import_its_script() -> None:
    """They would import every command too: a third of a second for each stack."""
    program = (
        "import typer; from multiprocessing.spawn import get_preparation_data as data; "
        "typer.Typer.__call__ = lambda *_, **__: print(sorted(data('x').items() & "
        "{('init_main_from_name', 'linkmesh.cli.__main__')}), 'init_main_from_path' in data('x')); "
        "from linkmesh.cli import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.stdout == "[('init_main_from_name', 'linkmesh.cli.__main__')] False\n", done.stderr


def test_an_interruption_while_mesh_starts_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runpy.run_module", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 130
    assert capsys.readouterr().err == "Interrupted before anything was changed.\n"
