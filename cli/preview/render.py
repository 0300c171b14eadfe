"""
Writes the comment in Markdown: the topology first, then costs, stacks and findings; pure.

The same input gives the same bytes: nothing tells the time, everything is sorted. Values of
properties are not in the input, and texts of others have been through `redaction`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stacks.record import Snapshot

from ..diagram import mermaid
from ..plan.advice import advice
from ..plan.facts import Topic
from . import costs, stacks
from .collect import Action, StackPreview
from .difference import Change, Difference, differences, headline
from .fitting import Section, written
from .markdown import clipped, code, fenced, line, plain

# GitHub refuses comments of more than 65,536 characters.
LIMIT = 65_000

# More arrows than this are no picture.
ARROWS = 60


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a preview found out."""

    name: str
    """The environment's name."""

    before: Snapshot
    """What is deployed."""

    after: Snapshot | None
    """What is described; None if the description was refused."""

    previews: tuple[StackPreview, ...] = ()
    """What would be done to each stack, in the order of the parts."""

    forgotten: tuple[str, ...] = ()
    """Parts that are deployed and no longer described."""

    failure: str = ""
    """Why nothing could be previewed at all; empty if something could."""

    doubts: tuple[str, ...] = ()
    """What else a reviewer must know of the preview itself, a sentence each."""


def comment(report: Report, limit: int = LIMIT) -> str:
    """Write the comment, in fewer than `limit` characters."""
    found = _differences(report)
    sections = [
        _head(report, found),
        *_failures(report),
        *_doubts(report),
        *_topology(report, found),
        *_costs(report),
        *stacks.sections(report.name, report.previews),
        *_findings(report),
    ]
    return written(sections, limit)


def marker(name: str) -> str:
    """Make the line by which the comment of an environment is found again."""
    return f"<!-- linkmesh preview {name} -->"


def _differences(report: Report) -> list[Difference]:
    if report.after is None:
        return []
    found = differences(report.before, report.after)
    trust = [each for each in report.previews if each.part == "trust" and each.exists]
    certificates = [step for each in trust for step in each.steps if step.type.endswith("Cert")]
    anew = [
        Difference(
            topic=Topic.CERTIFICATE,
            change=Change.CHANGED,
            subject=step.name,
            before="as deployed",
            after="made anew",
        )
        for step in certificates
        if step.action in (Action.REPLACE, Action.UPDATE)
    ]
    return [*found, *anew]


def _head(report: Report, found: list[Difference]) -> Section:
    failed = [each.part for each in report.previews if each.errors]
    lines = [marker(report.name), f"## Preview of {code(report.name)}", ""]
    if report.failure:
        lines += ["**The preview failed: nothing below is complete.**", ""]
    elif failed:
        stacks = ", ".join(code(f"{report.name}.{part}") for part in failed[:10])
        lines += [f"**The preview of {len(failed)} stacks failed: {stacks}.**", ""]
    if report.after is not None:
        if not report.before.parts and not report.before.notes:
            lines += ["Nothing of this environment is deployed yet: all of it is new.", ""]
        lines += [f"**{headline(found)}** {_grave(report)}".rstrip(), ""]
    return Section(opening="\n".join(lines), most=4_000)


def _grave(report: Report) -> str:
    counts = {
        action: sum(step.action is action for each in report.previews for step in each.steps)
        for action in (Action.REPLACE, Action.DELETE)
    }
    told = [f"{count} to {action.value}" for action, count in counts.items() if count]
    return f"Resources: **{', '.join(told)}**." if told else ""


def _failures(report: Report) -> Iterator[Section]:
    if report.failure:
        yield Section(
            opening="\n### Why\n\n", items=(fenced(clipped(report.failure, 10_000)),), most=12_000
        )
    failed = [each for each in report.previews if each.errors]
    if failed:
        items = [
            f"{code(f'{report.name}.{each.part}')}\n\n"
            + fenced(clipped("\n".join(each.errors), max(300, 10_000 // len(failed))))
            for each in failed
        ]
        yield Section(opening="\n### Stacks that failed\n\n", items=tuple(items), most=12_000)


def _doubts(report: Report) -> Iterator[Section]:
    notes = [
        *(
            f"- Stack {code(f'{report.name}.{part}')} is deployed and no longer described. Remove "
            f"it: {code(f'pulumi destroy --stack {report.name}.{part}')}, with the description "
            "that still has it.\n"
            for part in report.forgotten
        ),
        *(f"- {note}\n" for note in (*report.before.notes, *report.doubts)),
    ]
    if notes:
        yield Section(opening="\n### To know\n\n", items=tuple(notes), most=5_000)


def _topology(report: Report, found: list[Difference]) -> Iterator[Section]:
    if report.after is None or not found:
        return
    lines = []
    for topic in Topic:
        of_topic = [each for each in found if each.topic is topic]
        if of_topic:
            lines.append(f"@@ {topic.value} @@\n")
            lines += [f"{each.change.value} {line(each.text)}\n" for each in of_topic]
    yield Section(
        opening="\n### Topology\n\n```diff\n", items=tuple(lines), closing="```\n", most=20_000
    )
    drawn = mermaid.of_change(report.before.environment, report.after.environment)
    arrows = {*report.before.environment.links, *report.after.environment.links}
    if len(arrows) <= ARROWS:
        yield Section(
            opening="\n```mermaid\n",
            items=tuple(f"{each}\n" for each in drawn),
            closing="```\n\nGreen is added, red removed, amber changed.\n",
            most=10_000,
            is_whole=True,
        )
    else:
        yield Section(
            opening=f"\nA picture of {len(arrows)} links could not be read: it is left out.\n",
            most=200,
        )


def _costs(report: Report) -> Iterator[Section]:
    if report.after is not None:
        yield costs.section(report.before.environment, report.after.environment)


def _findings(report: Report) -> Iterator[Section]:
    items = [
        f"- **{plain(found.level)}** {code(found.policy)}"
        + (f" on {code(found.resource)}" if found.resource else "")
        + f" ({code(f'{report.name}.{each.part}')}): {plain(found.message, 500)}\n"
        for level in ("mandatory", "")
        for each in report.previews
        for found in each.findings
        if (found.level == "mandatory") == bool(level)
    ]
    if report.after is not None:
        told = advice(report.name, report.after.environment)
        items += [f"- name: {plain(each, 500)}\n" for each in told]
    if items:
        yield Section(opening="\n### Findings\n\n", items=tuple(items), most=10_000)
