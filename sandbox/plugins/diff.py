"""
What changed between two sets of inputs, path by path, in Pulumi's grammar of property paths.

`spec.ports[0].port`, and `metadata.annotations["linkerd.io/inject"]` for keys that are no plain
words. An unknown new value counts as a change: nobody can say that it is not one. A property that
is None counts as absent.
Source: pulumi/pulumi, sdk/go/common/resource/property_path.go
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.plugins.values import DEFAULTS, UNKNOWN

Kind = Literal["add", "update", "delete"]

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


@dataclass(frozen=True)
class Change:
    """One property path whose value differs."""

    path: str
    kind: Kind
    replace: bool = False
    """Whether this change cannot be made in place."""


@dataclass(frozen=True)
class Diff:
    """What has to change. No changes means nothing has to be done."""

    changes: list[Change] = field(default_factory=list)
    delete_before_replace: bool = False
    """Whether old and new cannot exist side by side, for example since they share a name."""

    def __bool__(self) -> bool:
        return bool(self.changes)


def diff_inputs(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    replace_on: Collection[str] = (),
) -> Diff:
    """
    Compare inputs.

    `replace_on` holds paths that cannot be changed in place, with everything below them; "*" stands
    for every property.
    """
    changes: list[Change] = []
    _compare("", _without_marks(old), _without_marks(new), changes)
    return Diff(
        [Change(each.path, each.kind, replace=is_below(each.path, replace_on)) for each in changes]
    )


def is_below(path: str, beginnings: Iterable[str]) -> bool:
    """Tell whether a path is one of some others, or below one; "*" is above every path."""
    return any(
        each in ("*", path) or path.startswith((f"{each}.", f"{each}[")) for each in beginnings
    )


def join_path(path: str, key: str | int) -> str:
    """Append a key or an index to a path."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not _PLAIN_KEY.fullmatch(key):
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{key}" if path else key


def _without_marks(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != DEFAULTS}


def _compare(path: str, old: Any, new: Any, changes: list[Change]) -> None:
    if new is UNKNOWN:
        changes.append(Change(path, "add" if old is None else "update"))
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            _compare(join_path(path, key), old.get(key), new.get(key), changes)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            _compare(join_path(path, index), _at(old, index), _at(new, index), changes)
    elif old is None and new is not None:
        changes.append(Change(path, "add"))
    elif new is None and old is not None:
        changes.append(Change(path, "delete"))
    elif not _equal(old, new):
        changes.append(Change(path, "update"))


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _equal(old: Any, new: Any) -> bool:
    # For Python True == 1, for Pulumi a bool is not a number.
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)
