"""The distribution `linkmesh`: what `pip install` of this repository gives to other programs."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project import PROJECT

COMPONENTS = PROJECT / "components"
DESCRIBED: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy: setuptools leaves a build/ that later wheels would hold too."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, source)
    shutil.copytree(COMPONENTS, source / "components", ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_module_of_components_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"linkmesh/{file.relative_to(COMPONENTS)}"
        for pattern in ("*.py", "py.typed")
        for file in COMPONENTS.rglob(pattern)
    }
    held = {
        name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("linkmesh-0.")
    }

    assert held == expected


def test_every_package_of_components_is_listed() -> None:
    folders = {file.parent.relative_to(COMPONENTS) for file in COMPONENTS.rglob("__init__.py")}
    packages = {".".join(("linkmesh", *folder.parts)) for folder in folders}

    assert set(DESCRIBED["tool"]["setuptools"]["packages"]) == packages


def test_the_distribution_admits_every_version_that_this_project_pins() -> None:
    ranges = {
        canonicalize_name(needed.name): needed.specifier
        for needed in map(Requirement, DESCRIBED["project"]["dependencies"])
    }
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    pinned = {
        canonicalize_name(name): version
        for name, found, version in (line.partition("==") for line in lines)
        if found
    }

    checked = set(ranges) & set(pinned)
    assert {name for name in ranges if name not in pinned} == {"pyyaml"}
    assert [name for name in checked if pinned[name] not in ranges[name]] == []


def test_components_are_the_same_under_their_other_name(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        "import linkmesh, pulumi, sys; [getattr(linkmesh, name) for name in linkmesh.__all__]; "
        "from linkmesh.linkerd.links import mirror_cleanup as m; "
        "print(m._CleanupProvider.__module__); "
        "print([name for name in sys.modules if name.partition('.')[0] == 'components'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["linkmesh.linkerd.links.mirror_cleanup", "[]"]
