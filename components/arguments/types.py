"""Values compared with the type that an argument is annotated with."""

from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from .text import listed, own_name, shown, source, with_article

# More than anything here is counted to, and fewer than Python refuses to read.
_DIGITS = 20

# More than any list has; iterables may be endless.
MOST_ITEMS = 100_000

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Mismatch:
    """A value that is not of the type of its argument."""

    path: str
    """Where in the argument it is: empty, or e.g. `[0]`."""

    rule: str
    """What it must be, after `must be`."""

    got: str
    """What it is."""

    use: str = ""
    """The value that is probably meant, as it is written; empty if that is not known."""


def read(hint: Any, value: object, found: list[Mismatch], path: str = "") -> Any:
    """
    Compare a value with a type, and return it as it is stored: sequences as tuples, enums as such.

    Args:
        found: gets every mismatch.
    """
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _union(get_args(hint), value, found, path)
    if origin is tuple and get_args(hint)[-1] is not Ellipsis:
        return _pair(get_args(hint), value, found, path)
    if origin in (Sequence, tuple):
        return _sequence(get_args(hint)[0], value, found, path)
    if origin is Mapping:
        return _mapping(get_args(hint), value, found, path)
    if origin is Collection:
        return _collection(get_args(hint)[0], value, found, path)
    if hint is Any:
        return value
    if origin is not None:
        hint = origin
    if not isinstance(hint, type):
        raise TypeError(f"no rule for arguments of type {hint}")
    if getattr(hint, "_is_protocol", False):
        return _protocol(hint, value, found, path)
    if issubclass(hint, Enum):
        return _enum(hint, value, found, path)
    if isinstance(value, hint) and not (hint is int and _is_no_number(value)):
        return value
    found.append(Mismatch(path, _noun(hint), shown(value), _meant(hint, value)))
    return value


def _protocol(hint: type, value: object, found: list[Mismatch], path: str) -> object:
    """Take any object that is no plain value; what it lacks, the type checker finds."""
    is_plain = value is None or isinstance(value, str | bytes | int | float | list | tuple | dict)
    if is_plain or isinstance(value, type):
        found.append(Mismatch(path, _noun(hint), shown(value)))
    return value


def _is_no_number(value: object) -> bool:
    """Return whether an int is a truth value, or longer than anything that is counted."""
    return isinstance(value, bool) or (isinstance(value, int) and value.bit_length() > 63)


def _noun(hint: Any) -> str:
    """Return the name of a type, after `must be`."""
    words = {str: "text", int: "a whole number", bool: "True or False", NoneType: "None"}
    if hint in words:
        return words[hint]
    if get_origin(hint) is UnionType:
        return listed(map(_noun, get_args(hint)))
    return with_article(getattr(_class_of(hint), "__name__", str(hint)))


def _class_of(hint: Any) -> Any:
    """Return the class of a hint with parameters, e.g. `Output` of `Output[str]`."""
    return get_origin(hint) or hint


def _meant(hint: Any, value: object) -> str:
    """Write the value of a type that another value probably means; empty if none is near."""
    if hint is str:
        return _meant_text(value)
    if hint is int:
        if isinstance(value, str):
            text = value.strip()
            return str(int(text)) if text.isdecimal() and len(text) < _DIGITS else ""
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else ""
    if hint is bool:
        text = shown(value).strip("'").lower()
        return "True" if text in _TRUE else "False" if text in _FALSE else ""
    return f"{hint.__name__}(...)"


def _meant_text(value: object) -> str:
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if (name := own_name(value)) is not None:
        return source(name)
    if isinstance(value, str):
        return source(value)
    return source(shown(value)) if isinstance(value, int | float) else ""


def _union(hints: tuple[Any, ...], value: object, found: list[Mismatch], path: str) -> Any:
    """Take the first type of a union that a value has; an enum before text."""
    if value is None and NoneType in hints:
        return None
    hints = tuple(hint for hint in hints if hint is not NoneType)
    if len(hints) == 1:
        return read(hints[0], value, found, path)
    for hint in hints:
        tried: list[Mismatch] = []
        result = read(hint, value, tried, path)
        if not tried:
            return result
    # An input of Pulumi is also an awaitable, which no one writes.
    named = [hint for hint in hints if get_origin(hint) is not Awaitable]
    use = f"{_class_of(named[0]).__name__}(...)" if str not in named else ""
    found.append(Mismatch(path, listed(map(_noun, named)), shown(value), use))
    return value


