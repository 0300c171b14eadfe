"""Outputs of a component, as a program in another language gets them; credentials are secrets."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from .shapes import Choice, Entries, Items, Property, Record, Shape


def written(properties: Sequence[Property], made: object) -> dict[str, Any]:
    """Return the value of each property that is there, by its name in other languages."""
    values = {each.name: _value(each, getattr(made, each.field)) for each in properties}
    return {name: value for name, value in values.items() if value is not None}


def _value(each: Property, value: Any) -> Any:
    if each.is_secret and value is not None:
        return pulumi.Output.secret(value)
    return _written(each.shape, value)


def _written(shape: Shape, value: Any) -> Any:
    if value is None or isinstance(value, pulumi.Output):
        return value
    if isinstance(shape, Record):
        return written(shape.properties, value)
    if isinstance(shape, Items) and isinstance(value, Sequence):
        return [_written(shape.of, item) for item in value]
    if isinstance(shape, Entries) and isinstance(value, Mapping):
        return {str(key): _written(shape.of, item) for key, item in value.items()}
    if isinstance(shape, Choice):
        return next(text for text, member in shape.values.items() if member is value)
    return value
