"""The section of the comment about each stack, resource by resource."""

from collections.abc import Iterator, Sequence

from .collect import Action, StackPreview
from .fitting import Section
from .markdown import code, plain

# Number of paths shown in a table cell.
PATHS = 8

_COLUMNS = (Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE, Action.IMPORT)


def sections(name: str, previews: Sequence[StackPreview]) -> Iterator[Section]:
    """Write how many resources change in each stack, then which, severe changes first."""
    if not previews:
        return
    rows = [_row(name, each) for each in previews]
    yield Section(
        opening=(
            "\n### Stacks\n\n| stack | "
            + " | ".join(action.value for action in _COLUMNS)
            + " |\n|---|"
            + "--:|" * len(_COLUMNS)
            + "\n"
        ),
        items=tuple(rows),
        closing=_downstream(name, previews),
        most=12_000,
    )
    changed = [each for each in previews if each.steps]
    for each in sorted(changed, key=lambda each: not _is_severe(each)):
        yield _details(name, each)


def _downstream(name: str, previews: Sequence[StackPreview]) -> str:
    """Return a note if stacks that read outputs of others may change more than is shown."""
    severe = [code(f"{name}.{each.part}") for each in previews if _is_severe(each)]
    outputs = [
        f"{code(f'{name}.{each.part}')} ({', '.join(map(code, each.changed_outputs))})"
        for each in previews
        if each.changed_outputs
    ]
    causes = [
        *([f"replacements in {', '.join(severe[:10])}"] if severe else []),
        *([f"changed outputs of {', '.join(outputs[:10])}"] if outputs else []),
    ]
    if not causes:
        return ""
    return (
        "\nEach stack is previewed with the current outputs of the others, so "
        f"{' and '.join(causes)} may cause more changes in the stacks that depend on them than "
        "shown here.\n"
    )


def _row(name: str, each: StackPreview) -> str:
    counts = [sum(step.action is action for step in each.steps) for action in _COLUMNS]
    cells = [str(count or "") for count in counts]
    if each.errors:
        cells = ["failed", *cells[1:]]
    if each.is_skipped:
        cells = ["unchanged, skipped", *cells[1:]]
    return f"| {code(f'{name}.{each.part}')} | {' | '.join(cells)} |\n"


def _is_severe(each: StackPreview) -> bool:
    return any(step.action in (Action.REPLACE, Action.DELETE) for step in each.steps)


def _details(name: str, each: StackPreview) -> Section:
    is_open = " open" if _is_severe(each) else ""
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


def _paths(paths: tuple[str, ...], causes: tuple[str, ...]) -> str:
    """List the properties; those that cause a replacement come first."""
    others = [path for path in paths if path not in causes]
    shown = [f"{code(path)} (replaces)" for path in causes] + [code(path) for path in others]
    more = f" and {len(shown) - PATHS} more" if len(shown) > PATHS else ""
    return ", ".join(shown[:PATHS]) + more
