"""
A preview of all stacks, from the run to the report: listens, and puts together what was heard.

What is deployed is read from the events too: the engine shows a stack's outputs of before, secrets
masked, when it previews the stack. So nothing has to be read, or decrypted, a second time.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.automation.events import EngineEvent

from components.environment import Plan, impossible_changes
from stacks import snapshot

from ..runs.progress import Progress
from . import collect
from .render import Report


class Listening:
    """Tells a progress all that it hears, and keeps what the engine said."""

    def __init__(self, progress: Progress, parts: Iterable[str]) -> None:
        self.progress = progress
        self.events: dict[str, list[EngineEvent]] = {part: [] for part in parts}
        self._lock = threading.Lock()

    @property
    def begun(self) -> set[str]:
        """Parts that were started."""
        return set(self.progress.begun)

    def started(self, part: str) -> None:
        """A stack starts."""
        self.progress.started(part)

    def event(self, part: str, event: EngineEvent) -> None:
        """Keep what the engine tells of a stack."""
        with self._lock:
            self.events[part].append(event)
        self.progress.event(part, event)

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done."""
        self.progress.finished(part, changes)

    def failed(self, part: str) -> None:
        """A stack failed."""
        self.progress.failed(part)


def report(
    name: str,
    plan: Plan,
    events: Mapping[str, Iterable[EngineEvent]],
    causes: Mapping[str, str],
    forgotten: Mapping[str, Any],
    failure: str = "",
    doubts: tuple[str, ...] = (),
) -> Report:
    """
    Put together what a preview found out.

    Args:
        causes: why stacks failed, by part.
        forgotten: records of the stacks that are deployed and no longer described, by part.
        failure: why nothing could be previewed at all.
        doubts: what else a reviewer must know, a sentence each.
    """
    previews = tuple(
        collect.preview(part, heard, causes.get(part, "")) for part, heard in events.items()
    )
    records = {each.part: each.record for each in previews if each.exists}
    before = snapshot.deployed({**forgotten, **records})
    refused = impossible_changes(before.plan.environment, plan.environment)
    return Report(
        name=name,
        before=before,
        after=snapshot.described(plan),
        previews=previews,
        forgotten=tuple(sorted(forgotten)),
        failure=failure,
        doubts=(*(f"**`mesh up` will refuse this**: {each}" for each in refused), *doubts),
    )


def refusal(name: str, why: str) -> Report:
    """Report that a description was refused, so that nothing was previewed."""
    return Report(name=name, before=snapshot.deployed({}), after=None, failure=why)
