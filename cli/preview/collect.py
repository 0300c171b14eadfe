"""
What the engine would do to each stack, from its events; pure.

Values of properties are never kept: only their paths are. Events of one stack come in an order that
differs from run to run, so everything is sorted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pulumi.automation.events import EngineEvent

from ..redaction import redacted


class Action(Enum):
    """What is done to a resource, the gravest first; the value is the word for it."""

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

# All that the engine says of a preview that only policies stop.
_POLICIES_FAILED = "preview failed"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What would be done to one resource."""

    action: Action
    """What is done."""

    type: str
    """Type token of the resource."""

    name: str
    """Its logical name."""

    urn: str
    """Its URN."""

    paths: tuple[str, ...] = ()
    """Paths of the properties that change."""

    causes: tuple[str, ...] = ()
    """Those of them for which it must be replaced."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a policy has to say."""

    level: str
    """`mandatory` or `advisory`."""

    policy: str
    """The policy's name."""

    resource: str
    """Logical name of the resource; empty if it is about the stack."""

    message: str
    """What is wrong, and the way out."""


@dataclass(frozen=True, kw_only=True)
class StackPreview:
    """What would be done to one stack."""

    part: str
    """The part of the environment."""

    steps: tuple[Step, ...] = ()
    """What would be done, the gravest first."""

    findings: tuple[Finding, ...] = ()
    """What the policies say."""

    errors: tuple[str, ...] = ()
    """Why it failed; empty if it did not."""

    share: Any = None
    """What of the description it was deployed from: its output `description`, if it has one."""

    exists: bool = False
    """Whether it was ever deployed."""


def preview(part: str, events: Iterable[EngineEvent], cause: str = "") -> StackPreview:
    """
    Read the events of one stack's preview.

    Args:
        cause: why the preview failed, if it did and no event says it.
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
        share=(root.outputs or {}).get("description") if root else None,
        exists=bool(root and root.outputs),
    )


def _steps(metadata: Iterable[Any]) -> list[Step]:
    """Make one step of each resource that changes; components are only folders, and left out."""
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
    grave = min(one, other, key=lambda step: _ORDER.index(step.action))
    return Step(
        action=grave.action,
        type=grave.type,
        name=grave.name,
        urn=grave.urn,
        paths=_shown({*one.paths, *other.paths}),
        causes=_shown({*one.causes, *other.causes}),
    )


def _shown(paths: Iterable[str]) -> tuple[str, ...]:
    """Sort paths; those that start with two underscores are the engine's own."""
    return tuple(sorted(redacted(path) for path in paths if not path.startswith("__")))


def _findings(events: Iterable[EngineEvent]) -> list[Finding]:
    found = {
        Finding(
            level=told.enforcement_level,
            policy=told.policy_name,
            resource=name_of(told.resource_urn or ""),
            message=redacted(told.message.strip()),
        )
        for event in events
        if (told := event.policy_event)
    }
    return sorted(
        found,
        key=lambda each: (each.level != "mandatory", each.policy, each.resource, each.message),
    )


def _error(event: EngineEvent) -> str:
    told = event.diagnostic_event
    if told is None or told.severity != "error":
        return ""
    # Colours are marked "<{%reset%}>". Source: pulumi, sdk/go/common/diag/colors/colors.go
    message = redacted(_without_colours(told.message).strip())
    name = name_of(told.urn or "")
    return f"{name}: {message}" if name and message else message


def _without_colours(text: str) -> str:
    parts = text.split("<{%")
    return parts[0] + "".join(part.split("%}>", 1)[-1] for part in parts[1:])


def name_of(urn: str) -> str:
    """Take the logical name from a URN."""
    return urn.rsplit("::", 1)[-1]


def _word(value: Any) -> str:
    return str(getattr(value, "value", value))
