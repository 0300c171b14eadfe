"""Events of the engine, for the tests of the comment."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.automation.events import EngineEvent

STACK = "pulumi:pulumi:Stack"


def urn(type_: str, name: str) -> str:
    """Make the URN of a resource of a component."""
    return f"urn:pulumi:demo.west::linkmesh::linkmesh:index:Network${type_}::{name}"


def step(
    op: str,
    type_: str,
    name: str,
    *,
    diff: Mapping[str, str] | None = None,
    keys: Sequence[str] = (),
    custom: bool = True,
    values: Mapping[str, Any] | None = None,
) -> EngineEvent:
    """Return the event of a step; `diff` has a kind for each path."""
    state = {"type": type_, "urn": urn(type_, name), "custom": custom, "inputs": dict(values or {})}
    return EngineEvent.from_json(
        {
            "sequence": 1,
            "timestamp": 1,
            "resourcePreEvent": {
                "metadata": {
                    "op": op,
                    "urn": urn(type_, name),
                    "type": type_,
                    "provider": "",
                    "old": None if op == "create" else state,
                    "new": None if op == "delete" else state,
                    "keys": list(keys),
                    "diffs": list(diff or ()),
                    "detailedDiff": {
                        path: {"diffKind": kind} for path, kind in (diff or {}).items()
                    },
                }
            },
        }
    )


def stack(outputs: Mapping[str, Any] | None) -> EngineEvent:
    """Return the event of the stack, with its former outputs; None if it was never deployed."""
    name = "linkmesh-demo.west"
    event = step("same" if outputs is not None else "create", STACK, name, custom=False)
    assert event.resource_pre_event is not None
    if event.resource_pre_event.metadata.old is not None:
        event.resource_pre_event.metadata.old.outputs = outputs
    return event


def finished_stack(before: Mapping[str, Any], after: Mapping[str, Any]) -> EngineEvent:
    """Return the event of the stack after its program, with its outputs before and after."""
    state = {"type": STACK, "urn": urn(STACK, "linkmesh-demo.west"), "custom": False}
    metadata = {
        "op": "same",
        "urn": state["urn"],
        "type": STACK,
        "provider": "",
        "old": {**state, "outputs": dict(before)},
        "new": {**state, "outputs": dict(after)},
    }
    return EngineEvent.from_json(
        {"sequence": 1, "timestamp": 1, "resOutputsEvent": {"metadata": metadata}}
    )


def error(message: str, name: str = "") -> EngineEvent:
    """Return the event of an error."""
    return EngineEvent.from_json(
        {
            "sequence": 1,
            "timestamp": 1,
            "diagnosticEvent": {
                "message": message,
                "color": "never",
                "severity": "error",
                "urn": urn("aws:ec2/vpc:Vpc", name) if name else None,
            },
        }
    )


def policy(name: str, message: str, level: str = "advisory") -> EngineEvent:
    """Return the event of a policy violation."""
    return EngineEvent.from_json(
        {
            "sequence": 1,
            "timestamp": 1,
            "policyEvent": {
                "message": message,
                "color": "never",
                "policyName": name,
                "policyPackName": "linkmesh",
                "policyPackVersion": "1",
                "policyPackVersionTag": "1",
                "enforcementLevel": level,
                "resourceUrn": urn("aws:ec2/vpc:Vpc", "west-vpc"),
            },
        }
    )
