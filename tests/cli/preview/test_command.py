"""The comment is always written, also if a preview fails."""

import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation
from rich.console import Console

from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.preview import command
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.progress import Progress
from linkmesh.cli.runs.reads import Reads
from linkmesh.environment import Export, Kind, Plan, chain
from linkmesh.stacks.snapshot import stack_record
from tests.cli.preview.events import error, stack
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(
    Kind("local"),
    on_aws("west"),
    links=chain("local", "west"),
    exports=[Export("api", namespace="shop", of="west")],
)


@dataclass
class FakeProject:
    """A backend with the stacks of an environment, some of which fail."""

    deployed: Plan
    errors: dict[str, Exception] = field(default_factory=dict)
    is_unavailable: bool = False
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    policy_packs: list[list[str] | None] = field(default_factory=list)

    @cached_property
    def reads(self) -> Reads:
        """What is read once."""
        return Reads(cast(Any, self))

    def existing(self) -> set[str]:
        """List the stacks."""
        return {f"demo.{part}" for part in self.deployed.parts} | set(self.others) | {"demo2.x"}

    def outputs(self, name: str) -> dict[str, Any]:
        """Read the outputs of a stack that is no longer described."""
        return self.others[name]

    def store_log(self, stack: str, error: BaseException) -> Path:
        """Name the file, and write nothing."""
        return Path(f"{stack}.log")

    def stacks(self, name: str, parts: list[str], *, create: bool) -> dict[str, Any]:
        """Open the stacks."""
        if self.is_unavailable:
            raise automation.CommandError(automation.CommandResult("", "error: no bucket", 255))
        return {part: SimpleNamespace(preview=self._previewing(part)) for part in parts}

    def _previewing(self, part: str) -> Any:
        def preview(*, on_event: Any, color: str, policy_packs: list[str] | None = None) -> Any:
            self.policy_packs.append(policy_packs)
            on_event(stack({"description": stack_record(self.deployed, part)}))
            if part in self.errors:
                on_event(error("no such region"))
                raise self.errors[part]
            return SimpleNamespace(change_summary={})

        return preview


def written(
    project: FakeProject,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: tuple[str, ...] = ("/p/policies",),
    skipped: tuple[str, ...] = (),
) -> str:
    """Preview into a file; returns what was written."""
    unchanged = SimpleNamespace(is_unchanged=skipped.__contains__, passed=lambda _: None)
    monkeypatch.setattr(command, "Unchanged", lambda *_, **__: unchanged)
    monkeypatch.setattr(command, "packs", lambda _: list(installed))
    monkeypatch.setattr(command, "Project", SimpleNamespace(open=lambda *_: project))
    progress = Progress(Console(file=io.StringIO()), Operation.PREVIEW, DESCRIBED.parts)
    try:
        command.write_comment("demo", DESCRIBED, 4, progress, file, all_stacks=False)
    except RunFailedError as failed:
        return f"{failed}\n\n{file.read_text()}"
    return file.read_text()


def test_the_same_preview_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {written(FakeProject(DESCRIBED), tmp_path / name, monkeypatch) for name in "abc"}

    assert len(texts) == 1
    assert "**The topology stays as it is deployed.**" in texts.pop()


def test_a_stack_that_fails_is_in_the_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = FakeProject(DESCRIBED, errors={"west": ValueError("exit 255")})

    text = written(project, tmp_path / "comment.md", monkeypatch)

    assert text.startswith("stack demo.west failed:")
    assert "**The preview of 1 stacks failed: `demo.west`.**" in text
    assert "```text\nno such region\n```" in text


def test_an_unavailable_backend_is_in_the_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = written(FakeProject(DESCRIBED, is_unavailable=True), tmp_path / "c.md", monkeypatch)

    assert text.startswith("environment demo cannot be previewed:")
    assert "### Why" in text
    assert "error: no bucket" in text.split("### Why")[1]


def test_a_stack_that_is_no_longer_described_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = planned(Kind("local"), on_aws("west"), on_aws("old", block=9))
    others = {"demo.old": {"description": stack_record(old, "old")}, "demo.never": {}}

    text = written(FakeProject(DESCRIBED, others=others), tmp_path / "c.md", monkeypatch)

    assert "- old: EKS 1.35 in eu-west-1, 10.9.0.0/16" in text
    assert "Stack `demo.old` is deployed and no longer described." in text
    assert "never" not in text


def test_a_stack_that_was_skipped_is_in_the_comment_as_it_is_deployed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tuple(DESCRIBED.parts)

    text = written(FakeProject(DESCRIBED), tmp_path / "c.md", monkeypatch, skipped=every)

    assert "| `demo.west` | unchanged, skipped |" in text
    assert "**The topology stays as it is deployed.**" in text


def test_an_invalid_description_is_written_without_secrets(tmp_path: Path) -> None:
    command.write_invalid("demo", "token: abcdefghij is wrong", tmp_path / "c.md")

    assert "token: [secret] is wrong" in (tmp_path / "c.md").read_text()


def test_policies_check_every_stack_if_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = FakeProject(DESCRIBED)

    text = written(project, tmp_path / "c.md", monkeypatch)

    assert project.policy_packs == [["/p/policies"]] * len(DESCRIBED.parts)
    assert "policies were not run" not in text


def test_a_comment_says_that_policies_were_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = FakeProject(DESCRIBED)

    text = written(project, tmp_path / "c.md", monkeypatch, installed=())

    assert project.policy_packs == [None] * len(DESCRIBED.parts)
    assert (
        "- The policies were not run: their environment is not installed. Use: make policies\n"
        in text
    )


def test_a_comment_in_a_project_without_policies_says_nothing_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "has_pack", lambda _: False)

    text = written(FakeProject(DESCRIBED), tmp_path / "c.md", monkeypatch, installed=())

    assert "policies" not in text
