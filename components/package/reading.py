"""
Arguments of a component, read from what a program in another language gave.

All problems are collected, each with the path of its property as the program wrote it. Structure
must be known at once; only inputs may be outputs of other resources, known or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

import pulumi
from pulumi.output import Unknown

from ..arguments.text import listed, shown
from .shapes import (
    Anything,
    Choice,
    Days,
    Entries,
    Items,
    Property,
    Record,
    Scalar,
    Shape,
)

_NOUNS = {"string": "text", "integer": "a whole number", "boolean": "true or false"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one property."""

    path: str
    """Which property, as the program wrote it: `exports[0].mode`."""

    reason: str
    """The rule, the value and what to do."""


def read(
    properties: Sequence[Property],
    given: Mapping[str, Any],
    problems: list[Problem],
    path: str = "",
) -> dict[str, Any]:
    """
    Return the value of each property that was given, by its name in Python.

    Args:
        problems: gets every problem; what is returned beside one is incomplete.
        path: that of the record; empty for a component.
    """
    known = {each.name: each for each in properties}
    found: dict[str, Any] = {}
    for name in [name for name in given if name not in known]:
        near = get_close_matches(name, known, n=1)
        use = f"Use: {near[0]}" if near else f"Use one of {listed(known)}"
        problems.append(Problem(_below(path, name), f"is no property that there is. {use}"))
    for each in properties:
        value = given.get(each.name)
        if value is not None:
            found[each.field] = _value(each, value, problems, _below(path, each.name))
        elif each.is_required:
            problems.append(Problem(_below(path, each.name), "must be given (got none)"))
    return found


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _value(each: Property, value: object, problems: list[Problem], path: str) -> Any:
    if isinstance(each.shape, Record) and each.shape.takes_inputs:
        return _record_of_inputs(each.shape, value, problems, path)
    if each.is_input:
        return _input(each, value, problems, path)
    return _plain(each.shape, value, problems, path)


def _is_open(value: object) -> bool:
    """Return whether a value is that of another resource, or secret."""
    return isinstance(value, pulumi.Output | Unknown)


def _input(each: Property, value: Any, problems: list[Problem], path: str) -> Any:
    """Take a value as it is; numbers come as floats."""
    if _is_open(value):
        return pulumi.Output.from_input(value).apply(lambda known: _number(each.shape, known))
    if isinstance(value, list):
        return [_input_item(each, item, problems, f"{path}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            key: _input_item(each, item, problems, f"{path}.{key}") for key, item in value.items()
        }
    if each.is_secret and not isinstance(value, str):
        problems.append(Problem(path, "must be text (got a secret of another type)"))
        return None
    return _plain(each.shape, value, problems, path)


def _input_item(each: Property, item: Any, problems: list[Problem], path: str) -> Any:
    assert isinstance(each.shape, Items | Entries)
    if _is_open(item):
        return pulumi.Output.from_input(item)
    return _plain(each.shape.of, item, problems, path)


def _number(shape: Shape, value: Any) -> Any:
    return int(value) if shape == Scalar("integer") and value is not None else value


def _record_of_inputs(shape: Record, value: Any, problems: list[Problem], path: str) -> Any:
    """Make a record, each of whose fields may come from the output that the whole record is."""
    if not _is_open(value):
        return _record(shape, value, problems, path)
    whole: pulumi.Output[Mapping[str, Any]] = pulumi.Output.from_input(value)
    return shape.made(**{each.field: _part(whole, each) for each in shape.properties})


def _part(whole: pulumi.Output[Mapping[str, Any]], each: Property) -> pulumi.Output[Any]:
    def part(known: Mapping[str, Any] | None) -> Any:
        found = (known or {}).get(each.name)
        return each.default if found is None else _number(each.shape, found)

    return whole.apply(part)


def _plain(shape: Shape, value: object, problems: list[Problem], path: str) -> Any:
    if _is_open(value):
        reason = (
            "must be known before anything is made (got an output of a resource, or a secret). "
            "What exists follows from it. Use: a value of the program itself"
        )
        problems.append(Problem(path, reason))
        return None
    if isinstance(shape, Record):
        return _record(shape, value, problems, path)
    if isinstance(shape, Items):
        return _items(shape, value, problems, path)
    if isinstance(shape, Entries):
        return _entries(shape, value, problems, path)
    if isinstance(shape, Choice):
        return _choice(shape, value, problems, path)
    if isinstance(shape, Anything):
        return value
    number = _scalar(shape, value, problems, path)
    return timedelta(days=number) if isinstance(shape, Days) and number is not None else number


def _scalar(shape: Scalar | Days, value: Any, problems: list[Problem], path: str) -> Any:
    wanted = "integer" if isinstance(shape, Days) else shape.type
    if isinstance(value, float) and value.is_integer() and wanted == "integer":
        return int(value)
    kinds = {str: "string", bool: "boolean", int: "integer"}
    if kinds.get(type(value)) == wanted:
        return value
    problems.append(Problem(path, f"must be {_NOUNS[wanted]} (got {shown(value)})"))
    return None


def _choice(shape: Choice, value: Any, problems: list[Problem], path: str) -> Any:
    members = shape.values
    if isinstance(value, str) and value in members:
        return members[value]
    names = {member.name: text for text, member in members.items()}
    near = get_close_matches(str(value), [*members, *names], n=1)
    use = f". Use: {names.get(near[0], near[0])!r}" if near else ""
    offered = listed(map(repr, members))
    problems.append(Problem(path, f"must be {offered} (got {shown(value)}){use}"))
    return None


def _items(shape: Items, value: Any, problems: list[Problem], path: str) -> Any:
    if not isinstance(value, list):
        problems.append(Problem(path, f"must be a list (got {shown(value)})"))
        return ()
    return tuple(_plain(shape.of, item, problems, f"{path}[{n}]") for n, item in enumerate(value))


def _entries(shape: Entries, value: Any, problems: list[Problem], path: str) -> Any:
    if not isinstance(value, dict):
        problems.append(Problem(path, f"must be a map (got {shown(value)})"))
        return {}
    return {key: _plain(shape.of, item, problems, f"{path}.{key}") for key, item in value.items()}


def _record(shape: Record, value: Any, problems: list[Problem], path: str) -> Any:
    """Make an object of a class, whose own rules are problems of the record."""
    if not isinstance(value, dict):
        problems.append(Problem(path, f"must be an object (got {shown(value)})"))
        return None
    found: list[Problem] = []
    fields = read(shape.properties, value, found, path)
    problems += found
    if found:
        return None
    try:
        return shape.made(**fields)
    except ValueError as error:
        problems += of_error(error, path)
        return None


def of_error(error: Exception, path: str = "") -> list[Problem]:
    """Return a problem for each line of an error."""
    return [Problem(path, line) for line in str(error).splitlines()]
