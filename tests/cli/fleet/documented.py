"""Holds a `Stack` against the documented fields, as strict field validation does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.data import OPERATOR_STACK

FIELDS: Mapping[str, Any] = yaml.safe_load(OPERATOR_STACK.read_text())

_TYPES: Mapping[str, type] = {"string": str, "boolean": bool, "integer": int}


def faults(value: Any, documented: Any = FIELDS, path: str = "spec") -> Iterator[str]:
    """List fields that are not documented or missing, and values of another type."""
    if isinstance(documented, Mapping):
        yield from _of_object(value, documented, path)
    elif isinstance(documented, list):
        for index, each in enumerate(value):
            yield from faults(each, documented[0], f"{path}[{index}]")
    elif documented == "quantity":
        if not re.fullmatch(r"\d+(m|Mi|Gi)?", str(value)):
            yield f"{path}: {value!r} is no quantity"
    elif documented in _TYPES:
        if type(value) is not _TYPES[documented]:
            yield f"{path}: {value!r} is no {documented}"
    elif value not in documented.split(" | "):
        yield f"{path}: {value!r} is none of {documented}"


def _of_object(value: Any, documented: Mapping[str, Any], path: str) -> Iterator[str]:
    fields = {key.removeprefix("+"): each for key, each in documented.items()}
    for key in documented:
        if key.startswith("+") and key.removeprefix("+") not in value:
            yield f"{path}.{key.removeprefix('+')}: missing"
    for key, each in value.items():
        if key in fields or "*" in fields:
            yield from faults(each, fields.get(key, fields.get("*")), f"{path}.{key}")
        else:
            yield f"{path}.{key}: unknown"
