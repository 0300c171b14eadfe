"""Who owns which fields, and when conflicts are overruled."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.kubernetes.ownership import must_force, takeover

OURS = "pulumi-kubernetes-1234abcd"


def entry(manager: str, operation: str = "Update", **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"f:data": {f"f:{manager}": {}}}
    return {"manager": manager, "operation": operation, "fieldsV1": fields, **more}


def live(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"resourceVersion": "9", "managedFields": list(entries)}}


def test_the_fields_of_the_create_move_to_the_resources_manager() -> None:
    test, replace = takeover(live(entry("pulumi-kubernetes"), entry("controller")), OURS)

    assert test == {"op": "test", "path": "/metadata/resourceVersion", "value": "9"}
    assert [(one["manager"], one["operation"]) for one in replace["value"]] == [
        (OURS, "Apply"),
        ("controller", "Update"),
    ]


def test_taken_fields_are_joined_with_those_the_manager_has() -> None:
    _, replace = takeover(live(entry(OURS, "Apply"), entry("kubectl-edit")), OURS)

    assert replace["value"][0]["fieldsV1"] == {"f:data": {f"f:{OURS}": {}, "f:kubectl-edit": {}}}


@pytest.mark.parametrize(
    "kept",
    [
        entry("controller"),
        entry("helm"),
        entry("pulumi-kubernetes-ffff0000", "Apply"),
        entry("kubectl", subresource="scale"),
    ],
)
def test_nobody_elses_fields_are_taken(kept: dict[str, Any]) -> None:
    assert takeover(live(kept), OURS) == []


@pytest.mark.parametrize(
    ("found", "asked", "preview", "forced"),
    [
        (live(entry("x")), True, False, True),
        (live(entry("x")), False, False, False),
        (live(entry("pulumi-kubernetes")), False, True, True),
        (live(entry("pulumi-kubernetes")), False, False, False),
        (None, False, True, True),
        (live(), False, False, True),
    ],
    ids=["asked", "not asked", "preview of our create", "update", "preview of new", "no record"],
)
def test_conflicts_are_overruled(
    found: dict[str, Any] | None, asked: bool, preview: bool, forced: bool
) -> None:
    assert must_force(found, asked=asked, preview=preview) is forced
