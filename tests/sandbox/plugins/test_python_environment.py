"""
The Python of a program is chosen as the genuine language host chooses it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.plugins.python_environment import EnvironmentProblem, PythonEnvironment


def chosen(root: Path, **options: Any) -> PythonEnvironment:
    return PythonEnvironment.chosen_by(str(root), str(root / "program"), options)


def virtualenv(folder: Path, settings: str = "include-system-site-packages = false\n") -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(settings)
    return folder


def test_the_option_is_relative_to_the_project(tmp_path: Path) -> None:
    environment = chosen(tmp_path, toolchain="pip", virtualenv=".venv")

    assert environment.python() == str(tmp_path / ".venv" / "bin" / "python")
    assert chosen(tmp_path, virtualenv="/opt/venv").python() == "/opt/venv/bin/python"


def test_without_the_option_it_is_the_first_python_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("python", "python3", "mine"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)
    first = chosen(tmp_path).python()
    monkeypatch.setenv("PULUMI_PYTHON_CMD", "mine")

    assert first == str(tmp_path / "python3")
    assert chosen(tmp_path).python() == str(tmp_path / "mine")


def test_no_python_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)

    with pytest.raises(EnvironmentProblem) as problem:
        chosen(tmp_path).python()

    assert str(problem.value) == (
        'failed to locate any of ["python3" "python"] on your PATH. '
        "Have you installed Python 3.6 or greater?"
    )


def test_a_component_package_has_its_own_environment_by_default(tmp_path: Path) -> None:
    environment = PythonEnvironment.chosen_by(str(tmp_path), str(tmp_path), {}, is_plugin=True)

    assert environment.virtualenv == tmp_path / "venv"


def test_an_activated_environment_comes_first_on_the_path(tmp_path: Path) -> None:
    inherited = {"PATH": "/bin", "PYTHONHOME": "/x", "VIRTUAL_ENV": "/y", "HOME": "/root"}

    assert chosen(tmp_path, virtualenv="v").variables(inherited) == {
        "PATH": f"{tmp_path}/v/bin:/bin",
        "VIRTUAL_ENV": str(tmp_path / "v"),
        "HOME": "/root",
    }
    assert chosen(tmp_path).variables(inherited) == inherited


def test_what_is_no_virtual_environment_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(EnvironmentProblem, match=r'"gone", but ".*/gone" doesn\'t exist; run the'):
        chosen(tmp_path, virtualenv="gone").check()
    with pytest.raises(EnvironmentProblem, match="doesn't appear to be a virtual environment"):
        chosen(tmp_path, virtualenv="empty").check()
    chosen(tmp_path, virtualenv=str(virtualenv(tmp_path / "good"))).check()


def test_packages_are_looked_for_without_starting_python(tmp_path: Path) -> None:
    folder = virtualenv(tmp_path / "venv")

    environment = chosen(tmp_path, virtualenv="venv")

    assert environment.site_folders() == [folder / "lib" / "python3.11" / "site-packages"]


def test_an_environment_that_sees_more_is_asked(tmp_path: Path) -> None:
    folder = virtualenv(tmp_path / "venv", "include-system-site-packages = true\n")
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to(sys.executable)

    folders = chosen(tmp_path, virtualenv="venv").site_folders()

    assert any(each.name == "site-packages" for each in folders)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"typechecker": "mypy"}, r"must be among toolchain, virtualenv .* \(got typechecker\)"),
        ({"toolchain": "uv"}, r"'toolchain' must be pip in the sandbox \(got 'uv'\)"),
        ({"virtualenv": 1}, "virtualenv option must be a string"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(EnvironmentProblem, match=message):
        chosen(tmp_path, **options)


def test_a_lock_file_of_another_toolchain_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").touch()

    with pytest.raises(EnvironmentProblem, match=r"\(got 'uv'\)"):
        chosen(tmp_path)
    assert chosen(tmp_path, toolchain="pip").virtualenv is None
