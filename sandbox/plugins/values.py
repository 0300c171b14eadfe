"""
Property values as plain Python, and as the protobuf structs in which the engine sends them.

The engine marks what JSON cannot say with fixed random texts: an unknown value is one of seven
texts, a secret or an asset is an object with a signature. Providers here tell the engine that they
accept no secrets, resources or outputs, so it strips those; a secret that comes nevertheless is
unwrapped, and everything else with a signature is refused.
Source: pulumi/pulumi, sdk/go/common/resource/properties.go, sdk/go/common/resource/plugin/rpc.go
"""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

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
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURES = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    "5cf8f73096256a8f31e491e813e4eb8e": "a resource reference",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4": "an output value",
}

# Above this a float has no exact integer, so it stays what it is.
LARGEST_EXACT_INTEGER = 2**53


class UnsupportedValueError(Exception):
    """The engine sent a kind of value that no imitation takes."""


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Turn a struct of the engine into plain Python, in alphabetical order: it has none itself."""
    return {key: _from_value(struct.fields[key]) for key in sorted(struct.fields)}


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Turn plain Python into a struct for the engine."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        _set(struct.fields[key], value, key)
    return struct


def has_unknown(value: Any) -> bool:
    """Tell whether a value is unknown or holds something unknown."""
    if isinstance(value, Mapping):
        return any(has_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(has_unknown(each) for each in value)
    return value is UNKNOWN


def _from_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in UNKNOWN_TEXTS else text
    if kind == "number_value":
        number = value.number_value
        exact = abs(number) <= LARGEST_EXACT_INTEGER and number == int(number)
        return int(number) if exact else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_from_value(each) for each in value.list_value.values]
    if kind == "struct_value":
        return _from_object(value.struct_value)
    return None


def _from_object(struct: struct_pb2.Struct) -> Any:
    signature = struct.fields[SIGNATURE_KEY].string_value if SIGNATURE_KEY in struct.fields else ""
    if not signature:
        return from_struct(struct)
    if signature == SECRET_SIGNATURE:
        return _from_value(struct.fields["value"])
    what = SIGNATURES.get(signature, f"a value with the signature {signature}")
    raise UnsupportedValueError(
        f"a property must be plain data in the sandbox (got {what}). Imitated providers do not "
        "take it. Use: a string, or the genuine provider (LINKMESH_PLUGINS)"
    )


def _set(target: struct_pb2.Value, value: Any, path: str) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_TEXT
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, each in value.items():
            _set(target.struct_value.fields[str(key)], each, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        target.list_value.SetInParent()
        for index, each in enumerate(value):
            _set(target.list_value.values.add(), each, f"{path}[{index}]")
    else:
        raise TypeError(
            f"'{path}' must be dict, list, str, int, float, bool, None or UNKNOWN "
            f"(got {type(value).__name__})"
        )
