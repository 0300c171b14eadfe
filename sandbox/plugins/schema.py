"""
Which properties a type of resource takes, declared once: names, shapes, and what replaces it.

    Schema(
        required={"cidrBlock": str},
        optional={"tags": {"*": str}, "ingress": [Schema(required={"port": int})]},
        replace_on={"cidrBlock"},
        computed={"arn", "id"},
    )

A shape is a Python type, `object` for anything, IPv4Network for a CIDR block, a Text for a text of
some form, another Schema for an object, a list with one shape for a list, a dict with the key "*"
or a Text for a map, or a set of the allowed values. Unknown values have any shape. All problems are
reported together.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from sandbox.plugins.contract import Refused
from sandbox.plugins.diff import Diff, diff_inputs, join_path
from sandbox.plugins.values import DEFAULTS, UNKNOWN, Properties

Shape = Any
"""A shape as described above; a type for it would say less than the sentence does."""

Failure = tuple[str, str]

WORDS = {str: "a string", int: "an integer", bool: "a boolean"}


@dataclass(frozen=True)
class Text:
    """A text of some form."""

    form: str
    """A regular expression for all of it."""
    words: str
    """What a person calls it."""


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The properties of one type of resource, or of one nested object."""

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    replace_on: Collection[str] = ()
    """Paths that cannot be changed in place; see `diff_inputs`."""

    computed: Collection[str] = ()
    """Outputs that are unknown until the resource is made."""

    def check(self, news: Properties) -> Properties:
        """Refuse unknown, missing and misshapen properties; returns the rest without None."""
        failures: list[Failure] = []
        self._check("", news, failures)
        if failures:
            raise Refused.all(failures)
        return {key: value for key, value in news.items() if value is not None}

    def diff(self, old_inputs: Properties, news: Properties) -> Diff:
        """Compare inputs by `replace_on`."""
        return diff_inputs(old_inputs, news, replace_on=self.replace_on)

    def preview(self, news: Properties) -> Properties:
        """Make a preview's outputs: the inputs, and unknown for what is computed."""
        inputs = {key: value for key, value in news.items() if key != DEFAULTS}
        return {**dict.fromkeys(self.computed, UNKNOWN), **inputs}

    def _check(self, path: str, value: Mapping[str, Any], failures: list[Failure]) -> None:
        known = {**self.required, **self.optional}
        for key, each in value.items():
            where = join_path(path, key)
            if key == DEFAULTS and not path:
                continue
            if key not in known:
                failures.append((where, _unknown_property(where, known)))
            elif each is not None:
                _check_shape(where, each, known[key], failures)
        for key in self.required:
            if value.get(key) is None:
                where = join_path(path, key)
                failures.append((where, f"'{where}' must be set (it is not)"))


def _unknown_property(where: str, known: Collection[str]) -> str:
    return (
        f"'{where}' must be a property that the imitated provider knows (it does not). It would "
        f"have no effect. Known: {', '.join(sorted(known))}"
    )


def _check_shape(path: str, value: Any, shape: Shape, failures: list[Failure]) -> None:
    if value is UNKNOWN or shape is object:
        return
    if isinstance(shape, Schema):
        if _is(path, value, dict, "an object", failures):
            shape._check(path, value, failures)
    elif isinstance(shape, list):
        if _is(path, value, list, "a list", failures):
            for index, each in enumerate(value):
                _check_shape(join_path(path, index), each, shape[0], failures)
    elif isinstance(shape, dict):
        if _is(path, value, dict, "an object", failures):
            [(keys, values)] = shape.items()
            for key, each in value.items():
                _check_text(path, key, str if keys == "*" else keys, failures)
                _check_shape(join_path(path, key), each, values, failures)
    elif isinstance(shape, set | frozenset):
        if not any(type(each) is type(value) and each == value for each in shape):
            allowed = ", ".join(sorted(str(each) for each in shape))
            failures.append((path, f"'{path}' must be one of {allowed} (got {value!r})"))
    elif shape is IPv4Network or isinstance(shape, Text):
        if _is(path, value, str, "a string", failures):
            _check_text(path, value, shape, failures)
    else:
        _is(path, value, shape, WORDS[shape], failures)


def _check_text(path: str, value: str, shape: Shape, failures: list[Failure]) -> None:
    if isinstance(shape, Text):
        if not re.fullmatch(shape.form, value):
            failures.append((path, f"'{path}' must be {shape.words} (got {value!r})"))
    elif shape is IPv4Network:
        try:
            IPv4Network(value)
        except ValueError as error:
            failures.append((path, f"'{path}' must be an IPv4 CIDR block (got {value!r}: {error})"))


def _is(path: str, value: Any, kind: type, words: str, failures: list[Failure]) -> bool:
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not fits:
        # Only the type is told: the value may be a secret in the wrong place.
        failures.append((path, f"'{path}' must be {words} (got {type(value).__name__})"))
    return fits
