"""
`mesh matrix`: the waves of an environment, for CI systems.

A CI system runs the stacks of one wave side by side, each on a machine of its own, and starts the
next wave once all of them are done.
"""

import json
from typing import Any

from linkmesh.environment import Plan

from ..runs.waves import levels
from ..terminal import Name, load_plan


def matrix(name: Name) -> None:
    """Print the waves of stacks as JSON, for CI systems. E.g.: mesh matrix prod"""
    print(json.dumps(document(name, load_plan(name))))


def document(name: str, plan: Plan) -> dict[str, Any]:
    """Return the JSON document, as docs/cli.md describes it."""
    return {
        "schema": 1,
        "environment": name,
        "waves": [
            {"parts": parts, "stacks": [f"{name}.{part}" for part in parts]}
            for parts in levels(plan)
        ],
    }
