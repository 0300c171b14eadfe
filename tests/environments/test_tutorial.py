"""
The tutorial, as a reader does it, in a project of one's own outside of this repository.

Each file is written, each command is run, in the page's order. A line of output that the page shows
must be in the output; `...` stands for anything. The project is made by `mesh new` of the wheel,
which is in a virtual environment of the project's own with its dependencies.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.environments.conftest import (
    HEALTHY_SECONDS,
    MIRRORS_SECONDS,
    ONE_CHECKPOINT,
    Sandbox,
    eventually,
    run,
)
from tests.project import PROJECT
from tests.test_packaging import build_wheel

pytestmark = pytest.mark.sandbox(passphrase=True)

PAGE = (PROJECT / "docs" / "tutorial.md").read_text()

# What the fixture does: it starts and ends the sandbox, and each command has its variables.
OF_THE_SANDBOX = ["make start", 'eval "$(make env)"', "make stop"]

# Before it, everything is there to be looked at.
LAST = "mesh destroy shop"


@dataclass(frozen=True)
class Step:
    """A file to write, or a command to run with what it prints."""

    file: str = ""
    command: str = ""
    printed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.command or "write the description"


def steps() -> Iterator[Step]:
    """Read the steps of the page."""
    for language, block in re.findall(
        r"^```(python|console)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    ):
        if language == "python":
            yield Step(file=block)
            continue
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *printed = command.splitlines()
            yield Step(command=first, printed=tuple(printed))


STEPS = [*steps()]
DONE = [step for step in STEPS if step.command not in [*OF_THE_SANDBOX, LAST]]


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

    def install(self, folder: Path, *argv: str | Path) -> None:
        """Install packages into its virtual environment."""
        options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
        python = self.environment / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", *options, *argv], cwd=folder, check=True)


@pytest.fixture(scope="module", autouse=True)
def project(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Install the wheel, and make a project with it."""
    outside = tmp_path_factory.mktemp("outside")
    made = Project(sandbox, outside / "shop", outside / "venv")
    wheel = build_wheel(tmp_path_factory.mktemp("wheel"))
    subprocess.run([sys.executable, "-m", "venv", str(made.environment)], check=True)
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    (outside / "pins.txt").write_text("\n".join(line for line in lines if "==" in line))
    made.install(outside, "--constraint", "pins.txt", wheel)
    mesh = made.environment / "bin" / "mesh"
    new: list[str | Path] = [mesh, "new", "shop", "--template", "kind"]
    subprocess.run(new, cwd=outside, env=made.variables, check=True)
    # The pins of the project, and the SDK of kind that is in it.
    made.install(made.folder, "--find-links", wheel.parent, "--requirement", "requirements.txt")
    (made.folder / ".venv").symlink_to(made.environment)
    yield made
    shutil.rmtree(outside)


def pattern(line: str) -> str:
    """Return a regular expression for a line that the page shows; spaces may be wider."""
    words = [".*" if word == "..." else re.escape(word) for word in line.split()]
    return r"^\s*" + r"\s+".join(words) + r"\s*$"


def output(command: str, project: Project) -> str:
    """Run a command of the page."""
    command = command.replace(".linkmesh/sandbox", str(project.sandbox.home.root))
    if command.startswith("mesh up"):
        command += f" --wait {MIRRORS_SECONDS}"
    return project.run("bash", "-c", command)


def shows(printed: str, lines: Sequence[str]) -> None:
    """Check that a command prints each line that the page shows."""
    for line in lines:
        assert re.search(pattern(line), printed, re.MULTILINE), f"{line!r} is not in:\n{printed}"


def test_only_commands_of_the_sandbox_itself_are_left_out() -> None:
    assert [step.command for step in STEPS if step.command in OF_THE_SANDBOX] == OF_THE_SANDBOX
    assert len(STEPS) > 12


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


def test_a_command_finds_the_project_from_a_folder_below(project: Project) -> None:
    assert "west -> east" in project.run("mesh", "plan", "demo", below=".github")


@pytest.mark.parametrize("step", DONE, ids=str)
def test_a_step_of_the_tutorial_does_what_the_page_shows(step: Step, project: Project) -> None:
    if step.file:
        (project.folder / "environments" / "shop.py").write_text(step.file)
    elif step.command == "mesh status shop":
        eventually(lambda: bool(output(step.command, project)), HEALTHY_SECONDS)
        shows(output(step.command, project), step.printed)
    else:
        shows(output(step.command, project), step.printed)
    if "--markdown" in step.command:
        assert "**1 call newly possible" in (project.folder / "preview.md").read_text()
    if "mesh view" in step.command:
        assert "everything is healthy" in (project.folder / "shop.html").read_text()


def test_pulumi_itself_sees_no_change_in_a_stack(project: Project) -> None:
    stack = ("--stack", "shop.blue")
    project.run("pulumi", "preview", *stack, "--expect-no-changes", "--non-interactive")


def test_the_last_step_leaves_nothing(project: Project) -> None:
    [step] = [step for step in STEPS if step.command == LAST]

    shows(output(step.command, project), step.printed)

    assert project.sandbox.clusters == []
