"""
How the topology of an environment would change: what differs between two lists of facts; pure.

A fact that has the same subject on both sides and another detail has changed; the others come and
go. What is lost is told first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from stacks.record import Snapshot

from ..plan.facts import Fact, Topic, facts


class Change(Enum):
    """What becomes of a fact, what is lost first; the value marks a line."""

    REMOVED = "-"
    CHANGED = "!"
    ADDED = "+"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One fact that would not stay as it is."""

    topic: Topic
    """What it is about."""

    change: Change
    """What becomes of it."""

    subject: str
    """The fact's subject."""

    before: str = ""
    """Its detail before; empty if it was not."""

    after: str = ""
    """Its detail afterwards; empty if it will not be."""

    @property
    def text(self) -> str:
        """The difference as one line, without its mark."""
        if self.change is Change.CHANGED:
            return f"{self.subject}: {', '.join(_pieces(self.before, self.after))}"
        return Fact(self.subject, self.before or self.after).text


def _pieces(before: str, after: str) -> list[str]:
    """Take from two details what differs, where they have as many pieces; else all of both."""
    old, new = before.split(", "), after.split(", ")
    if len(old) != len(new):
        return [f"{before} -> {after}"]
    return [f"{was} -> {will}" for was, will in zip(old, new, strict=True) if was != will]


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Compare two times: topic by topic, what is lost first."""
    old, new = facts(before), facts(after)
    return [each for topic in Topic for each in _compared(topic, old[topic], new[topic])]


def _compared(topic: Topic, before: list[Fact], after: list[Fact]) -> list[Difference]:
    old = {fact.subject: fact.detail for fact in before}
    new = {fact.subject: fact.detail for fact in after}
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
    """Say in a sentence how many calls become possible and impossible, links come and go."""
    counts: dict[tuple[Topic, Change], int] = {}
    total = 0
    for each in found:
        total += 1
        counts[each.topic, each.change] = counts.get((each.topic, each.change), 0) + 1
    if not total:
        return "The topology stays as it is deployed."
    said = [
        f"{counts[topic, change]} {word if counts[topic, change] == 1 else plural} {what}"
        for topic, word, plural in (
            (Topic.CALL, "call", "calls"),
            (Topic.LINK, "link", "links"),
            (Topic.CLUSTER, "cluster", "clusters"),
        )
        for change, what in _SAID[topic].items()
        if (topic, change) in counts
    ]
    rest = sum(count for (topic, _), count in counts.items() if topic not in _SAID)
    if rest:
        said.append(f"{rest} other {'difference' if rest == 1 else 'differences'}")
    return f"{'; '.join(said)}."


_SAID = {
    Topic.CALL: {
        Change.REMOVED: "no longer possible",
        Change.CHANGED: "under another name",
        Change.ADDED: "newly possible",
    },
    Topic.LINK: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
    Topic.CLUSTER: {Change.REMOVED: "removed", Change.CHANGED: "changed", Change.ADDED: "added"},
}
