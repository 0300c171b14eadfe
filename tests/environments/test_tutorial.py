"""
The tutorial, as a reader does it: each file is written, each command is run, in the page's order.

A line of output that the page shows must be in the output; `...` stands for anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.environments.conftest import MIRRORS_SECONDS, Sandbox
from tests.project import PROJECT

pytestmark = pytest.mark.sandbox(passphrase=True)

PAGE = (PROJECT / "docs" / "tutorial.md").read_text()

# What the fixture does: it starts and ends the sandbox, and each command has its variables.
OF_THE_SANDBOX = ["make start", 'eval "$(make env)"', "make stop"]


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


def pattern(line: str) -> str:
    """Return a regular expression for a line that the page shows; spaces may be wider."""
    words = [".*" if word == "..." else re.escape(word) for word in line.split()]
    return r"^\s*" + r"\s+".join(words) + r"\s*$"


def output(command: str, sandbox: Sandbox) -> str:
    """Run a command of the page."""
    if command == "mesh status shop":
        return sandbox.healthy("shop")  # what the imitated controllers do takes some seconds
    command = command.replace(".linkmesh/sandbox", str(sandbox.home.root))
    if command.startswith("mesh up"):
        command += f" --wait {MIRRORS_SECONDS}"
    return sandbox.run("bash", "-c", command).stdout


def test_only_commands_of_the_sandbox_itself_are_left_out() -> None:
    assert [step.command for step in STEPS if step.command in OF_THE_SANDBOX] == OF_THE_SANDBOX
    assert len(STEPS) > 12


@pytest.mark.parametrize(
    "step", [step for step in STEPS if step.command not in OF_THE_SANDBOX], ids=str
)
def test_a_step_of_the_tutorial_does_what_the_page_shows(step: Step, sandbox: Sandbox) -> None:
    if step.file:
        sandbox.described("shop").write_text(step.file)
        return
    printed = output(step.command, sandbox)

    for line in step.printed:
        assert re.search(pattern(line), printed, re.MULTILINE), f"{line!r} is not in:\n{printed}"
    if "--markdown" in step.command:
        assert "**1 call newly possible" in (sandbox.project / "preview.md").read_text()
    if "mesh view" in step.command:
        assert "everything is healthy" in (sandbox.project / "shop.html").read_text()


def test_nothing_is_left(sandbox: Sandbox) -> None:
    assert sandbox.clusters == []
