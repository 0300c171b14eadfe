"""
What the engine would do to each stack, from its events.

Values of properties are never read, only their paths. The order of events differs from run to run,
so everything is sorted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pulumi.automation.events import EngineEvent

from ..redaction import redacted


class Action(Enum):
    """Actions on resources, most severe first; the value is their name in the comment."""

    REPLACE = "replace"
    DELETE = "delete"
    UPDATE = "update"
    IMPORT = "import"
    CREATE = "create"


# The engine has several steps for one replacement, and some that change nothing.
# Source: pulumi, pkg/resource/deploy/step.go
_ACTIONS = {
    "replace": Action.REPLACE,
    "create-replacement": Action.REPLACE,
    "delete-replaced": Action.REPLACE,
    "import-replacement": Action.REPLACE,
    "discard": Action.DELETE,
    "delete": Action.DELETE,
    "update": Action.UPDATE,
    "import": Action.IMPORT,
    "create": Action.CREATE,
}

_ORDER = list(Action)
STACK = "pulumi:pulumi:Stack"

# The only message of the engine if policies stop a preview.
_POLICIES_FAILED = "preview failed"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What would be done to one resource."""

    action: Action
    """The action."""

    type: str
    """Type token of the resource."""

    name: str
    """Its logical name."""

    urn: str
    """Its URN."""

    paths: tuple[str, ...] = ()
    """Paths of the properties that change."""

    causes: tuple[str, ...] = ()
    """Those paths that cause a replacement."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A policy violation."""

    level: str
    """`mandatory` or `advisory`."""

    policy: str
    """The policy's name."""

    resource: str
    """Logical name of the resource; empty if it is about the stack."""

    message: str
    """What is wrong, and the remedy."""


@dataclass(frozen=True, kw_only=True)
class StackPreview:
    """What would be done to one stack."""

    part: str
    """The part of the environment."""

    steps: tuple[Step, ...] = ()
    """What would be done, most severe actions first."""

    findings: tuple[Finding, ...] = ()
    """Policy violations."""

    errors: tuple[str, ...] = ()
    """Why it failed; empty if it did not fail."""

    description: Any = None
    """The stack output `description`: what it was deployed from; None if it has none."""

    exists: bool = False
    """Whether it was ever deployed."""

    is_skipped: bool = False
    """Whether it did not run, because nothing that it is deployed from has changed."""

    changed_outputs: tuple[str, ...] = ()
    """Names of its deployed outputs that would have another value, sorted; for other stacks."""


def preview(part: str, events: Iterable[EngineEvent], cause: str = "") -> StackPreview:
    """
    Read the events of one stack's preview.

    Args:
        cause: why the preview failed; used if no event contains an error.
    """
    read = list(events)
    metadata = [event.resource_pre_event.metadata for event in read if event.resource_pre_event]
    root = next((each.old for each in metadata if each.type == STACK and each.old), None)
    errors = sorted({text for event in read if (text := _error(event))})
    findings = _findings(read)
    broken = sorted({each.policy for each in findings if each.level == "mandatory"})
    if broken and cause and {*errors} <= {_POLICIES_FAILED}:
        errors = [f"mandatory policies are broken: {', '.join(broken)}"]
    return StackPreview(
        part=part,
        steps=tuple(_steps(metadata)),
        findings=tuple(findings),
        errors=tuple(errors or ([redacted(cause)] if cause else [])),
        description=(root.outputs or {}).get("description") if root else None,
        exists=bool(root and root.outputs),
        changed_outputs=tuple(sorted(_changed_outputs(read))),
    )


def _changed_outputs(events: Iterable[EngineEvent]) -> Iterator[str]:
    """
    Find deployed outputs of the stack that change, by the event after its program.

    A secret has no value in an event, so a change of one is not seen. Only the record of the
    description is for no other stack.
    """
    for event in events:
        metadata = event.res_outputs_event.metadata if event.res_outputs_event else None
        if metadata is None or metadata.type != STACK or not (metadata.old and metadata.new):
            continue
        before, after = metadata.old.outputs or {}, metadata.new.outputs or {}
        yield from (key for key in before if key != "description" and before[key] != after.get(key))


def _steps(metadata: Iterable[Any]) -> list[Step]:
    """Return one step for each resource that changes, without component resources."""
    by_urn: dict[str, Step] = {}
    for each in metadata:
        action = _ACTIONS.get(_word(each.op))
        state = each.new or each.old
        if action is None or each.type == STACK or not (state and state.custom):
            continue
        step = _step(action, each)
        known = by_urn.get(each.urn)
        by_urn[each.urn] = step if known is None else _joined(known, step)
    return sorted(
        by_urn.values(), key=lambda step: (_ORDER.index(step.action), step.type, step.urn)
    )


def _step(action: Action, metadata: Any) -> Step:
    detailed: Mapping[str, Any] = metadata.detailed_diff or {}
    paths = {*detailed} or {*(metadata.diffs or ())}
    causes = {path for path, diff in detailed.items() if "replace" in _word(diff.diff_kind)}
    if action is Action.REPLACE:
        causes |= {*(metadata.keys or ())}
    return Step(
        action=action,
        type=metadata.type,
        name=name_of(metadata.urn),
        urn=metadata.urn,
        paths=_shown(paths) if action in (Action.UPDATE, Action.REPLACE) else (),
        causes=_shown(causes),
    )


def _joined(one: Step, other: Step) -> Step:
    severe = min(one, other, key=lambda step: _ORDER.index(step.action))
    return Step(
        action=severe.action,
        type=severe.type,
        name=severe.name,
        urn=severe.urn,
        paths=_shown({*one.paths, *other.paths}),
        causes=_shown({*one.causes, *other.causes}),
    )


def _shown(paths: Iterable[str]) -> tuple[str, ...]:
    """Sort paths; those that start with two underscores are internal to the engine."""
    return tuple(sorted(redacted(path) for path in paths if not path.startswith("__")))


def _findings(events: Iterable[EngineEvent]) -> list[Finding]:
    found = {
        Finding(
            level=violation.enforcement_level,
            policy=violation.policy_name,
            resource=name_of(violation.resource_urn or ""),
            message=redacted(violation.message.strip()),
        )
        for event in events
        if (violation := event.policy_event)
    }
    return sorted(
        found,
        key=lambda each: (each.level != "mandatory", each.policy, each.resource, each.message),
    )


def _error(event: EngineEvent) -> str:
    diagnostic = event.diagnostic_event
    if diagnostic is None or diagnostic.severity != "error":
        return ""
    # Colors are marked "<{%reset%}>". Source: pulumi, sdk/go/common/diag/colors/colors.go
    message = redacted(_without_colors(diagnostic.message).strip())
    name = name_of(diagnostic.urn or "")
    return f"{name}: {message}" if name and message else message


def _without_colors(text: str) -> str:
    parts = text.split("<{%")
    return parts[0] + "".join(part.split("%}>", 1)[-1] for part in parts[1:])


def name_of(urn: str) -> str:
    """Take the logical name from a URN."""
    return urn.rsplit("::", 1)[-1]


def _word(value: Any) -> str:
    return str(getattr(value, "value", value))
