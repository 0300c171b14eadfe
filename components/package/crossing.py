"""How one component crosses the boundary: its inputs, its outputs, and how it is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

from .shapes import Property, properties_of

Given = Mapping[str, Any]
"""What a program gave, by names in Python."""

Component = TypeVar("Component", bound=pulumi.ComponentResource)


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """One component of the package."""

    component: type[pulumi.ComponentResource]
    """Its class, whose docstring is its description."""

    inputs: Sequence[Property]
    """What a program gives."""

    outputs: Sequence[Property]
    """What a program gets."""

    make: Callable[[str, Given, pulumi.ResourceOptions], pulumi.ComponentResource]
    """
    Makes the component.

    Raises: ValueError, with a line for each problem of its arguments.
    """

    result: Callable[[Any], object] = lambda component: component
    """Returns what has the outputs; by default the component itself."""


def owning(
    component: type[Component],
    name: str,
    make_args: Callable[[Component], object],
    opts: pulumi.ResourceOptions,
) -> Component:
    """
    Make a component whose arguments make resources below it, once it is there.

    The parent that Pulumi gives a plugin is only a name: no resource of ours can be below it.
    """
    made = component.__new__(component)
    made.__init__(name, make_args(made), opts)  # type: ignore[misc]
    return made


def fields(*surfaces: type, without: Sequence[str] = ()) -> tuple[Property, ...]:
    """Join the properties of several classes; the first that has a name gives it."""
    found: dict[str, Property] = {}
    for surface in surfaces:
        for each in properties_of(surface, frozenset(without)):
            found.setdefault(each.field, each)
    return tuple(found.values())


def chosen(surface: type, *names: str) -> tuple[Property, ...]:
    """Return some properties of a class, in the order of their names."""
    every = {name for each in surface.__mro__ for name in getattr(each, "__annotations__", {})}
    known = {each.field: each for each in properties_of(surface, frozenset(every - {*names}))}
    return tuple(known[name] for name in names)
