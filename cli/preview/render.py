"""
Writes the comment in Markdown: the topology first, then costs, stacks and findings.

The same input gives the same bytes: there is no time, and everything is sorted. The input contains
no values of properties, and messages of other programs are redacted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from linkmesh.environment.parts import CLUSTER, cluster_of, kind_of
from linkmesh.stacks.snapshot import Snapshot

from ..diagram import mermaid
from ..plan.advice import advice
from ..plan.statements import Topic
from . import costs, stacks
from .collect import Action, StackPreview
from .difference import Change, Difference, differences, headline
from .fitting import Section, render_sections
from .markdown import clipped, code, fenced, line, plain

# GitHub rejects comments of more than 65,536 characters.
LIMIT = 65_000

# A picture with more arrows cannot be read.
ARROWS = 60


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of a preview."""

    name: str
    """The environment's name."""

    before: Snapshot
    """What is deployed."""

    after: Snapshot | None
    """What is described; None if the description is not valid."""

    previews: tuple[StackPreview, ...] = ()
    """Preview of each stack, in the order of the parts."""

    undescribed: tuple[str, ...] = ()
    """Parts that are deployed and no longer described."""

    failure: str = ""
    """Why no stack could be previewed; empty if some could."""

    notes: tuple[str, ...] = ()
    """Notes about the preview itself, one sentence each."""


def comment(report: Report, limit: int = LIMIT) -> str:
    """Write the comment, in fewer than `limit` characters."""
    found = _differences(report)
    sections = [
        _head(report, found),
        *_failures(report),
        *_notes(report),
        *_topology(report, found),
        *_costs(report),
        *stacks.sections(report.name, report.previews),
        *_findings(report),
    ]
    return render_sections(sections, limit)


def marker(name: str) -> str:
    """Return the line that identifies the comment of an environment."""
    return f"<!-- linkmesh preview {name} -->"


def _differences(report: Report) -> list[Difference]:
    if report.after is None:
        return []
    found = differences(report.before, report.after)
    trust = [each for each in report.previews if each.part == "trust" and each.exists]
    certificates = [step for each in trust for step in each.steps if step.type.endswith("Cert")]
    renewed = [
        Difference(
            topic=Topic.CERTIFICATE,
            change=Change.CHANGED,
            subject=step.name,
            before="as deployed",
            after="renewed",
        )
        for step in certificates
        if step.action in (Action.REPLACE, Action.UPDATE)
    ]
    return [*found, *renewed]


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
        lines += [f"**{headline(found)}** {_severe(report)}".rstrip(), ""]
    return Section(opening="\n".join(lines), most=4_000)


def _severe(report: Report) -> str:
    counts = {
        action: sum(step.action is action for each in report.previews for step in each.steps)
        for action in (Action.REPLACE, Action.DELETE)
    }
    parts = [f"{count} to {action.value}" for action, count in counts.items() if count]
    return f"Resources: **{', '.join(parts)}**." if parts else ""


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


def _notes(report: Report) -> Iterator[Section]:
    notes = [
        *(_undescribed(report.name, part) for part in report.undescribed),
        *(f"- {note}\n" for note in (*report.before.notes, *report.notes)),
    ]
    if notes:
        yield Section(opening="\n### Notes\n\n", items=tuple(notes), most=5_000)


def _undescribed(name: str, part: str) -> str:
    stack = code(f"{name}.{part}")
    if not cluster_of(part):
        return f"- Stack {stack} is of an older version: `mesh up` shows how to replace it.\n"
    if kind_of(part) != CLUSTER:
        return f"- Stack {stack} has nothing left to deploy: `mesh up` destroys it.\n"
    return (
        f"- Stack {stack} is deployed and no longer described. `mesh up` stops as long as it "
        f"exists. To destroy it: {code(f'mesh up {name} --prune')}.\n"
    )


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
    drawn = mermaid.of_change(report.before.plan, report.after.plan)
    arrows = {*map(str, report.before.plan.links), *map(str, report.after.plan.links)}
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
            opening=f"\nA picture of {len(arrows)} links would not be readable and is left out.\n",
            most=200,
        )


def _costs(report: Report) -> Iterator[Section]:
    if report.after is not None:
        yield costs.section(report.before.plan, report.after.plan)


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
        found = advice(report.name, report.after.plan)
        items += [f"- to check: {plain(each, 500)}\n" for each in found]
    if items:
        yield Section(opening="\n### Findings\n\n", items=tuple(items), most=10_000)
