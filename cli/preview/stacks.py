"""The part of the comment that says what is done to each stack, resource by resource; pure."""

from collections.abc import Iterator, Sequence

from .collect import Action, StackPreview
from .fitting import Section
from .markdown import code, plain

# As many as a reviewer reads in a cell of a table.
PATHS = 8

_COLUMNS = (Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE, Action.IMPORT)


def sections(name: str, previews: Sequence[StackPreview]) -> Iterator[Section]:
    """Write how many resources change in each stack, then which, the gravest stacks first."""
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
    for each in sorted(changed, key=lambda each: not _is_grave(each)):
        yield _details(name, each)


def _downstream(name: str, previews: Sequence[StackPreview]) -> str:
    """Say what a preview of one stack cannot know of another, where it matters."""
    grave = [code(f"{name}.{each.part}") for each in previews if _is_grave(each)]
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


def _paths(paths: tuple[str, ...], causes: tuple[str, ...]) -> str:
    """Name the properties, those first that make a replacement necessary."""
    others = [path for path in paths if path not in causes]
    told = [f"{code(path)} (replaces)" for path in causes] + [code(path) for path in others]
    more = f" and {len(told) - PATHS} more" if len(told) > PATHS else ""
    return ", ".join(told[:PATHS]) + more
