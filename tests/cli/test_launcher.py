"""`mesh` on the path: it runs in the project's folder, and says so elsewhere."""

import subprocess
from pathlib import Path

import pytest

from tests.project import PROJECT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project whose Python says what it is asked to do."""
    folder = tmp_path / "project"
    (folder / "cli").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: linkmesh\n")
    (folder / "cli" / "__main__.py").write_text("")
    for name, text in {
        "mesh": (PROJECT / "cli" / "launcher.sh").read_text(),
        "python3": '#!/bin/sh\necho "$@"\n',
    }.items():
        program = folder / ".venv" / "bin" / name
        program.write_text(text)
        program.chmod(0o755)
    return folder


def mesh(project: Path, folder: Path) -> tuple[int, str]:
    program = project / ".venv" / "bin" / "mesh"
    done = subprocess.run(
        [program, "plan", "demo"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_mesh_runs_in_the_folder_of_its_project(project: Path) -> None:
    assert mesh(project, project) == (0, "-m linkmesh.cli plan demo\n")


def test_mesh_says_where_it_runs_if_started_elsewhere(project: Path, tmp_path: Path) -> None:
    assert mesh(project, tmp_path) == (
        2,
        f"mesh must run in the folder of its project (got {tmp_path}). Use: cd {project}\n",
    )


def test_make_installs_the_launcher() -> None:
    assert "cp cli/launcher.sh $@" in (PROJECT / "Makefile").read_text()
