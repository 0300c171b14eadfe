"""The decorator that compares the arguments of each call with their names and types."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar, get_type_hints

from .problems import DescriptionError, is_collecting, report
from .text import listed, shown, source
from .types import Mismatch, read

Described = TypeVar("Described", bound=Callable[..., Any])


def checked(described: Described) -> Described:
    """
    Compare the arguments of a class, or of a function, with its annotations at each call.

    Sequences are stored as tuples, and members of enums may be given by name or value.

    Raises, from each call: DescriptionError, with all problems of the call, unless `collected`.
    """
    if not isinstance(described, type):
        return _wrapped(described, _Signature(described), makes=lambda: [])  # type: ignore[return-value]
    # A tuple is complete once it is made, and anything else once it is initialized.
    method = "__new__" if issubclass(described, tuple) else "__init__"
    setattr(described, method, _constructor(described, method))
    return described


class _Signature:
    """The arguments of a class or function; read at its first call, when all names are defined."""

    def __init__(self, described: Callable[..., Any]) -> None:
        self.name = described.__name__
        self._described = described
        parameters = inspect.signature(described).parameters.values()
        self.all = {each.name: each for each in parameters}
        self.ordered = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
        self.rest = next((each.name for each in parameters if each.kind is each.VAR_POSITIONAL), "")
        self.named = [name for name in self.all if name != self.rest]
        self.required = [
            name for name in self.named if self.all[name].default is inspect.Parameter.empty
        ]

    @functools.cached_property
    def places(self) -> tuple[Any, ...]:
        """The types of all arguments, in their order."""
        return tuple(self.hints[name] for name in self.all)

    @functools.cached_property
    def hints(self) -> dict[str, Any]:
        """The type of each argument, by its name."""
        pulumi = sys.modules.get("pulumi")
        # `pulumi.Input[str]` names an output as text, by a name of that module.
        named = {"Output": pulumi.Output, "T": Any} if pulumi else {}
        return get_type_hints(self._described, localns=named)


@dataclass
class _Call:
    """One call: its arguments by name, and what is wrong with them."""

    signature: _Signature
    named: dict[str, Any]
    rest: tuple[Any, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def thing(self) -> str:
        """Return what is described, as it is written: `Eks("west")`."""
        first = self.signature.ordered[:1]
        given = self.named.get(first[0]) if first else None
        shown_first = source(given) if isinstance(given, str) else "..."
        return f"{self.signature.name}({shown_first})"


def _constructor(cls: type, method: str) -> Callable[..., Any]:
    signature, original = _Signature(cls), getattr(cls, method)

    @functools.wraps(original)
    def construct(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Rules make links by the thousand, always of two names.
        if not kwargs and tuple(map(type, args)) == signature.places:
            return original(self, *args)
        call = _read(signature, args, kwargs)
        if not call.problems:
            try:
                return original(self, **call.named)
            except DescriptionError:
                raise
            except ValueError as error:
                if not is_collecting():
                    raise
                call.problems += str(error).splitlines()
        report(call.problems)
        return _incomplete(self, call.named)

    return construct


def _incomplete(self: Any, named: Mapping[str, Any]) -> Any:
    """Give an object those arguments that it has, so that its file can be executed to the end."""
    if isinstance(self, type):
        return self._make("" for _ in self._fields)  # type: ignore[attr-defined]
    for name, value in named.items():
        object.__setattr__(self, name, value)
    return None


def _wrapped(
    function: Callable[..., Any], signature: _Signature, makes: Callable[[], Any]
) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        found = _read(signature, args, kwargs)
        if found.problems:
            report(found.problems)
            return makes()
        return function(*found.rest, **found.named) if found.rest else function(**found.named)

    return call


def _read(signature: _Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
    """Bind the arguments of a call to their names, and compare each with its type."""
    places = len(signature.ordered)
    call = _Call(signature, named=dict(zip(signature.ordered, args, strict=False)))
    surplus = args[places:]
    call.problems += _twice(call, kwargs)
    call.named |= {name: value for name, value in kwargs.items() if name in signature.named}
    call.problems += _unknown(call, kwargs)
    if surplus and not signature.rest:
        call.problems.append(_surplus(call, surplus))
    else:
        call.problems += _lacking(call, kwargs)
    for name, value in call.named.items():
        call.named[name] = _typed(call, name, signature.hints[name], value)
    if signature.rest:
        call.rest = _rest(call, surplus)
    return call


def _typed(call: _Call, name: str, hint: Any, value: object) -> Any:
    found: list[Mismatch] = []
    result = read(hint, value, found)
    call.problems += [_mismatch(call, name, each) for each in found]
    return result


def _mismatch(call: _Call, name: str, found: Mismatch) -> str:
    """Return what is wrong with a value, and how it is written instead."""
    default = call.signature.all[name].default
    if found.path:
        use = found.use or f"<{found.rule}>"
    elif found.use or default is inspect.Parameter.empty:
        use = f"{name}={found.use or f'<{found.rule}>'}"
    elif default is None or isinstance(default, bool | int | str | tuple | Enum):
        use = f"{name}={source(default)}"
    else:
        use = f"no {name}, so that it is the default"
    return f"{name}{found.path} of {call.thing} must be {found.rule} (got {found.got}). Use: {use}"


def _rest(call: _Call, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Compare arguments that are given one by one; a list of them is not taken apart."""
    name = call.signature.rest
    if len(given) == 1 and not isinstance(given[0], str):
        items = given[0] if isinstance(given[0], list | tuple) else ()
        are_texts = bool(items) and all(isinstance(item, str) for item in items)
        written = ", ".join(map(source, items)) if are_texts else '"west", "east"'
        call.problems.append(
            f"{call.signature.name} must get each of its {name} by itself (got "
            f"{shown(given[0])}). Nothing would be linked. Use: {call.signature.name}({written})"
        )
        return ()
    found: list[Mismatch] = []
    hint = call.signature.hints[name]
    result = tuple(read(hint, each, found, f"[{place}]") for place, each in enumerate(given))
    call.problems += [_mismatch(call, name, each) for each in found]
    return result


