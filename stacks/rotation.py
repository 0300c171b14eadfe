"""
How far a rotation has come, as settings in the configuration of stacks.

Trust is a setting of the stack `trust`, tokens are one of the stack of each target. A setting has
priority over the description, until someone copies it there and removes the setting.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from linkmesh.generations import are_rising
from linkmesh.linkerd.identity.trust_rotation import TrustState

TRUST_STATE = "linkmesh:trustState"
TOKEN_GENERATIONS = "linkmesh:tokenGenerations"
ROTATION = "linkmesh:rotation"

Parsed = TypeVar("Parsed")


class RotationSettingError(ValueError):
    """A setting of a rotation cannot be read; the message says which, and what is valid."""


class Rotated(Enum):
    """What can be rotated; the value is the word of the command."""

    ANCHOR = "anchor"
    ISSUERS = "issuers"
    TOKENS = "tokens"


Tokens = Mapping[str, tuple[int, ...]]
"""Generations of the tokens that are valid, by the cluster that granted them."""


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """A rotation that has begun and not ended."""

    what: Rotated
    """What is rotated."""

    trust: TrustState
    """The trust from which it began; its steps follow from that."""

    tokens: Tokens
    """The tokens from which it began, if they are rotated."""

    step: int
    """The step that is next, or being done; the first is 1."""


def serialized_trust(state: TrustState) -> dict[str, Any]:
    """Serialize a state of trust as plain values."""
    return {"anchors": list(state.anchors), "signing": state.signing, "issuers": state.issuers}


def parsed_trust(record: Mapping[str, Any]) -> TrustState:
    """Parse a state of trust; a stack reference returns numbers as floats."""
    return TrustState(
        anchors=tuple(int(number) for number in record["anchors"]),
        signing=int(record["signing"]),
        issuers=int(record["issuers"]),
    )


def trust_text(state: TrustState) -> str:
    """Serialize a state of trust as a setting."""
    return json.dumps(serialized_trust(state))


def read_trust(text: str) -> TrustState:
    """Read the setting of a state of trust. Raises: RotationSettingError."""
    return _read(TRUST_STATE, text, parsed_trust, example=trust_text(TrustState()))


def tokens_text(generations: Sequence[int]) -> str:
    """Serialize the generations of one cluster's tokens as a setting."""
    return json.dumps(list(generations))


def read_tokens(text: str) -> tuple[int, ...]:
    """Read the setting of one cluster's tokens. Raises: RotationSettingError."""
    return _read(TOKEN_GENERATIONS, text, _generations, example="[1]")


def rotation_text(rotation: Rotation) -> str:
    """Serialize a rotation as a setting."""
    return json.dumps(
        {
            "what": rotation.what.value,
            "step": rotation.step,
            "trust": serialized_trust(rotation.trust),
            "tokens": {name: list(numbers) for name, numbers in sorted(rotation.tokens.items())},
        }
    )


def read_rotation(text: str) -> Rotation:
    """Read the setting of a rotation. Raises: RotationSettingError."""
    first = Rotation(what=Rotated.ANCHOR, trust=TrustState(), tokens={}, step=1)
    return _read(ROTATION, text, _rotation, example=rotation_text(first))


def _rotation(record: Mapping[str, Any]) -> Rotation:
    return Rotation(
        what=Rotated(record["what"]),
        trust=parsed_trust(record["trust"]),
        tokens={name: _generations(numbers) for name, numbers in record["tokens"].items()},
        step=int(record["step"]),
    )


def _generations(record: Sequence[int]) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in record)
    if not are_rising(numbers):
        raise ValueError("no rising numbers")
    return numbers


def _read(key: str, text: str, parse: Callable[[Any], Parsed], *, example: str) -> Parsed:
    try:
        return parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RotationSettingError(
            f"setting {key} must be what mesh rotate writes (got {text!r}: {error}). Trust would "
            f"be lost. Use, e.g.: {example}"
        ) from None
