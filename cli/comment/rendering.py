"""
Writes the comment in Markdown: the topology first, then costs, stacks and findings; pure.

The same input gives the same bytes: nothing tells the time, everything is sorted. Values of
properties are not in the input, and texts of others have been through `redaction`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from stacks import costs, prices
from stacks.record import Snapshot

from .. import picture
from ..advice import advice
from .collecting import Action, StackPreview
from .difference import Change, Difference, differences, headline
from .facts import Topic
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
        *_stacks(report),
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
    drawn = picture.of_change(report.before.environment, report.after.environment)
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
    if report.after is None:
        return
    before = costs.estimate(report.before.environment)
    after = costs.estimate(report.after.environment)
    old = {(each.of, each.what): each.monthly for each in before.lines}
    new = {(each.of, each.what): each.monthly for each in after.lines}
    rows = [
        f"| {code(of)} | {plain(what)} | {_usd(old, (of, what))} | {_usd(new, (of, what))} |\n"
        for of, what in sorted({*old, *new})
        if ((of, what) in old) != ((of, what) in new) or old[of, what] != new[of, what]
    ]
    least = "" if before.is_complete and after.is_complete else ", without what has no price"
    difference = after.total - before.total
    summary = (
        f"**{difference:+.2f} USD a month**: from {before.total:.2f} to {after.total:.2f}{least}"
        f" (list prices of {prices.READ_ON}, {after.traffic_gib:f} GiB a month on each link).\n"
    )
    opening = f"\n### Costs\n\n{summary}"
    if rows:
        opening += "\n| of | what | before | after |\n|---|---|--:|--:|\n"
    yield Section(opening=opening, items=tuple(rows), most=8_000)


def _usd(prices_of: dict[tuple[str, str], Decimal | None], key: tuple[str, str]) -> str:
    if key not in prices_of:
        return ""
    amount = prices_of[key]
    return "no price" if amount is None else f"{amount:.2f}"


_COLUMNS = (Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE, Action.IMPORT)


def _stacks(report: Report) -> Iterator[Section]:
    if not report.previews:
        return
    rows = [_row(report.name, each) for each in report.previews]
    yield Section(
        opening=(
            "\n### Stacks\n\n| stack | "
            + " | ".join(action.value for action in _COLUMNS)
            + " |\n|---|"
            + "--:|" * len(_COLUMNS)
            + "\n"
        ),
        items=tuple(rows),
        closing=_downstream(report),
        most=12_000,
    )
    changed = [each for each in report.previews if each.steps]
    for each in sorted(changed, key=lambda each: not _is_grave(each)):
        yield _details(report.name, each)


def _downstream(report: Report) -> str:
    """Say what a preview of one stack cannot know of another, where it matters."""
    grave = [code(f"{report.name}.{each.part}") for each in report.previews if _is_grave(each)]
    if not grave:
        return ""
    return (
        "\nEach stack is previewed with what the others export today. What is replaced in "
        f"{', '.join(grave[:10])} may change more in the stacks that read it than is shown.\n"
    )


def _row(name: str, each: StackPreview) -> str:
    counts = [sum(step.action is action for step in each.steps) for action in _COLUMNS]
    cells = [str(count or "") for count in counts]
    if each.errors:
        cells = ["failed", *cells[1:]]
    return f"| {code(f'{name}.{each.part}')} | {' | '.join(cells)} |\n"


def _is_grave(each: StackPreview) -> bool:
    return any(step.action in (Action.REPLACE, Action.DELETE) for step in each.steps)


def _details(name: str, each: StackPreview) -> Section:
    is_open = " open" if _is_grave(each) else ""
    rows = [
        f"| {_action(step.action)} | {code(step.name)} | {code(step.type)} | "
        f"{_paths(step.paths, step.causes)} |\n"
        for step in each.steps
    ]
    return Section(
        opening=(
            f"\n<details{is_open}><summary>{plain(f'{name}.{each.part}')}: {len(each.steps)} "
            f"{'resource' if len(each.steps) == 1 else 'resources'}</summary>\n\n"
            "| | resource | type | properties |\n|---|---|---|---|\n"
        ),
        items=tuple(rows),
        closing="\n</details>\n",
        most=9_000,
    )


def _action(action: Action) -> str:
    return f"**{action.value}**" if action in (Action.REPLACE, Action.DELETE) else action.value


# As many as a reviewer reads in a cell of a table.
PATHS = 8


def _paths(paths: tuple[str, ...], causes: tuple[str, ...]) -> str:
    """Name the properties, those first that make a replacement necessary."""
    others = [path for path in paths if path not in causes]
    told = [f"{code(path)} (replaces)" for path in causes] + [code(path) for path in others]
    more = f" and {len(told) - PATHS} more" if len(told) > PATHS else ""
    return ", ".join(told[:PATHS]) + more


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
