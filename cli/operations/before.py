"""What is deployed on the clusters of a description, from the records of stacks."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, ROUTES, kind_of
from linkmesh.stacks import snapshot

from .removal import Outputs

Descriptions = Mapping[str, Any]
"""The output `description` of stacks, by part; None of a stack that has none."""


def descriptions(plan: Plan, outputs: Outputs) -> Descriptions:
    """
    Select what was deployed from descriptions, as far as it can differ from what is described now.

    That is links, applications and routes, and which namespaces of existing clusters others made.
    """
    return {
        part: one.get("description")
        for part, one in outputs.items()
        if kind_of(part) in (LINKS, APPS, ROUTES) or part in plan.existing
    }


def planned_before(plan: Plan, known: Descriptions) -> Plan:
    """Return the plan of the links, exports and routes that are deployed on described clusters."""
    now = {each: snapshot.stack_record(plan, each) for each in plan.names}
    deployed = {part: one for part, one in known.items() if one is not None}
    return snapshot.deployed({**now, **deployed}).plan
