"""
The schema of the package, from which Pulumi generates its SDKs.

`python -m linkmesh.package.schema` writes it to schema.json, which is checked in and part of the
distribution: so that an SDK is generated without the packages that components need. The version
is not in it; the plugin adds its own.
Source: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from . import catalogue
from .crossing import Crossing
from .docs import camel_case, class_doc, field_docs, neutral, snake_case
from .shapes import (
    Anything,
    Choice,
    Days,
    Entries,
    Items,
    Property,
    Record,
    Scalar,
    Shape,
    walk,
)

FILE = Path(__file__).parent / "schema.json"

PACKAGE = "linkmesh"

_ABOUT = {
    "name": PACKAGE,
    "displayName": PACKAGE,
    "description": "Kubernetes clusters linked by Linkerd",
    "license": "Apache-2.0",
    "keywords": ["kubernetes", "linkerd", "multicluster", "eks"],
    # Names that are the same wherever the package is added from; SDKs are files of a program.
    "language": {
        "csharp": {"respectSchemaVersion": True},
        "go": {
            "respectSchemaVersion": True,
            "importBasePath": "example.com/linkmesh/linkmesh",
            # Else the generator forgets some types that only plain lists consist of.
            "generateExtraInputTypes": True,
        },
        "java": {"respectSchemaVersion": True},
        "nodejs": {"respectSchemaVersion": True, "packageName": PACKAGE},
        "python": {"respectSchemaVersion": True},
    },
    "meta": {"supportPack": True},
}


def schema() -> dict[str, Any]:
    """Make the schema of all components, without a version."""
    crossings = [catalogue.crossing(name) for name in catalogue.NAMES]
    writer = _Writer(names_of(crossings))
    resources = {
        f"{PACKAGE}:index:{each.component.__name__}": writer.resource(each) for each in crossings
    }
    types = {f"{PACKAGE}:index:{name}": each for name, each in sorted(writer.types.items())}
    return {**_ABOUT, "types": types, "resources": resources}


def names_of(crossings: Sequence[Crossing]) -> Mapping[str, str]:
    """Return the name of each property in other languages, by its name in Python."""
    found: dict[str, str] = {}

    def note(shape: Shape) -> None:
        if isinstance(shape, Record):
            found.update({each.field: each.name for each in shape.properties})

    for each in crossings:
        for properties in (each.inputs, each.outputs):
            walk(properties, note)
            found.update({one.field: one.name for one in properties})
    return found


def names_in(written: Mapping[str, Any]) -> Mapping[str, str]:
    """Read the same from a schema."""
    kinds = ("properties", "inputProperties")
    things = [*written["resources"].values(), *written["types"].values()]
    names = {name for each in things for kind in kinds for name in each.get(kind, ())}
    return {snake_case(name): name for name in names}


@dataclass
class _Writer:
    """Writes resources, and collects the types that they refer to."""

    names: Mapping[str, str]

    def __post_init__(self) -> None:
        self.types: dict[str, dict[str, Any]] = {}

    def resource(self, crossing: Crossing) -> dict[str, Any]:
        """Write one component."""
        return {
            "isComponent": True,
            "description": neutral(class_doc(crossing.component), self.names),
            "inputProperties": self._properties(crossing.inputs, is_output=False),
            "requiredInputs": _required(crossing.inputs),
            "properties": self._properties(crossing.outputs, is_output=True),
            "required": _required(crossing.outputs),
        }

    def _properties(self, properties: Sequence[Property], *, is_output: bool) -> dict[str, Any]:
        return {each.name: self._property(each, is_output=is_output) for each in properties}

    def _property(self, each: Property, *, is_output: bool) -> dict[str, Any]:
        is_record_of_inputs = isinstance(each.shape, Record) and each.shape.takes_inputs
        is_plain = not (is_output or each.is_input or is_record_of_inputs)
        default = _default(each)
        description = neutral(each.doc, self.names)
        if default and not is_output:
            description = f"{description}\n\nDefault: {default}."
        written = {**self._shape(each.shape, is_plain=is_plain), "description": description}
        if each.is_secret:
            written["secret"] = True
        return written

    def _shape(self, shape: Shape, *, is_plain: bool) -> dict[str, Any]:
        plain = {"plain": True} if is_plain else {}
        if isinstance(shape, Scalar):
            return {"type": shape.type, **plain}
        if isinstance(shape, Days):
            return {"type": "integer", **plain}
        if isinstance(shape, Anything):
            return {"$ref": "pulumi.json#/Any", **plain}
        if isinstance(shape, Items):
            return {"type": "array", "items": self._shape(shape.of, is_plain=is_plain), **plain}
        if isinstance(shape, Entries):
            values = self._shape(shape.of, is_plain=is_plain)
            return {"type": "object", "additionalProperties": values, **plain}
        cls = shape.enum if isinstance(shape, Choice) else shape.made
        if cls.__name__ not in self.types:
            self.types[cls.__name__] = {}  # before its own fields, which may name it
            self.types[cls.__name__] = self._type(shape)
        return {"$ref": f"#/types/{PACKAGE}:index:{cls.__name__}", **plain}

    def _type(self, shape: Choice | Record) -> dict[str, Any]:
        if isinstance(shape, Choice):
            return {
                "type": "string",
                "description": neutral(class_doc(shape.enum), self.names),
                "enum": [_member(shape.enum, text, each) for text, each in shape.values.items()],
            }
        is_output = shape.made.__name__ in catalogue.OUTPUTS_ONLY
        return {
            "type": "object",
            "description": neutral(class_doc(shape.made), self.names),
            "properties": self._properties(shape.properties, is_output=is_output),
            "required": _required(shape.properties),
        }


def _required(properties: Sequence[Property]) -> list[str]:
    return sorted(each.name for each in properties if each.is_required)


def _member(enum: type[Enum], text: str, member: Enum) -> dict[str, Any]:
    name = camel_case(f"_{member.name.lower()}")
    return {"name": name, "value": text, "description": field_docs(enum).get(member.name, "")}


def _default(each: Property) -> str:
    """Write a default that says more than that there is none."""
    if isinstance(each.default, Enum):
        values = Choice(type(each.default)).values
        return next(text for text, one in values.items() if one is each.default)
    if isinstance(each.shape, Days) and each.default is not None:
        return str(each.default.days)
    if isinstance(each.default, tuple) and each.default:
        return ", ".join(map(str, each.default))
    if isinstance(each.default, bool | int | str) and each.default != "":
        return str(each.default).lower() if isinstance(each.default, bool) else str(each.default)
    return ""


def text() -> str:
    """Write the schema as it is checked in."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
