"""What the page is made from."""

from dataclasses import dataclass
from datetime import datetime

from linkmesh.environment import Plan

from ..status.evaluate import Report


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment that `mesh preview --markdown` wrote."""

    text: str
    """Its Markdown."""

    written: datetime
    """When its file was written."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """An environment at one time."""

    name: str
    """Its name."""

    plan: Plan
    """What is described."""

    at: datetime
    """When it was collected."""

    report: Report | None = None
    """Its health; None if no cluster was asked."""

    unread: str = ""
    """Why its health is not known, as a sentence; empty if it is, or was not asked for."""

    comment: Comment | None = None
    """The last preview; None if no file was named."""
