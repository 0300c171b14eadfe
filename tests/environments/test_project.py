"""
A project of one's own, outside of this repository, with the wheel of linkmesh and nothing else.

One story, in order: `mesh new`, `mesh up`, a change, its comment, one stack by Pulumi itself, and
`mesh destroy`. The wheel and its dependencies are in a virtual environment of the project's own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.environments.conftest import ONE_CHECKPOINT, Sandbox, eventually, run
from tests.project import PROJECT
from tests.test_packaging import build_wheel

pytestmark = pytest.mark.sandbox(passphrase=True)

EXPORT = 'Export("yelb-appserver", namespace="yelb", of="east", to=["west"])'
CHANGED = f'{EXPORT}, Export("redis-server", namespace="yelb", of="east", to=["west"])'


@dataclass(frozen=True)
class Project:
    """The project, its virtual environment, and the sandbox that commands are run in."""

    sandbox: Sandbox
    folder: Path
    environment: Path

    def run(self, *argv: str, below: str = "") -> str:
        """Run a command in the project, as in its activated virtual environment."""
        return run(*argv, folder=self.folder / below, variables=self.variables).stdout

    @property
    def variables(self) -> dict[str, str]:
        """The sandbox's, without the folder of this repository's own virtual environment."""
        inside = {**self.sandbox.variables, **ONE_CHECKPOINT}
        own = str(Path(sys.executable).parent)
        path = [each for each in inside["PATH"].split(os.pathsep) if each != own]
        return {**inside, "PATH": os.pathsep.join([str(self.environment / "bin"), *path])}

    @property
    def description(self) -> Path:
        """The file that describes its environment."""
        return self.folder / "environments" / "demo.py"


@pytest.fixture(scope="module")
def project(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Install the wheel, and make a project with it."""
    outside = tmp_path_factory.mktemp("outside")
    made = Project(sandbox, outside / "shop", outside / "venv")
    wheel = build_wheel(tmp_path_factory.mktemp("wheel"))
    subprocess.run([sys.executable, "-m", "venv", str(made.environment)], check=True)
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    (outside / "pins.txt").write_text("\n".join(line for line in lines if "==" in line))
    _pip(made, outside, "--constraint", "pins.txt", str(wheel))
    subprocess.run(
        [made.environment / "bin" / "mesh", "new", "shop", "--template", "kind"],
        cwd=outside,
        env=made.variables,
        check=True,
    )
    # The pins of the project, and the SDK of kind that is in it.
    _pip(made, made.folder, "--find-links", str(wheel.parent), "--requirement", "requirements.txt")
    (made.folder / ".venv").symlink_to(made.environment)
    return made


def _pip(project: Project, folder: Path, *argv: str) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run(
        [project.environment / "bin" / "python", "-m", "pip", "install", *options, *argv],
        cwd=folder,
        check=True,
    )


@pytest.fixture(scope="module", autouse=True)
def _up(project: Project) -> Iterator[None]:
    project.run("mesh", "up", "demo", below="environments")
    yield
    shutil.rmtree(project.folder.parent)


def test_nothing_of_this_repository_is_importable(project: Project) -> None:
    names = ("components", "stacks", "cli", "sandbox", "tests", "pulumi_aws")
    program = (
        "import linkmesh; from importlib.util import find_spec; "
        f"print(linkmesh.__file__, [name for name in {names!r} if find_spec(name)])"
    )

    file, others = project.run("python", "-I", "-c", program).strip().split(" ", 1)

    assert not Path(file).is_relative_to(PROJECT)
    assert Path(file).is_relative_to(project.environment)
    assert others == "[]"


def test_it_is_healthy(project: Project) -> None:
    def is_healthy() -> bool:
        return "everything is healthy" in project.run("mesh", "status", "demo")

    assert eventually(is_healthy, seconds=240)


def test_pulumi_itself_sees_no_change_in_a_stack(project: Project) -> None:
    project.run(
        "pulumi", "preview", "--stack", "demo.west", "--expect-no-changes", "--non-interactive"
    )


def test_a_change_is_a_comment_and_then_deployed(project: Project) -> None:
    text = project.description.read_text()
    assert EXPORT in text
    project.description.write_text(text.replace(EXPORT, CHANGED))

    project.run("mesh", "preview", "demo", "--markdown", "comment.md", below=".github")
    comment = (project.folder / ".github" / "comment.md").read_text()
    project.run("mesh", "up", "demo")

    assert "1 call newly possible" in comment
    assert "+ redis-server.yelb of east" in comment
    assert "redis-server-east" in {
        service["metadata"]["name"] for service in project.sandbox.objects("west", "services", "-A")
    }


def test_destroy_leaves_nothing(project: Project) -> None:
    project.run("mesh", "destroy", "demo")

    assert project.sandbox.clusters == []
