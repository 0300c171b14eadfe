"""Values as a user would write them in a description, for messages."""

from collections.abc import Iterable
from enum import Enum

LONGEST = 80


def source(value: object) -> str:
    """Write a value as it would be written in a description."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str) and value.isprintable():
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if type(value) in (list, tuple) and isinstance(value, Iterable):
        return f"[{', '.join(map(source, value))}]"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return f"{type(value).__name__}({', '.join(map(source, value))})"
    return shown(value) if _is_plain(value) else f"{type(value).__name__}({_first(value)})"


def shown(value: object) -> str:
    """Show a value that is wrong: a scalar as it is, anything else by what it is."""
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number with too many digits"
    if isinstance(value, bytes):
        return "bytes"  # they may be of a kubeconfig or a key
    if _is_plain(value):
        text = source(value) if isinstance(value, Enum) else repr(value)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if type(value) in (list, tuple, set, frozenset, dict) and not value:
        return f"an empty {type(value).__name__}"
    if (first := _first(value)) != "...":
        return f"{type(value).__name__}({first})"
    return with_article(type(value).__name__)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str | bytes | Enum)


def _first(value: object) -> str:
    """Write the name of an object that has one, which is its first argument."""
    name = own_name(value)
    return source(name) if name is not None else "..."


def own_name(value: object) -> str | None:
    """
    Return the attribute `name` of an object.

    Only its own: an output of Pulumi makes an attribute of any name when it is asked for one.
    """
    name = None if isinstance(value, type) else getattr(value, "__dict__", {}).get("name")
    return name if isinstance(name, str) else None


def with_article(noun: str) -> str:
    """Put the indefinite article before a noun."""
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Join words as a sentence does: `a, b or c`."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
