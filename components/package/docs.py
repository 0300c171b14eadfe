"""
Names and descriptions of classes and fields, from those that Python users read.

A class keeps only its own docstring; the strings below its fields are read from its source. Names
and words of Python become those of other languages.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from functools import cache

# Parts of a class's docstring that are written for Python.
_PYTHON = re.compile(r"\n\s*Example:.*?(?=\n\s*\w+:|\Z)", re.DOTALL)
_SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_WORDS = {"None": "unset", "True": "true", "False": "false"}
_WORD = re.compile(r"(^|\. |\n)?\b(None|True|False)\b")

_OTHERS = frozenset({"builtins", "enum", "pulumi", "typing"})


def own_bases(cls: type) -> list[type]:
    """Return a class and its bases, the last first, without those of Python and Pulumi."""
    return [each for each in reversed(cls.__mro__) if _package(each) not in _OTHERS]


def _package(cls: type) -> str:
    return cls.__module__.partition(".")[0]


@cache
def field_docs(cls: type) -> Mapping[str, str]:
    """Read the string below each field of a class and of its bases, by the field's name."""
    found: dict[str, str] = {}
    for each in own_bases(cls):
        found |= _own_docs(each)
    return found


def _own_docs(cls: type) -> dict[str, str]:
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for statement, after in zip(definition.body, definition.body[1:], strict=False):
        name = _named(statement)
        if name and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[name] = inspect.cleandoc(str(after.value.value))
    return found


def _named(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign):
        target: ast.expr = statement.target
    elif isinstance(statement, ast.Assign):
        target = statement.targets[0]
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def class_doc(cls: type) -> str:
    """Return the docstring of a class without its example, which is in Python."""
    return _PYTHON.sub("", inspect.getdoc(cls) or "").strip()


def neutral(text: str, names: Mapping[str, str]) -> str:
    """
    Return a text that is written for Python in the words of other languages.

    Args:
        names: the name of each property in other languages, by its name in Python.
    """

    def word(found: re.Match[str]) -> str:
        before, neutral_word = found[1], _WORDS[found[2]]
        if before is None:
            return neutral_word
        return before + (neutral_word.capitalize() if found[2] == "None" else neutral_word)

    renamed = _SNAKE.sub(lambda found: names.get(found[0], found[0]), text)
    return _WORD.sub(word, renamed)


def camel_case(name: str) -> str:
    """Turn `trust_domain` into `trustDomain`."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake_case(name: str) -> str:
    """Turn `trustDomain` into `trust_domain`."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
