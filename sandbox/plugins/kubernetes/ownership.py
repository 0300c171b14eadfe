"""
Who owns which fields of an object, in the words of server-side apply.

A create is a plain POST under the fixed manager name `pulumi-kubernetes`, so that an existing
object is an error. The first update moves those fields to the resource's own manager; only then do
fields that the program no longer mentions vanish. `kubectl apply` is taken over likewise.
Source: pulumi-kubernetes provider/pkg/await/await.go fixCSAFieldManagers, patchForce
"""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

CREATOR = "pulumi-kubernetes"
"""The field manager of every create."""

CREATORS = (CREATOR, "pulumi-kubernetes.exe", "pulumi-resource-kubernetes")

# By the beginning of the manager's name: kubectl calls itself kubectl-edit, kubectl-patch and so
# on.
# Source: fluxcd/pkg ssa/patch.go matchFieldManager
TAKEN_OVER = (
    ("kubectl", "Apply"),
    ("kubectl", "Update"),
    ("before-first-apply", "Update"),
    *((name, "Update") for name in CREATORS),
)


def takeover(live: Object, manager: str) -> list[Object]:
    """Make the JSON patch that moves a creator's fields to `manager`; empty if none is."""
    entries = live["metadata"].get("managedFields") or []
    moved = [entry for entry in entries if _is_taken_over(entry, manager)]
    if not moved:
        return []
    own = [entry for entry in entries if _is_own(entry, manager)]
    fields: Object = {}
    for entry in (*own, *moved):
        _merge(fields, entry.get("fieldsV1") or {})
    newest = (own or moved)[0]
    joined = {**newest, "manager": manager, "operation": "Apply", "fieldsV1": fields}
    others = [entry for entry in entries if entry not in moved and entry not in own]
    return [
        # A change in between must not be undone by stale ownership.
        {
            "op": "test",
            "path": "/metadata/resourceVersion",
            "value": live["metadata"]["resourceVersion"],
        },
        {"op": "replace", "path": "/metadata/managedFields", "value": [joined, *others]},
    ]


def must_force(live: Object | None, *, asked: bool, preview: bool) -> bool:
    """Tell whether conflicts with other managers are overruled."""
    if asked:
        return True
    entries = (live or {}).get("metadata", {}).get("managedFields") or []
    if preview and (live is None or any(_is_creators(entry) for entry in entries)):
        return True  # the real update takes these over first; a preview changes nothing
    return live is not None and not entries


def without_managers(live: Object) -> Object:
    """Leave out the ownership records: long, and of no use to a program."""
    found = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    return {**live, "metadata": found}


def _is_taken_over(entry: Object, manager: str) -> bool:
    if entry.get("subresource") or _is_own(entry, manager):
        return False
    name, operation = entry.get("manager", ""), entry.get("operation")
    return any(name.startswith(start) and operation == kind for start, kind in TAKEN_OVER)


def _is_own(entry: Object, manager: str) -> bool:
    own = entry.get("manager") == manager and entry.get("operation") == "Apply"
    return own and not entry.get("subresource")


def _is_creators(entry: Object) -> bool:
    return entry.get("operation") == "Update" and entry.get("manager") in CREATORS


def _merge(into: Object, more: Object) -> None:
    for key, value in more.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value
