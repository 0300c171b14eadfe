"""
Property values as plain Python, and as the protobuf structs in which the engine sends them.

The engine marks what JSON cannot say with fixed random texts: an unknown value is one of seven
texts. Providers here tell the engine that they accept no secrets, resources or outputs, so it
strips those; an asset is an object, which no schema has in the place of a text.
Source: pulumi/pulumi, sdk/go/common/resource/properties.go, sdk/go/common/resource/plugin/rpc.go
"""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2
from google.protobuf.json_format import MessageToDict

Properties = dict[str, Any]
"""The inputs or outputs of a resource: dict, list, str, int, float, bool, None and UNKNOWN."""


class Unknown:
    """The type of UNKNOWN."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; compare with `is UNKNOWN` first")


UNKNOWN: Final = Unknown()
"""The value of a property that is not known yet in a preview. There is one; compare with `is`."""

DEFAULTS = "__defaults"
"""Among inputs: the names of the properties that the provider filled in, not the program."""

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

# Above this a float has no exact integer, so it stays what it is.
LARGEST_EXACT_INTEGER = 2**53


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Turn a struct of the engine into plain Python, in alphabetical order: it has none itself."""
    return {key: _known(each) for key, each in sorted(MessageToDict(struct).items())}


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Turn plain Python into a struct for the engine."""
    struct = struct_pb2.Struct()
    struct.update({key: _marked(each) for key, each in properties.items()})
    return struct


def has_unknown(value: Any) -> bool:
    """Tell whether a value is unknown or holds something unknown."""
    if isinstance(value, Mapping):
        return any(has_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(has_unknown(each) for each in value)
    return value is UNKNOWN


def _known(value: Any) -> Any:
    """Replace the engine's marks by UNKNOWN, and floats by the integers that they are."""
    if isinstance(value, dict):
        return {key: _known(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [_known(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER:
        return int(value)
    return UNKNOWN if value in UNKNOWN_TEXTS else value


def _marked(value: Any) -> Any:
    """Replace UNKNOWN by the engine's mark."""
    if isinstance(value, Mapping):
        return {key: _marked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(each) for each in value]
    return UNKNOWN_TEXT if value is UNKNOWN else value
