"""What is deployed on the clusters of a description, from the records of stacks."""

from collections.abc import Mapping
from typing import Any

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, ROUTES, kind_of
from linkmesh.stacks import snapshot

from .removal import Outputs

Descriptions = Mapping[str, Any]
"""The output `description` of stacks of links, applications and routes, by part."""


def descriptions(outputs: Outputs) -> Descriptions:
    """Select the descriptions that stacks of links, applications and routes were deployed from."""
    return {
        part: one.get("description")
        for part, one in outputs.items()
        if kind_of(part) in (LINKS, APPS, ROUTES)
    }


def planned_before(plan: Plan, known: Descriptions) -> Plan:
    """Return the plan of the links, exports and routes that are deployed on described clusters."""
    clusters = {each: snapshot.stack_record(plan, each) for each in plan.names}
    return snapshot.deployed({**known, **clusters}).plan
