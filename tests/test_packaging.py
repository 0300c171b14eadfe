"""The distribution `linkmesh`: what it contains, and what an empty environment gets from it."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tests.project import PROJECT

DESCRIBED: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())

# The folders of the distribution, and the packages that they are in it.
ROOMS = {"components": "linkmesh", "stacks": "linkmesh.stacks", "cli": "linkmesh.cli"}

# What gives modules the same names in this repository.
LINKS = {"linkmesh": "components", "components/stacks": "../stacks", "components/cli": "../cli"}

IGNORED = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")

# Modules that have another name than their distribution, or come with one that is required.
DISTRIBUTIONS = {
    "grpc": "pulumi",
    "google": "pulumi",
    "markdown-it": "markdown-it-py",
    "pulumi-kind": "./sdks/kind",
    "yaml": "pyyaml",
}


def copied(folder: Path) -> Path:
    """Copy what is built: setuptools leaves a build/ that later wheels would contain too."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(PROJECT / name, source)
    for name in (*ROOMS, "sdks"):
        shutil.copytree(PROJECT / name, source / name, symlinks=True, ignore=IGNORED)
    return source


def pip(*argv: str, **variables: str) -> None:
    """Run pip."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    env = {**os.environ, **variables}
    subprocess.run([sys.executable, "-m", "pip", *argv, *quiet], env=env, check=True)


def install_backend(folder: Path) -> Path:
    """Install the setuptools that pyproject.toml requires; pip would for each wheel anew."""
    pip("install", "--target", str(folder), *DESCRIBED["build-system"]["requires"])
    return folder


def build_wheel(folder: Path, source: Path | None = None, backend: Path | None = None) -> Path:
    """Build the wheel of this repository, or of a source distribution."""
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    path = backend or install_backend(folder / "backend")
    pip("wheel", *options, str(source or copied(folder)), PYTHONPATH=str(path))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_backend(tmp_path_factory.mktemp("backend"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, backend: Path) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"), backend=backend)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory, backend: Path) -> Path:
    """Build the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    build = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    subprocess.run(
        [sys.executable, "-c", build],
        cwd=copied(folder),
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(backend)},
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Install the wheel in an empty environment; returns its folder.

    Its dependencies are of this environment; tests/environments/test_tutorial.py installs them.
    """
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    pip("--python", str(folder / "bin" / "python"), "install", "--no-deps", str(wheel))
    (found,) = folder.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    (found / "dependencies.pth").write_text("\n".join(here))
    return folder


def python(installed: Path, program: str) -> str:
    """Run a program in the environment, far from this repository; returns what it printed."""
    done = subprocess.run(
        [installed / "bin" / "python", "-c", program],
        cwd=installed,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def modules() -> Iterator[tuple[str, Path]]:
    """Name each module of the distribution, and its file; descriptions are none of them."""
    for room, package in ROOMS.items():
        for file in (PROJECT / room).rglob("*.py"):
            path = file.relative_to(PROJECT / room)
            if "environments" not in path.parts and "__pycache__" not in path.parts:
                yield "/".join((*package.split("."), *path.parts)), file


def test_the_names_of_modules_in_this_repository_are_those_of_the_distribution() -> None:
    assert {link: str((PROJECT / link).readlink()) for link in LINKS} == LINKS


def test_nothing_is_imported_under_a_second_name() -> None:
    folders = ("cli", "components", "examples", "sandbox", "stacks", "tests")
    files = [PROJECT / "__main__.py", PROJECT / "conftest.py"]
    files += [file for folder in folders for file in (PROJECT / folder).rglob("*.py")]

    seconds = {
        f"{file.relative_to(PROJECT)}: {name}"
        for file in files
        for name in imported(file)
        if name.partition(".")[0] in ROOMS
    }

    assert seconds == set()


def imported(file: Path) -> set[str]:
    """Name the modules that a file imports by their full names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_the_wheel_contains_every_module_and_no_description(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    held = {name for name in names if name.endswith(".py") and "/sdks/" not in name}
    templates = {name for name in held if name.startswith("linkmesh/cli/new/templates/")}
    assert held - templates == {name for name, _ in modules()}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"linkmesh"}
    assert not [name for name in names if name.startswith("linkmesh/stacks/environments")]


