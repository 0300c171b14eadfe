"""Resources as a rule sees them: a cluster on which none has anything to say, and changes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.rules import RULES, Resource


def resource(
    kind: str,
    props: Mapping[str, Any],
    *,
    stack: str = "dev.west",
    protected: bool = False,
    unknown: Sequence[str] = (),
) -> Resource:
    """Make a resource."""
    return Resource(
        type=kind,
        name="one",
        urn=f"urn:pulumi:{stack}::linkmesh::{kind}::one",
        props=props,
        protected=protected,
        unknown=frozenset(unknown),
    )


def without(value: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Copy properties without what is at a path."""
    key, _, rest = path.partition(".")
    if not rest:
        return {each: held for each, held in value.items() if each != key}
    return {**value, key: without(value[key], rest)}


def changed(value: Mapping[str, Any], path: str, new: Any) -> dict[str, Any]:
    """Copy properties with another value at a path."""
    key, _, rest = path.partition(".")
    return {**value, key: changed(value[key], rest, new) if rest else new}


def found(name: str, *resources: Resource) -> list[str]:
    """Return what one rule finds."""
    rule = next(rule for rule in RULES if rule.name == name)
    return [finding.message for finding in rule.check(resources)]


def broken(*resources: Resource) -> list[str]:
    """Name the rules that find something."""
    return [rule.name for rule in RULES if [*rule.check(resources)]]
