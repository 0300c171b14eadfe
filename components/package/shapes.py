"""
Shapes of values that cross the boundary between languages, read from annotations of classes.

A record has plain fields only or inputs only: a YAML program gives a record with one output in it
as one output, in which no name can be read before everything is known. So a record with some
fields of each kind is plain as a whole.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from inspect import get_annotations
from types import NoneType, UnionType
from typing import Any, ClassVar, ForwardRef, Union, get_args, get_origin

import pulumi

from .docs import camel_case, field_docs, own_bases

# Their values are credentials wherever they occur.
SECRETS = frozenset({"kubeconfig", "kubeconfigs", "private_key_pem", "token"})

_SCALARS = {str: "string", int: "integer", bool: "boolean"}
_LISTS = (Sequence, Collection, list, tuple)
_OUTPUTS = (ForwardRef("Output[T]"), pulumi.Output)


@dataclass(frozen=True)
class Scalar:
    """A text, a whole number or a truth value."""

    type: str
    """`string`, `integer` or `boolean`."""


@dataclass(frozen=True)
class Days:
    """A length of time, which crosses as a whole number of days."""


@dataclass(frozen=True)
class Choice:
    """A member of an enum, which crosses as its value, or as its name if that is no text."""

    enum: type[Enum]

    @property
    def values(self) -> dict[str, Enum]:
        """Each member by the text that it crosses as."""
        return {
            member.value if isinstance(member.value, str) else member.name: member
            for member in self.enum
        }


@dataclass(frozen=True)
class Items:
    """A list."""

    of: Shape


@dataclass(frozen=True)
class Entries:
    """A map; its keys cross as text."""

    key: type
    of: Shape


@dataclass(frozen=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True)
class Record:
    """An object of a class."""

    made: type
    properties: tuple[Property, ...]

    @property
    def takes_inputs(self) -> bool:
        """Whether all its fields are inputs, so that it may be one itself."""
        return all(each.is_input for each in self.properties)


Shape = Scalar | Days | Choice | Items | Entries | Anything | Record
"""What a value looks like."""


@dataclass(frozen=True, kw_only=True)
class Property:
    """One property of a component or of a record."""

    field: str
    """Its name in Python."""

    shape: Shape

    is_input: bool
    """Whether other resources may give its value; else it must be known at once."""

    is_required: bool

    doc: str
    """What it is, in the words of its class."""

    default: Any = None
    """What it is if it is not given."""

    @property
    def name(self) -> str:
        """Its name in other languages."""
        return camel_case(f"{self.field}_days" if isinstance(self.shape, Days) else self.field)

    @property
    def is_secret(self) -> bool:
        """Whether it is a credential."""
        return self.field in SECRETS


@cache
def properties_of(cls: type, without: frozenset[str] = frozenset()) -> tuple[Property, ...]:
    """Read the properties of a class from its annotations, those of base classes first."""
    annotations: dict[str, Any] = {}
    for each in own_bases(cls):
        annotations |= get_annotations(each)
    docs, defaults = field_docs(cls), _defaults(cls)
    return tuple(
        _property(cls, name, annotation, docs, defaults)
        for name, annotation in annotations.items()
        if not name.startswith("_")
        and name not in without
        and get_origin(annotation) is not ClassVar
    )


def _defaults(cls: type) -> dict[str, Any]:
    """Return the default of each field that has one; factories give theirs."""
    if not dataclasses.is_dataclass(cls):
        return {}
    found = {}
    for each in dataclasses.fields(cls):
        if each.default is not dataclasses.MISSING:
            found[each.name] = each.default
        elif each.default_factory is not dataclasses.MISSING:
            found[each.name] = each.default_factory()
    return found


def _property(
    cls: type, name: str, annotation: Any, docs: Mapping[str, str], defaults: Mapping[str, Any]
) -> Property:
    shape, is_input, is_optional = _read(annotation, f"{cls.__name__}.{name}")
    return Property(
        field=name,
        shape=shape,
        is_input=is_input,
        is_required=name not in defaults and not is_optional,
        doc=docs.get(name, ""),
        default=defaults.get(name),
    )


def _read(annotation: Any, where: str) -> tuple[Shape, bool, bool]:
    """Return the shape of an annotation, whether it is an input, and whether it may be None."""
    if get_origin(annotation) is pulumi.Output:
        return shape_of(get_args(annotation)[0], where), True, False
    if get_origin(annotation) not in (Union, UnionType):
        return shape_of(annotation, where), False, False
    given = get_args(annotation)
    outputs = [each for each in given if _is_output(each)]
    plain = [each for each in given if each not in outputs and each is not NoneType]
    if not plain:  # an output or None
        plain = [get_args(each)[0] for each in outputs if get_origin(each) is pulumi.Output]
    if len(plain) == 2 and str in plain and any(_is_enum(each) for each in plain):
        plain = [str]  # a member of the enum, or any other text
    if len(plain) != 1:
        raise TypeError(f"{where} has no shape in other languages: {annotation}")
    return shape_of(plain[0], where), bool(outputs), NoneType in given


def _is_output(annotation: Any) -> bool:
    return get_origin(annotation) in (Awaitable, pulumi.Output) or annotation in _OUTPUTS


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def shape_of(annotation: Any, where: str) -> Shape:
    """Read the shape of an annotation that is neither an input nor optional."""
    origin, given = get_origin(annotation), get_args(annotation)
    if annotation is Any:
        return Anything()
    if origin in _LISTS:
        return Items(_read(given[0], where)[0])
    if origin in (Mapping, dict):
        return Entries(given[0], _read(given[1], where)[0])
    if isinstance(annotation, type):
        return _of_class(annotation, where)
    raise TypeError(f"{where} has no shape in other languages: {annotation}")


def _of_class(cls: type, where: str) -> Shape:
    if cls in _SCALARS:
        return Scalar(_SCALARS[cls])
    if cls is timedelta:
        return Days()
    if issubclass(cls, Enum):
        return Choice(cls)
    if dataclasses.is_dataclass(cls) or hasattr(cls, "_fields"):
        return record_of(cls)
    raise TypeError(f"{where} has no shape in other languages: {cls}")


def record_of(cls: type) -> Record:
    """Read the shape of a class; plain as a whole, unless all its fields are inputs."""
    properties = properties_of(cls)
    if not all(each.is_input for each in properties):
        properties = tuple(dataclasses.replace(each, is_input=False) for each in properties)
    return Record(cls, properties)


def walk(properties: Sequence[Property], visit: Callable[[Shape], None]) -> None:
    """Visit each shape below some properties, innermost first."""
    for each in properties:
        _walk(each.shape, visit)


def _walk(shape: Shape, visit: Callable[[Shape], None]) -> None:
    if isinstance(shape, Items | Entries):
        _walk(shape.of, visit)
    elif isinstance(shape, Record):
        walk(shape.properties, visit)
    visit(shape)
