"""
How the topology of an environment would change: the difference of two lists of statements.

A statement with the same subject but another detail has changed; all others are added or removed.
Removed statements come first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from linkmesh.stacks.snapshot import Snapshot

from ..plan.statements import Statement, Topic, statements


class Change(Enum):
    """How a statement changes, removals first; the value is the mark of its line."""

    REMOVED = "-"
    CHANGED = "!"
    ADDED = "+"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A statement that would change."""

    topic: Topic
    """What it is about."""

    change: Change
    """How it changes."""

    subject: str
    """The subject of the statement."""

    before: str = ""
    """Its detail before; empty if it is added."""

    after: str = ""
    """Its detail afterwards; empty if it is removed."""

    @property
    def text(self) -> str:
        """The difference as one line, without its mark."""
        if self.change is Change.CHANGED:
            return f"{self.subject}: {', '.join(_pieces(self.before, self.after))}"
        return Statement(self.subject, self.before or self.after).text


def _pieces(before: str, after: str) -> list[str]:
    """Return the items that differ, if both details have the same number of items; else all."""
    old, new = before.split(", "), after.split(", ")
    if len(old) != len(new):
        return [f"{before} -> {after}"]
    return [f"{was} -> {will}" for was, will in zip(old, new, strict=True) if was != will]


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Compare two snapshots, topic by topic, removals first."""
    old, new = statements(before), statements(after)
    return [each for topic in Topic for each in _compared(topic, old[topic], new[topic])]


def _compared(topic: Topic, before: list[Statement], after: list[Statement]) -> list[Difference]:
    old = {statement.subject: statement.detail for statement in before}
    new = {statement.subject: statement.detail for statement in after}
    found = [
        Difference(
            topic=topic,
            change=_change(subject, old, new),
            subject=subject,
            before=old.get(subject, ""),
            after=new.get(subject, ""),
        )
        for subject in sorted({*old, *new})
        if (subject in old) != (subject in new) or old.get(subject) != new.get(subject)
    ]
    order = list(Change)
    return sorted(found, key=lambda each: (order.index(each.change), each.subject))


def _change(subject: str, old: dict[str, str], new: dict[str, str]) -> Change:
    if subject not in new:
        return Change.REMOVED
    return Change.CHANGED if subject in old else Change.ADDED


def headline(found: Iterable[Difference]) -> str:
    """Return a sentence with the numbers of changed calls, links and clusters."""
    counts: dict[tuple[Topic, Change], int] = {}
    total = 0
    for each in found:
        total += 1
        counts[each.topic, each.change] = counts.get((each.topic, each.change), 0) + 1
    if not total:
        return "The topology stays as it is deployed."
    parts = [
        f"{counts[topic, change]} {word if counts[topic, change] == 1 else plural} {what}"
        for topic, word, plural in (
            (Topic.CALL, "call", "calls"),
            (Topic.LINK, "link", "links"),
            (Topic.CLUSTER, "cluster", "clusters"),
        )
        for change, what in _VERBS[topic].items()
        if (topic, change) in counts
    ]
    rest = sum(count for (topic, _), count in counts.items() if topic not in _VERBS)
    if rest:
        parts.append(f"{rest} other {'difference' if rest == 1 else 'differences'}")
    return f"{'; '.join(parts)}."


_VERBS = {
    Topic.CALL: {
        Change.REMOVED: "no longer possible",
        Change.CHANGED: "under another name",
        Change.ADDED: "newly possible",
    },
    Topic.LINK: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
    Topic.CLUSTER: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
}
