"""Stacks are created in parallel, and none is selected."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation

from linkmesh.cli.runs import project
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.workspace import Stack, Workspace


class Commands:
    """Records which commands of `pulumi` were run."""

    def __init__(self) -> None:
        self.version = None
        self.run_with: list[list[str]] = []

    def run(self, args: list[str], cwd: str, env: Any, *_: Any) -> SimpleNamespace:
        """Run a command."""
        self.run_with.append(args)
        answers = {"ls": '[{"name": "demo.trust", "current": false}]'}
        return SimpleNamespace(stdout=answers.get(args[1], ""), stderr="", code=0)


def workspace(folder: Path, commands: Commands, secrets: str | None = None) -> Workspace:
    """Open a workspace."""
    return Workspace(
        folder,
        pulumi_command=cast(automation.PulumiCommand, commands),
        secrets_provider=secrets,
    )


def opened_project(opened: Workspace, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Open a project with a workspace; its other commands are recorded in the same list."""
    made = Project(Path(opened.work_dir))
    vars(made)["workspace"] = opened
    monkeypatch.setattr(
        project,
        "pulumi",
        lambda folder, *args: opened.pulumi_command.run([*args], str(folder), {}).stdout,
    )
    return made


def test_missing_stacks_are_created_and_nothing_else_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    made = opened_project(workspace(tmp_path, commands), monkeypatch)

    opened = made.stacks("demo", ["trust", "west", "east"], create=True)

    assert sorted(opened) == ["east", "trust", "west"]
    assert commands.run_with[0][:2] == ["stack", "ls"]
    assert sorted(commands.run_with[1:]) == [
        ["stack", "init", "demo.east", "--no-select"],
        ["stack", "init", "demo.west", "--no-select"],
    ]


def test_stacks_to_destroy_are_opened_only_if_they_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = Commands()
    made = opened_project(workspace(tmp_path, commands), monkeypatch)

    opened = made.stacks("demo", ["trust", "west"], create=False)

    assert list(opened) == ["trust"]
    assert len(commands.run_with) == 1


def test_the_first_stack_is_created_alone_and_the_others_have_its_salt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Salting(Commands):
        def run(self, args: list[str], cwd: str, env: Any, *rest: Any) -> SimpleNamespace:
            if args[1] == "init":
                file = Path(cwd) / f"Pulumi.{args[2]}.yaml"
                found.append(file.exists() and file.read_text())
                file.exists() or file.write_text("encryptionsalt: v1:first\n")
            return super().run(args, cwd, env, *rest)

    found: list[str | bool] = []
    made = opened_project(workspace(tmp_path, Salting()), monkeypatch)
    made.stacks("lab", ["trust", "west", "east"], create=True)

    assert found == [False, "encryptionsalt: v1:first\n", "encryptionsalt: v1:first\n"]


def test_stacks_with_a_key_of_a_kms_have_no_salt(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.demo.trust.yaml").write_text("encryptionsalt: v1:first\n")

    workspace(tmp_path, Commands(), "awskms://alias/mesh").create_stack("demo.west")

    assert not (tmp_path / "Pulumi.demo.west.yaml").exists()


def test_a_secrets_provider_is_that_of_the_new_stack(tmp_path: Path) -> None:
    commands = Commands()

    workspace(tmp_path, commands, "awskms://alias/mesh").create_stack("demo.west")

    assert commands.run_with == [
        ["stack", "init", "demo.west", "--no-select", "--secrets-provider", "awskms://alias/mesh"]
    ]


def test_a_stack_that_cannot_be_created_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no such key")

    made = workspace(tmp_path, Commands())
    monkeypatch.setattr(made, "create_stack", fail)

    with pytest.raises(RuntimeError, match="no such key"):
        opened_project(made, monkeypatch).stacks("demo", ["west"], create=True)


@pytest.mark.parametrize("operation", ["up", "destroy"])
def test_an_operation_starts_pulumi_once_and_no_language_host(
    tmp_path: Path, operation: str
) -> None:
    commands = Commands()

    getattr(Stack("demo.west", workspace(tmp_path, commands)), operation)()

    [arguments] = commands.run_with
    assert arguments[0] == operation
    assert any(each.startswith("--client=127.0.0.1:") for each in arguments)