def _enum(hint: type[Enum], value: object, found: list[Mismatch], path: str) -> object:
    """Take a member of an enum, its value or its name."""
    if isinstance(value, hint):
        return value
    members = {_plain(member.name): member for member in hint}
    values = {_plain(member.value): member for member in hint if isinstance(member.value, str)}
    known = {**members, **values}
    if isinstance(value, str) and _plain(value) in known:
        return known[_plain(value)]
    near = get_close_matches(_plain(str(value)), known, n=1)
    offered = listed(map(source, hint))
    found.append(Mismatch(path, offered, shown(value), source(known[near[0]]) if near else ""))
    return value


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").replace("-", " ").split())


def _sequence(hint: Any, value: object, found: list[Mismatch], path: str) -> object:
    """Take anything with an order, once; a single element is no sequence."""
    is_one = type(value) not in (list, tuple) and _is_of(hint, value)
    if is_one or isinstance(value, str | bytes | Mapping) or not _has_items(value):
        use = (f"[{source(value)}]" if value else "[]") if is_one else ""
        found.append(Mismatch(path, "a list", shown(value), use))
        return value
    if isinstance(value, set | frozenset):
        fits = all(_is_of(hint, each) for each in value)
        use = source(sorted(value, key=str)) if fits else ""
        found.append(Mismatch(path, "a list, in an order", shown(value), use))
        return value
    items: tuple[Any, ...] = tuple(islice(cast("Iterable[Any]", value), MOST_ITEMS + 1))
    if len(items) > MOST_ITEMS:
        found.append(Mismatch(path, f"a list of at most {MOST_ITEMS} items", "more"))
        return value
    for place, item in enumerate(items):
        if _is_list_of(hint, item) and not _is_of(hint, item):
            rule = f"{_noun(hint)}, and not a list of them"
            found.append(Mismatch(f"{path}[{place}]", rule, shown(item), "*(that list)"))
            return value
    return tuple(read(hint, item, found, f"{path}[{place}]") for place, item in enumerate(items))


def _collection(hint: Any, value: object, found: list[Mismatch], path: str) -> object:
    """Take anything with elements, with an order or without."""
    if isinstance(value, set | frozenset):
        return frozenset(read(hint, item, found, path) for item in value)
    return _sequence(hint, value, found, path)


def _pair(hints: tuple[Any, ...], value: object, found: list[Mismatch], path: str) -> object:
    """Take a tuple with an element of each type."""
    if not isinstance(value, tuple) or len(value) != len(hints):
        found.append(Mismatch(path, f"a tuple of {len(hints)}", shown(value)))
        return value
    pairs = enumerate(zip(hints, value, strict=True))
    return tuple(read(hint, item, found, f"{path}[{place}]") for place, (hint, item) in pairs)


def _is_list_of(hint: Any, value: object) -> bool:
    return (
        type(value) in (list, tuple)
        and bool(value)
        and all(_is_of(hint, each) for each in cast("Sequence[Any]", value))
    )


def _has_items(value: object) -> bool:
    """Return whether a value can be iterated; an output of Pulumi only says so."""
    try:
        iter(cast("Iterable[Any]", value))
    except TypeError:
        return False
    return True


def _is_of(hint: Any, value: object) -> bool:
    tried: list[Mismatch] = []
    read(hint, value, tried)
    return not tried


def _mapping(hints: tuple[Any, ...], value: object, found: list[Mismatch], path: str) -> object:
    if not isinstance(value, Mapping):
        found.append(Mismatch(path, "a dict", shown(value)))
        return value
    key_hint, value_hint = hints
    read_keys = [read(key_hint, key, found, f"{path}, key {source(key)}") for key in value]
    read_values = [
        read(value_hint, each, found, f"{path}[{source(key)}]") for key, each in value.items()
    ]
    return dict(zip(read_keys, read_values, strict=True))
