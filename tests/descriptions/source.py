"""A description as a tree of calls, which is written as the file of an environment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

HEADER = """from datetime import timedelta

from linkmesh import *
from linkmesh.environment import *
"""


@dataclass
class Call:
    """A call of a class or function of the library."""

    name: str
    args: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)


@dataclass
class Code:
    """A piece of Python as it is written."""

    text: str


def written(value: Any) -> str:
    """Write a value as Python."""
    if isinstance(value, Call):
        named = [f"{name}={written(each)}" for name, each in value.named.items()]
        return f"{value.name}({', '.join([*map(written, value.args), *named])})"
    if isinstance(value, Code):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {written(each)}' for key, each in value.items())}}}"
    return repr(value)


def file_of(environment: Call) -> str:
    """Write the file of an environment."""
    return f"{HEADER}\nENVIRONMENT = {written(environment)}\n"


def calls(value: Any) -> Iterator[Call]:
    """Find every call in a tree, outer ones first."""
    if isinstance(value, Call):
        yield value
        for each in (*value.args, *value.named.values()):
            yield from calls(each)
    elif isinstance(value, list):
        for each in value:
            yield from calls(each)
