"""Collects what the page shows: the plan, the observed state, and a comment of `mesh preview`."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from linkmesh.environment import Plan

from ..machine_errors import explained
from ..redaction import redacted
from ..runs.project import Project
from ..status.collect import collect
from ..status.evaluate import evaluate
from .comment import read_comment
from .content import Content


def described_only(name: str, plan: Plan, preview: Path | None) -> Content:
    """
    Collect what needs no cluster.

    Raises: PreconditionError if the file of the preview is not about this environment.
    """
    comment = read_comment(name, preview) if preview else None
    return Content(name=name, plan=plan, at=datetime.now(UTC), comment=comment)


def observed(content: Content, folder: Path) -> Content:
    """
    Add the health of the environment, as `mesh status` reports it.

    Args:
        folder: the folder of the project.
    """
    seen = collect(content.name, content.plan, Project.open(folder))
    return replace(content, at=seen.at, report=evaluate(content.name, content.plan, seen))


def followed(content: Content, folder: Path) -> Content:
    """Add the health; if it cannot be read now, the reason, because the next time it may be."""
    try:
        return observed(content, folder)
    except Exception as error:
        why = redacted(explained(error) or f"{type(error).__name__}: {error}")
        return replace(content, unread=f"the state could not be read: {why}")
