"""
Operations on all stacks of an environment, through Pulumi's Automation API.

Each stack runs the same program as `pulumi up` would, in processes of its own, so stacks can run
in parallel. However a run ends, the next one continues from the state of the stacks.
"""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from enum import Enum
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Protocol

from pulumi.automation.events import EngineEvent

from ..errors import RunFailedError
from .failures import cause, failure_text
from .project import Project
from .waves import Waves, in_parallel
from .workspace import Stack


class Operation(Enum):
    """What is done to each stack; the value is the command's name."""

    PREVIEW = "preview"
    UP = "up"
    DESTROY = "destroy"


class Listener(Protocol):
    """Receives the progress of the stacks."""

    @property
    def begun(self) -> set[str]:
        """Parts that were started."""

    def started(self, part: str) -> None:
        """A stack starts."""

    def event(self, part: str, event: EngineEvent) -> None:
        """The engine reports an event of a stack."""

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done; `changes` counts resources by operation."""

    def failed(self, part: str) -> None:
        """A stack failed."""


def run(
    project: Project,
    name: str,
    waves: Waves,
    operation: Operation,
    parallel: int,
    listener: Listener,
    *,
    targets: Mapping[str, Sequence[str]] | None = None,
    excluded: Mapping[str, Sequence[str]] | None = None,
    continue_with: str = "",
    policy_packs: Sequence[str] = (),
) -> None:
    """
    Run one operation on every stack, each as soon as those before it are done.

    Args:
        targets: URNs of the resources to change, by part; all resources of other parts.
        excluded: URNs of the resources not to change, by part.
        continue_with: the command that continues after a failure; by default the operation's own.
        policy_packs: folders of the policy packs that check a preview.

    Raises: RunFailedError if any stack failed; what does not depend on it is finished first.
    """
    stacks = project.stacks(name, list(waves), create=operation is not Operation.DESTROY)
    order = in_parallel(waves) if operation is Operation.PREVIEW else waves
    causes: dict[str, str] = {}
    logs: dict[str, Path] = {}
    sorter = TopologicalSorter(order)
    sorter.prepare()
    running: dict[Future[dict[str, int]], str] = {}
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        while sorter.is_active():
            for part in sorter.get_ready():
                options = _resource_options(targets, excluded, part)
                if operation is Operation.PREVIEW and policy_packs:
                    options["policy_packs"] = [*policy_packs]
                task = pool.submit(_operate, stacks.get(part), part, operation, listener, options)
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
                    logs[part] = project.store_log(f"{name}.{part}", error)
                    if operation is Operation.PREVIEW:
                        sorter.done(part)
    if causes:
        command = continue_with or f"mesh {operation.value} {name}"
        text = failure_text(name, list(order), causes, listener.begun, command, logs)
        raise RunFailedError(text, causes)


def _resource_options(
    targets: Mapping[str, Sequence[str]] | None,
    excluded: Mapping[str, Sequence[str]] | None,
    part: str,
) -> dict[str, Any]:
    """Return the options of the Automation API that select resources of a part."""
    urns = {"target": (targets or {}).get(part), "exclude": (excluded or {}).get(part)}
    return {key: [*value] for key, value in urns.items() if value}


def _operate(
    stack: Stack | None,
    part: str,
    operation: Operation,
    listener: Listener,
    options: Mapping[str, Any],
) -> dict[str, int]:
    """Run one operation on one stack; a stack that does not exist has no changes."""
    listener.started(part)
    if stack is None:
        return {}
    lock = threading.Lock()
    changes: dict[Any, int] = {}

    def on_event(event: EngineEvent) -> None:
        with lock:
            listener.event(part, event)
            if event.summary_event is not None:
                changes.update(event.summary_event.resource_changes)

    arguments: dict[str, Any] = {**options, "on_event": on_event, "color": "never"}
    if operation is Operation.PREVIEW:
        stack.preview(**arguments)
    elif operation is Operation.UP:
        stack.up(**arguments)
    else:
        stack.destroy(**arguments)
    return _counted(changes)


def _counted(changes: Mapping[Any, int]) -> dict[str, int]:
    counts = {str(getattr(key, "value", key)): count for key, count in changes.items()}
    # A stack that is read for the first time counts as "read", which changes nothing.
    unchanged = {"same", "read"}
    return {key: count for key, count in counts.items() if key not in unchanged and count}
