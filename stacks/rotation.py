"""
How far a rotation has come, as it is noted in the configuration of stacks; pure.

Trust is noted with the stack `trust`, tokens with the stack of each cluster that is called. What is
noted there wins over the description, until a person takes it over into that and removes the note.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from components.generations import are_rising
from components.linkerd.identity.trust_rotation import TrustState

TRUST_STATE = "linkmesh:trustState"
TOKEN_GENERATIONS = "linkmesh:tokenGenerations"
ROTATION = "linkmesh:rotation"

Note = TypeVar("Note")


class NoteError(ValueError):
    """A note cannot be read; says which, and what it should look like."""


class Rotated(Enum):
    """What can be rotated; the value is the word of the command."""

    ANCHOR = "anchor"
    ISSUERS = "issuers"
    TOKENS = "tokens"


Tokens = Mapping[str, tuple[int, ...]]
"""Numbers of the tokens that are valid, by the cluster that granted them."""


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


def trust_record(state: TrustState) -> dict[str, Any]:
    """Note a state of trust as plain data."""
    return {"anchors": list(state.anchors), "signing": state.signing, "issuers": state.issuers}


def trust_of(record: Mapping[str, Any]) -> TrustState:
    """Read a state of trust from plain data; numbers come through a stack reference as floats."""
    return TrustState(
        anchors=tuple(int(number) for number in record["anchors"]),
        signing=int(record["signing"]),
        issuers=int(record["issuers"]),
    )


def trust_text(state: TrustState) -> str:
    """Note a state of trust as a setting."""
    return json.dumps(trust_record(state))


def read_trust(text: str) -> TrustState:
    """Read the setting of a state of trust. Raises: NoteError."""
    return _read(TRUST_STATE, text, trust_of, example=trust_text(TrustState()))


def tokens_text(generations: Sequence[int]) -> str:
    """Note the numbers of one cluster's tokens as a setting."""
    return json.dumps(list(generations))


def read_tokens(text: str) -> tuple[int, ...]:
    """Read the setting of one cluster's tokens. Raises: NoteError."""
    return _read(TOKEN_GENERATIONS, text, _generations, example="[1]")


def rotation_text(rotation: Rotation) -> str:
    """Note a rotation as a setting."""
    return json.dumps(
        {
            "what": rotation.what.value,
            "step": rotation.step,
            "trust": trust_record(rotation.trust),
            "tokens": {name: list(numbers) for name, numbers in sorted(rotation.tokens.items())},
        }
    )


def read_rotation(text: str) -> Rotation:
    """Read the setting of a rotation. Raises: NoteError."""
    first = Rotation(what=Rotated.ANCHOR, trust=TrustState(), tokens={}, step=1)
    return _read(ROTATION, text, _rotation, example=rotation_text(first))


def _rotation(record: Mapping[str, Any]) -> Rotation:
    return Rotation(
        what=Rotated(record["what"]),
        trust=trust_of(record["trust"]),
        tokens={name: _generations(numbers) for name, numbers in record["tokens"].items()},
        step=int(record["step"]),
    )


def _generations(record: Sequence[int]) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in record)
    if not are_rising(numbers):
        raise ValueError("no rising numbers")
    return numbers


def _read(key: str, text: str, parse: Callable[[Any], Note], *, example: str) -> Note:
    try:
        return parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoteError(
            f"setting {key} must be what mesh rotate writes (got {text!r}: {error}). Trust would "
            f"be lost. Use, e.g.: {example}"
        ) from None
