"""
Exports that leave while a deployed route or alias leads to them.

`mesh up` deploys exports before routes, so that no route leads to a mirror that is still missing. A
mirror that is about to go must stay until the route leads elsewhere: its export is removed in a
second run of its stack. Plain `pulumi up` does not do that; for a moment calls fail.
"""

from collections.abc import Mapping, Sequence

from linkmesh.environment import ExportPlan, Plan
from linkmesh.environment.parts import APPS, part_of

from .before import Descriptions, planned_before

_COMPONENT = "linkmesh:index:ExportedService"

Leaving = Mapping[str, Sequence[ExportPlan]]
"""The exports that leave, by the part that has them."""


def leaving(plan: Plan, known: Descriptions) -> Leaving:
    """
    Return the exports that leave after the routes that lead to them.

    Not those of a cluster on which a tier leaves too: the engine cannot keep what depends on a
    resource that it deletes. Nor those of a stack with nothing left, which is destroyed after all
    others are deployed.
    """
    before = planned_before(plan, known)
    stay = {export.name for export in plan.exports}
    called, parts = _led_to(before), {*plan.app_parts}
    found: dict[str, list[ExportPlan]] = {}
    for export in before.exports:
        described = export.described
        part = part_of(APPS, described.of)
        is_called = (described.of, described.namespace, described.service) in called
        if part in parts and is_called and export.name not in stay:
            found.setdefault(part, []).append(export)
    losing = {part_of(APPS, cluster) for cluster in _losing_tiers(before, plan)}
    return {part: exports for part, exports in found.items() if part not in losing}


def urns(project: str, name: str, exports: Leaving) -> dict[str, list[str]]:
    """Return the URNs of the components and labels of exports, by part."""
    return {
        part: [
            f"urn:pulumi:{name}.{part}::{project}::{token}::{export.name}"
            for export in of_part
            for token in (_COMPONENT, f"{_COMPONENT}$kubernetes:core/v1:ServicePatch")
        ]
        for part, of_part in exports.items()
    }


def _led_to(plan: Plan) -> set[tuple[str, str, str]]:
    """Return cluster, namespace and name of the services that routes and aliases lead to."""
    return {
        (cluster, leading.described.namespace, leading.described.service)
        for leading in plan.leading
        for cluster in leading.answering
    }


def _losing_tiers(before: Plan, plan: Plan) -> set[str]:
    stay = {(tier.cluster, tier.name) for tier in plan.tiers}
    return {tier.cluster for tier in before.tiers if (tier.cluster, tier.name) not in stay}