def test_the_wheel_contains_what_new_projects_are_made_of(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = set(archive.namelist())
    templates = PROJECT / "cli" / "new" / "templates"

    expected = {
        f"linkmesh/cli/new/templates/{file.relative_to(templates)}"
        for file in templates.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert expected | {"linkmesh/py.typed", "linkmesh/sdks/kind/pyproject.toml"} <= names
    pins = archive.read("linkmesh/requirements.txt")
    assert pins == (PROJECT / "requirements.txt").read_bytes()


def test_the_page_can_be_made_where_only_the_wheel_is(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "environments").mkdir()
    program = (
        f"import os; os.chdir({str(tmp_path)!r}); from datetime import datetime; "
        "from linkmesh.cli.view.page import page; from linkmesh.cli.view.content import Content; "
        "from linkmesh.environment import Environment, Kind, Plan; "
        "plan = Plan.of(Environment(clusters=[Kind('a')])); "
        "made = page(Content(name='x', plan=plan, at=datetime.now()), follows=True); "
        "print('--page' in made and 'follow();' in made)"
    )

    assert python(installed, program) == "True\n"


def test_the_wheel_contains_the_license_and_names_it(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}

    assert archive.read(f"{folder}/licenses/LICENSE") == (PROJECT / "LICENSE").read_bytes()
    assert "License-Expression: Apache-2.0" in archive.read(f"{folder}/METADATA").decode()


def test_a_wheel_of_the_source_distribution_is_the_same(
    wheel: Path, sdist: Path, backend: Path, tmp_path: Path
) -> None:
    again = build_wheel(tmp_path, source=sdist, backend=backend)

    def contents(archive: zipfile.ZipFile) -> dict[str, int]:
        return {each.filename: each.CRC for each in archive.infolist() if "RECORD" not in str(each)}

    assert contents(zipfile.ZipFile(again)) == contents(zipfile.ZipFile(wheel))
    with tarfile.open(sdist) as archive:
        assert not [each for each in archive.getmembers() if each.issym()]


def test_every_package_is_listed() -> None:
    packages = {
        ".".join(Path(name).parts[:-1]) for name, _ in modules() if name.endswith("__init__.py")
    }

    assert {*DESCRIBED["tool"]["setuptools"]["packages"]} == packages | {"linkmesh.sdks"}


def needed() -> dict[str, Any]:
    """The versions that are required, by distribution, those of extras included."""
    project = DESCRIBED["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    return {
        canonicalize_name(one.name): one.specifier
        for one in map(Requirement, [*project["dependencies"], *extras])
    }


def test_the_distribution_admits_every_version_that_this_project_pins() -> None:
    ranges = needed()
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    pinned = {
        canonicalize_name(name): version
        for name, found, version in (line.partition("==") for line in lines)
        if found
    }

    assert {name for name in ranges if name not in pinned} == {"pyyaml"}
    assert {name for name in pinned if name not in ranges} == set()
    assert [name for name in pinned if pinned[name] not in ranges[name]] == []


def test_everything_that_is_imported_is_required() -> None:
    outside = {
        name.partition(".")[0]
        for _, file in modules()
        for name in imported(file)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "linkmesh"}
    }
    names = {canonicalize_name(name) for name in outside}

    assert {DISTRIBUTIONS.get(name, name) for name in names} <= {*needed(), "./sdks/kind"}


def test_the_command_is_installed(installed: Path) -> None:
    done = subprocess.run(
        [installed / "bin" / "mesh", "--help"], cwd=installed, capture_output=True, text=True
    )

    assert done.stderr == ""
    assert done.returncode == 0
    assert "Usage: mesh" in done.stdout


def test_the_library_and_the_program_are_importable_and_no_other_name(installed: Path) -> None:
    program = (
        "import json, sys; import linkmesh; from linkmesh.stacks import deploy; "
        "from importlib.util import find_spec; "
        "others = ('components', 'stacks', 'cli', 'environments', 'sandbox', 'tests', 'policies'); "
        "[getattr(linkmesh, name) for name in linkmesh.__all__]; "
        "from linkmesh.linkerd.links import mirror_cleanup as m; "
        "print(json.dumps([linkmesh.__file__, deploy.__module__, m._CleanupProvider.__module__, "
        "[name for name in others if find_spec(name)]]))"
    )

    file, deploys, cleanup, others = json.loads(python(installed, program))

    assert file.startswith(str(installed))
    assert deploys == "linkmesh.stacks"
    assert cleanup == "linkmesh.linkerd.links.mirror_cleanup"
    assert others == []


def test_stacks_of_existing_clusters_need_neither_sdk_of_aws_nor_of_kind(installed: Path) -> None:
    program = (
        "import sys; sys.modules['pulumi_aws'] = sys.modules['pulumi_kind'] = None; "
        "from linkmesh.stacks import apps, cluster, links, network, outputs, settings, trust; "
        "from linkmesh import ExistingCluster, Mesh; from linkmesh.cli.operations import operate; "
        "from linkmesh.cli import __main__; print('imported')"
    )

    assert python(installed, program) == "imported\n"


def test_an_installed_mesh_makes_a_project_and_plans_it(installed: Path, tmp_path: Path) -> None:
    def mesh(*argv: str, cwd: Path) -> str:
        done = subprocess.run(
            [installed / "bin" / "mesh", *argv], cwd=cwd, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    mesh("new", "shop", "--template", "kind", cwd=tmp_path)

    (tmp_path / "shop" / "docs").mkdir()
    assert mesh("plan", "demo", cwd=tmp_path / "shop" / "docs").startswith("environment demo:")
    assert (tmp_path / "shop" / "sdks" / "kind" / "pulumi_kind" / "cluster.py").is_file()


def test_an_installed_plugin_serves_the_schema_of_the_package(installed: Path) -> None:
    process = subprocess.Popen(
        [installed / "bin" / "pulumi-resource-linkmesh", "127.0.0.1:1"],
        cwd=installed,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            found = json.loads(stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    finally:
        process.terminate()
        process.wait()

    assert found["version"] == DESCRIBED["project"]["version"]
    assert "linkmesh:index:Mesh" in found["resources"]
