"""Digests of values and files: equal if and only if what they are of is equal."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from pathlib import Path
from types import FunctionType
from typing import Any

_OURS = "linkmesh."


def of_value(value: Any) -> str:
    """
    Return the digest of plain values, collections, enumerations and dataclasses.

    A function of linkmesh is known by its place: its code has a digest of its own.

    Raises: TypeError if some part of it is anything else.
    """
    text = json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def of_files(paths: Iterable[Path]) -> str:
    """
    Return the digest of files: the names below each path, and what is in them.

    What is not there, or cannot be read, is part of it as well.
    """
    found = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            # Python writes its own copies of modules.
            if not file.is_dir() and "__pycache__" not in file.parts:
                found.update(f"{file}\0{_content(file)}\0".encode())
    return found.hexdigest()


def _content(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        return type(error).__name__


def _plain(value: Any) -> Any:
    """Say a value in JSON, with the type of what JSON has no type for."""
    if isinstance(value, Enum):
        return {"enum": f"{type(value).__qualname__}.{value.name}"}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)
        }
        return {"class": type(value).__qualname__, "fields": fields}
    if isinstance(value, Mapping):
        return {
            "map": sorted(([_plain(key), _plain(each)] for key, each in value.items()), key=str)
        }
    if isinstance(value, AbstractSet):
        return {"set": sorted((_plain(each) for each in value), key=str)}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_plain(each) for each in value]
    if isinstance(value, FunctionType) and _is_ours(value):
        line = value.__code__.co_firstlineno
        return {"function": f"{value.__module__}.{value.__qualname__}, line {line}"}
    raise TypeError(f"a value must be plain to have a digest (got {type(value).__name__}).")


def _is_ours(function: FunctionType) -> bool:
    """Return whether a function is code of linkmesh, and nothing but code."""
    return function.__module__.startswith(_OURS) and not function.__closure__
