"""
What a program's new inputs change in an object, path by path, and what of it means a replacement.

Compared are the live object as last seen, cut down to the fields the old inputs had, and the new
inputs; both normalized. So a refresh shows the drift of our own fields, and never what the server
added. Two spellings of one thing are no change: quantities ("1000m" is 1), and an empty member that
is absent on the other side.
Source: pulumi-kubernetes provider/pkg/provider/provider.go Diff, convertPatchToDiff
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from sandbox.plugins.framework import UNKNOWN, Change, Diff, join_path
from sandbox.plugins.kubernetes.immutable import Path, touches
from sandbox.plugins.kubernetes.kinds import is_built_in
from sandbox.plugins.kubernetes.manifests import (
    Object,
    is_autonamed,
    is_named,
    is_secret,
    name_of,
    namespace_of,
)
from sandbox.plugins.kubernetes.normalizing import normalized, pruned

# Members that hold quantities, by the name of the member or of the one above.
QUANTITIES = {
    "limits",
    "requests",
    "capacity",
    "allocatable",
    "hard",
    "overhead",
    "sizeLimit",
    "storage",
}

SUFFIXES = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", 1)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
}


def compare_objects(
    live: Object, old_inputs: Object, news: Object, *, namespaced: bool, immutable: Sequence[Path]
) -> Diff:
    """Compare a live object, as last seen, with new inputs."""
    base = pruned(live, normalized(old_inputs))
    wanted = normalized(news)
    base, wanted = _same_identity(base, live, wanted, namespaced=namespaced)
    built_in = is_built_in(str(news.get("apiVersion")))
    comparison = _Comparison(immutable=immutable, known_shape=built_in)
    comparison.compare((), base, wanted, normalized(old_inputs))
    named_again = (
        is_named(news)
        and not is_autonamed(news)
        and name_of(news) == name_of(live)
        and namespace_of(wanted) == namespace_of(live)
    )
    found = [_as_written(path, change, news) for path, change in comparison.changes]
    replaced = any(change.replace for change in found)
    return Diff(changes=found, delete_before_replace=replaced and named_again)


def compare_inputs(olds: Any, news: Any, immutable: Sequence[Path]) -> Diff:
    """Compare plain values, with nothing that the server may have rewritten."""
    comparison = _Comparison(immutable=immutable, known_shape=False)
    comparison.compare((), olds, news, olds)
    return Diff(changes=[change for _, change in comparison.changes])


def same_quantity(one: Any, other: Any) -> bool:
    """Tell whether two texts or numbers are the same quantity."""
    first, second = _quantity(one), _quantity(other)
    return first is not None and first == second


def _same_identity(
    base: Object, live: Object, wanted: Object, *, namespaced: bool
) -> tuple[Object, Object]:
    """Spell namespace and name alike on both sides."""
    results = []
    for side in (base, wanted):
        found = dict(side["metadata"]) if isinstance(side.get("metadata"), dict) else None
        if found is None:
            if side.get("metadata") is UNKNOWN:
                results.append(side)
                continue
            found = {}
        if namespaced:
            found["namespace"] = found.get("namespace") or "default"
        else:
            found.pop("namespace", None)
        results.append({**side, "metadata": found})
    if is_named(wanted):
        results[0]["metadata"]["name"] = name_of(live)
    return results[0], results[1]


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """What every step of one comparison needs."""

    immutable: Sequence[Path]
    known_shape: bool
    """Whether the server rewrites such objects in ways that we know."""
    changes: list[tuple[Path, Change]] = field(default_factory=list)

    def compare(self, path: Path, old: Any, new: Any, asked: Any) -> None:
        """Note what differs; `asked` is what the program asked for before."""
        if isinstance(old, dict) and isinstance(new, dict):
            for key in sorted({*old, *new}):
                before = asked.get(key) if isinstance(asked, dict) else None
                self.compare((*path, key), old.get(key), new.get(key), before)
        elif isinstance(old, list) and isinstance(new, list):
            for index in range(max(len(old), len(new))):
                before = _at(asked, index) if isinstance(asked, list) else None
                self.compare((*path, index), _at(old, index), _at(new, index), before)
        elif new is UNKNOWN or not self._same(path, old, new, asked):
            self._note(path, old, new)

    def _note(self, path: Path, old: Any, new: Any) -> None:
        kind: Literal["add", "update", "delete"] = "update"
        if old is None:
            kind = "add"
        elif new is None:
            kind = "delete"
        value = None if new is UNKNOWN else new
        replace = any(touches(rule, path, value) for rule in self.immutable)
        replace = replace or (kind == "delete" and path == ("metadata",))
        text = ""
        for step in path:
            text = join_path(text, step)
        self.changes.append((path, Change(path=text, kind=kind, replace=replace)))

    def _same(self, path: Path, old: Any, new: Any, asked: Any) -> bool:
        if isinstance(old, bool) == isinstance(new, bool) and old == new:
            return True
        if not self.known_shape:
            return False
        if old is None and new in ("", 0, [], {}) and asked == new:
            return True  # asked for before, and dropped by the server, which drops what is empty
        measured = any(step in QUANTITIES for step in path[-2:])
        return measured and same_quantity(old, new)


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _quantity(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    digits = text.rstrip("numkKMGTPEi")
    suffix = text[len(digits) :]
    try:
        return Decimal(digits) * SUFFIXES[suffix]
    except (InvalidOperation, KeyError):
        return None


def _as_written(path: Path, change: Change, news: Object) -> Change:
    """Name a Secret's key where the program wrote it: in stringData, if it did."""
    written = news.get("stringData")
    inside = len(path) == 2 and path[0] == "data" and is_secret(news)
    if not inside or not isinstance(written, dict) or path[1] not in written:
        return change
    return Change(path=join_path("stringData", path[1]), kind=change.kind, replace=change.replace)