def _twice(call: _Call, kwargs: dict[str, Any]) -> Iterator[str]:
    for name in [name for name in call.named if name in kwargs]:
        yield (
            f"{name} of {call.thing} must be given once (got {shown(call.named[name])} and "
            f"{shown(kwargs[name])}). Use: {name}={source(call.named[name])}"
        )


def _unknown(call: _Call, kwargs: dict[str, Any]) -> Iterator[str]:
    """Find arguments of unknown names, each with the nearest known one."""
    for name in [name for name in kwargs if name not in call.signature.named]:
        near = _nearest(call, name)
        known = call.signature.named
        use = f"{near}={source(kwargs[name])}" if near else listed(known) if known else "none"
        yield f"{call.thing} must have known arguments only (got {name}). Use: {use}"


def _lacking(call: _Call, kwargs: dict[str, Any]) -> Iterator[str]:
    """Find required arguments that are not given, nor meant by one of an unknown name."""
    meant = {_nearest(call, name) for name in kwargs if name not in call.signature.named}
    given = meant | set(call.named)
    lacking = [name for name in call.signature.required if name not in given]
    if lacking:
        use = ", ".join(f"{name}=..." for name in lacking)
        yield f"{call.thing} must have {listed(lacking, 'and')} (got none). Use: {use}"


def _nearest(call: _Call, name: str) -> str:
    """Return the name that another one probably means; empty if none is near."""
    free = [known for known in call.signature.named if known not in call.named]
    near = get_close_matches(name, free, n=1) or get_close_matches(name, call.signature.named)
    return near[0] if near else ""


def _surplus(call: _Call, given: tuple[Any, ...]) -> str:
    """Return that an argument must be named, with the names that are probably meant."""
    signature = call.signature
    free = [name for name in signature.named if name not in call.named]
    meant = [f"{name}={source(value)}" for name, value in zip(free, given, strict=False)]
    use = f"Use, if these are meant: {', '.join(meant)}" if meant else "Remove them."
    places = len(signature.ordered)
    return (
        f"{call.thing} must have {places or 'no'} argument{'' if places == 1 else 's'} without a "
        f"name (got {places + len(given)}). {use}"
    )
