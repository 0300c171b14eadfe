"""What is read of a project takes one command of `pulumi` each, and nothing of Pulumi's SDK."""

from collections.abc import Callable
from pathlib import Path

import pytest

from linkmesh.cli.errors import PulumiError
from linkmesh.cli.runs.project import Project

Answer = Callable[..., Callable[[], list[str]]]
"""Puts a `pulumi` on PATH that prints something; returns which commands it was started with."""


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Return how to replace `pulumi`."""

    def replace(printed: str, *, error: str = "", code: int = 0) -> Callable[[], list[str]]:
        program, commands = tmp_path / "pulumi", tmp_path / "commands"
        program.write_text(
            f"#!/bin/sh\necho \"$*\" >> '{commands}'\necho '{printed}'\necho '{error}' >&2\n"
            f"exit {code}\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        return lambda: commands.read_text().splitlines()

    return replace


def test_outputs_are_read_with_their_secrets_by_one_command(answer: Answer, tmp_path: Path) -> None:
    commands = answer('{"kubeconfig": "k", "cluster": {"apiServer": "https://192.0.2.1"}}')

    assert Project.open(tmp_path).outputs("demo.west") == {
        "kubeconfig": "k",
        "cluster": {"apiServer": "https://192.0.2.1"},
    }
    assert commands() == ["--non-interactive stack output --json --show-secrets --stack demo.west"]


def test_a_stack_whose_state_is_replaced_is_read_again(answer: Answer, tmp_path: Path) -> None:
    commands = answer('{"deployment": {}}')
    project = Project.open(tmp_path)

    project.reads.state("demo.west")
    project.import_state("demo.west", {})
    project.reads.state("demo.west")

    assert [line.split()[2] for line in commands()] == ["export", "import", "export"]


def test_a_stack_that_does_not_exist_has_no_outputs(answer: Answer, tmp_path: Path) -> None:
    # As Pulumi 3.259 says it.
    answer("", error='error: no stack named "demo.west" found', code=255)

    assert Project.open(tmp_path).outputs("demo.west") == {}


def test_any_other_failure_is_an_error_with_what_pulumi_printed(
    answer: Answer, tmp_path: Path
) -> None:
    answer("", error="error: get stack secrets manager: incorrect passphrase", code=255)

    with pytest.raises(PulumiError, match="incorrect passphrase"):
        Project.open(tmp_path).outputs("demo.west")


def test_existing_stacks_are_those_that_the_backend_lists(answer: Answer, tmp_path: Path) -> None:
    commands = answer('[{"name": "demo.trust", "current": false}, {"name": "demo.west"}]')

    assert Project.open(tmp_path).existing() == {"demo.trust", "demo.west"}
    assert commands() == ["--non-interactive stack ls --json"]
