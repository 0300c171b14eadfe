"""
Collects the events of a preview, and makes the report from them.

What is deployed is read from the events too: when the engine previews a stack, it reports the
stack's former outputs, with masked secrets. So no outputs have to be read or decrypted again.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pulumi.automation.events import EngineEvent

from linkmesh.environment import Plan, impossible_changes
from linkmesh.stacks import snapshot

from ..runs.progress import Progress
from . import collect
from .render import Report

WILL_NOT_DEPLOY = "**`mesh up` will not deploy this**: {}"


class EventCollector:
    """A listener that stores all events, and passes everything on to a `Progress`."""

    def __init__(self, progress: Progress, parts: Iterable[str]) -> None:
        self.progress = progress
        self.events: dict[str, list[EngineEvent]] = {part: [] for part in parts}
        self.skipped_parts: set[str] = set()
        self._lock = threading.Lock()

    @property
    def begun(self) -> set[str]:
        """Parts that were started."""
        return set(self.progress.begun)

    def started(self, part: str) -> None:
        """A stack starts."""
        self.progress.started(part)

    def event(self, part: str, event: EngineEvent) -> None:
        """Store an event of a stack."""
        with self._lock:
            self.events[part].append(event)
        self.progress.event(part, event)

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done."""
        self.progress.finished(part, changes)

    def failed(self, part: str) -> None:
        """A stack failed."""
        self.progress.failed(part)

    def skipped(self, part: str) -> None:
        """A stack does not run, because nothing would change."""
        self.skipped_parts.add(part)
        self.progress.skipped(part)


def report(
    name: str,
    plan: Plan,
    events: Mapping[str, Iterable[EngineEvent]],
    causes: Mapping[str, str],
    undescribed: Mapping[str, Any],
    failure: str = "",
    notes: tuple[str, ...] = (),
    skipped: Collection[str] = (),
) -> Report:
    """
    Make the report of a preview.

    Args:
        causes: why stacks failed, by part.
        undescribed: outputs `description` of stacks that are no longer described, by part.
        failure: why no stack could be previewed.
        notes: notes about the preview itself, one sentence each.
        skipped: parts that did not run, because nothing that they are deployed from has changed.
    """
    previews = tuple(
        _unchanged(plan, part)
        if part in skipped
        else collect.preview(part, of_stack, causes.get(part, ""))
        for part, of_stack in events.items()
    )
    descriptions = {each.part: each.description for each in previews if each.exists}
    before = snapshot.deployed({**undescribed, **descriptions})
    problems = impossible_changes(before.plan.environment, plan.environment)
    return Report(
        name=name,
        before=before,
        after=snapshot.described(plan),
        previews=previews,
        undescribed=tuple(sorted(undescribed)),
        failure=failure,
        notes=(*map(WILL_NOT_DEPLOY.format, problems), *notes),
    )


def _unchanged(plan: Plan, part: str) -> collect.StackPreview:
    """Report a stack that was skipped: it is deployed from what is described now."""
    record = snapshot.stack_record(plan, part)
    return collect.StackPreview(part=part, description=record, exists=True, is_skipped=True)


def invalid(name: str, why: str) -> Report:
    """Report that a description is not valid, so that nothing was previewed."""
    return Report(name=name, before=snapshot.deployed({}), after=None, failure=why)
