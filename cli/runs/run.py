"""
Operations on all stacks of an environment, through Pulumi's Automation API.

Each stack runs the same program as `pulumi up` would, in processes of its own, so stacks can run
side by side. Whatever ends a run, the next one goes on from the stacks' own state.
"""

import json
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Protocol

from pulumi import automation
from pulumi.automation.events import EngineEvent

from ..errors import RunFailedError
from .failures import cause, failure_text
from .waves import Waves, side_by_side
from .workspace import Stack, Workspace

# To make a stack is to start `pulumi` once more, which keeps about one processor busy.
MADE_AT_ONCE = 4


class Operation(Enum):
    """What is done to each stack; the value is the command's name."""

    PREVIEW = "preview"
    UP = "up"
    DESTROY = "destroy"


class Listener(Protocol):
    """Who is told how the stacks are doing."""

    @property
    def begun(self) -> set[str]:
        """Parts that were started."""

    def started(self, part: str) -> None:
        """A stack starts."""

    def event(self, part: str, event: EngineEvent) -> None:
        """The engine tells something of a stack."""

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done; operations and how many resources each concerned."""

    def failed(self, part: str) -> None:
        """A stack failed."""


@dataclass(frozen=True)
class Project:
    """The Pulumi project in a folder, and what its backend holds."""

    workspace: Workspace

    @classmethod
    def open(cls, folder: Path) -> "Project":
        """
        Open the project of a folder.

        New stacks get the secrets provider of LINKMESH_SECRETS_PROVIDER, e.g. a key of KMS; without
        it, a passphrase.
        """
        secrets = os.environ.get("LINKMESH_SECRETS_PROVIDER")
        return cls(Workspace(folder, secrets_provider=secrets))

    def existing(self) -> set[str]:
        """Names of the stacks that the backend knows."""
        return {stack.name for stack in self.workspace.list_stacks()}

    def stacks(self, name: str, parts: list[str], *, create: bool) -> dict[str, Stack]:
        """Open the stacks of an environment, by part; make those that are missing, if asked."""
        if create:
            # Their programs run next; until then Pulumi's SDKs are imported.
            self.workspace.programs.start()
        existing = self.existing()
        missing = [part for part in parts if f"{name}.{part}" not in existing]
        if create:
            with ThreadPoolExecutor(max_workers=MADE_AT_ONCE) as pool:
                made = pool.map(self.workspace.create_stack, [f"{name}.{part}" for part in missing])
                list(made)  # raises what one of them raised
        return {
            part: Stack(f"{name}.{part}", self.workspace)
            for part in parts
            if create or part not in missing
        }

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs, secrets included; empty if there is no such stack."""
        try:
            outputs = self.workspace.stack_outputs(stack)
        except automation.StackNotFoundError:
            return {}
        return {key: output.value for key, output in outputs.items()}

    def exported(self, stack: str) -> dict[str, Any]:
        """Read a stack's state; secrets in it stay encrypted."""
        done = self._pulumi("stack", "export", "--stack", stack)
        return dict(json.loads(done.stdout))

    def import_state(self, stack: str, file: Path) -> None:
        """Replace a stack's state."""
        self._pulumi("stack", "import", "--stack", stack, "--file", str(file))

    def _pulumi(self, *arguments: str) -> automation.CommandResult:
        workspace = self.workspace
        return workspace.pulumi_command.run(
            [*arguments], workspace.work_dir, dict(workspace.env_vars)
        )


def run(
    project: Project,
    name: str,
    waves: Waves,
    operation: Operation,
    parallel: int,
    listener: Listener,
    *,
    targets: Mapping[str, Sequence[str]] | None = None,
    kept: Mapping[str, Sequence[str]] | None = None,
    go_on: str = "",
    policy_packs: Sequence[str] = (),
) -> None:
    """
    Run one operation on every stack, each as soon as those before it are done.

    Args:
        targets: URNs of the resources to touch, by part; all of a part that is not named.
        kept: URNs of the resources that are not touched, by part.
        go_on: the command that goes on after a failure, if not the operation's own.
        policy_packs: folders of the policies that judge a preview.

    Raises: RunFailedError if any stack failed; what does not depend on it is finished first.
    """
    stacks = project.stacks(name, list(waves), create=operation is not Operation.DESTROY)
    order = side_by_side(waves) if operation is Operation.PREVIEW else waves
    causes: dict[str, str] = {}
    sorter = TopologicalSorter(order)
    sorter.prepare()
    running: dict[Future[dict[str, int]], str] = {}
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        while sorter.is_active():
            for part in sorter.get_ready():
                given = _given(targets, kept, part)
                if operation is Operation.PREVIEW and policy_packs:
                    given["policy_packs"] = [*policy_packs]
                task = pool.submit(_operate, stacks.get(part), part, operation, listener, given)
                running[task] = part
            if not running:
                break
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                part = running.pop(done)
                error = done.exception()
                if error is None:
                    listener.finished(part, done.result())
                    sorter.done(part)
                else:
                    listener.failed(part)
                    causes[part] = cause(error)
                    if operation is Operation.PREVIEW:
                        sorter.done(part)
    if causes:
        command = go_on or f"mesh {operation.value} {name}"
        text = failure_text(name, list(order), causes, listener.begun, command)
        raise RunFailedError(text, causes)


def _given(
    targets: Mapping[str, Sequence[str]] | None,
    kept: Mapping[str, Sequence[str]] | None,
    part: str,
) -> dict[str, Any]:
    """Say which resources of a part an operation is about, as the Automation API calls it."""
    urns = {"target": (targets or {}).get(part), "exclude": (kept or {}).get(part)}
    return {key: [*value] for key, value in urns.items() if value}


def _operate(
    stack: Stack | None,
    part: str,
    operation: Operation,
    listener: Listener,
    options: Mapping[str, Any],
) -> dict[str, int]:
    """Run one operation on one stack; nothing to destroy is done at once."""
    listener.started(part)
    if stack is None:
        return {}
    tell = threading.Lock()
    changes: dict[Any, int] = {}

    def on_event(event: EngineEvent) -> None:
        with tell:
            listener.event(part, event)
            if event.summary_event is not None:
                changes.update(event.summary_event.resource_changes)

    given: dict[str, Any] = {**options, "on_event": on_event, "color": "never"}
    if operation is Operation.PREVIEW:
        stack.preview(**given)
    elif operation is Operation.UP:
        stack.up(**given)
    else:
        stack.destroy(**given)
    return _counted(changes)


def _counted(changes: Mapping[Any, int]) -> dict[str, int]:
    counts = {str(getattr(key, "value", key)): count for key, count in changes.items()}
    # A stack that is read for the first time is noted as read, and nothing of it is changed.
    unchanged = {"same", "read"}
    return {key: count for key, count in counts.items() if key not in unchanged and count}
