"""
Operations on all stacks of an environment, through Pulumi's Automation API.

Each stack runs the same program as `pulumi up` would, in processes of its own, so stacks can run
in parallel. However a run ends, the next one continues from the state of the stacks.
"""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Protocol

from pulumi.automation.events import EngineEvent

from ..errors import RunFailedError
from .failures import cause, failure_text
from .operation import Operation
from .project import Project
from .reads import Reads
from .waves import Waves, in_parallel
from .workspace import Stack


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

    def skipped(self, part: str) -> None:
        """A stack does not run, because nothing would change."""


class Skipping(Protocol):
    """Knows which stacks need no run, and receives the result of each run."""

    def is_unchanged(self, part: str) -> bool:
        """Return whether a run of a stack would change nothing, and say nothing."""

    def deployed(self, part: str) -> None:
        """A stack was deployed, as a whole."""

    def passed(self, part: str) -> None:
        """A stack was previewed: nothing would change, and no policy complained."""


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
    skipping: Skipping | None = None,
) -> None:
    """
    Run one operation on every stack, each as soon as those before it are done.

    Args:
        targets: URNs of the resources to change, by part; all resources of other parts.
        excluded: URNs of the resources not to change, by part.
        continue_with: the command that continues after a failure; by default the operation's own.
        policy_packs: folders of the policy packs that check a preview.
        skipping: which stacks need no run; all of them run without it.

    Raises: RunFailedError if any stack failed; what does not depend on it is finished first.
    """
    stacks = project.stacks(name, list(waves), create=operation is not Operation.DESTROY)
    order = in_parallel(waves) if operation is Operation.PREVIEW else waves
    causes: dict[str, str] = {}
    logs: dict[str, Path] = {}
    sorter = TopologicalSorter(order)
    sorter.prepare()
    running: dict[Future[dict[str, int] | None], str] = {}
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        while sorter.is_active():
            for part in sorter.get_ready():
                options = _resource_options(targets, excluded, part)
                if operation is Operation.PREVIEW and policy_packs:
                    options["policy_packs"] = [*policy_packs]
                # What runs in part is not known to be deployed, and what is destroyed is not.
                is_whole = not options.keys() & {"target", "exclude"}
                known = skipping if is_whole and operation is not Operation.DESTROY else None
                stack = stacks.get(part)
                arguments = (stack, part, operation, listener, options, known, project.reads)
                task = pool.submit(_operate, *arguments)
                running[task] = part
            if not running:
                break
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                part = running.pop(done)
                error = done.exception()
                if error is None:
                    changes = done.result()
                    if changes is None:
                        listener.skipped(part)
                    else:
                        listener.finished(part, changes)
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
    skipping: Skipping | None,
    reads: Reads,
) -> dict[str, int] | None:
    """
    Run one operation on one stack; a stack that does not exist has no changes.

    Returns: the number of changes by operation; None if the stack was skipped.
    """
    if stack is not None and skipping is not None and skipping.is_unchanged(part):
        return None
    listener.started(part)
    if stack is None:
        return {}
    if operation is not Operation.PREVIEW:
        reads.forget(stack.name)
    changes, has_findings = _run_engine(stack, part, operation, listener, options)
    if skipping is not None and operation is Operation.UP:
        skipping.deployed(part)
    elif skipping is not None and not changes and not has_findings:
        skipping.passed(part)
    return changes


def _run_engine(
    stack: Stack,
    part: str,
    operation: Operation,
    listener: Listener,
    options: Mapping[str, Any],
) -> tuple[dict[str, int], bool]:
    """Run the engine; return the changes by operation, and whether some policy complained."""
    lock = threading.Lock()
    changes: dict[Any, int] = {}
    findings: list[EngineEvent] = []

    def on_event(event: EngineEvent) -> None:
        with lock:
            listener.event(part, event)
            if event.summary_event is not None:
                changes.update(event.summary_event.resource_changes)
            if event.policy_event is not None:
                findings.append(event)

    arguments: dict[str, Any] = {**options, "on_event": on_event, "color": "never"}
    if operation is Operation.PREVIEW:
        stack.preview(**arguments)
    elif operation is Operation.UP:
        stack.up(**arguments)
    else:
        stack.destroy(**arguments)
    return _counted(changes), bool(findings)


def _counted(changes: Mapping[Any, int]) -> dict[str, int]:
    counts = {str(getattr(key, "value", key)): count for key, count in changes.items()}
    # A stack that is read for the first time counts as "read", which changes nothing.
    unchanged = {"same", "read"}
    return {key: count for key, count in counts.items() if key not in unchanged and count}
