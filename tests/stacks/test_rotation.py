"""What a rotation stores in settings can be read again, and other text is an error."""

import pytest

from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks import rotation
from linkmesh.stacks.rotation import Rotated, Rotation, RotationSettingError

AMID = TrustState(anchors=(1, 2), signing=2, issuers=2)
BEGUN = Rotation(what=Rotated.TOKENS, trust=AMID, tokens={"west": (1,), "east": (2, 3)}, step=2)


def test_a_state_of_trust_is_read_as_it_was_noted() -> None:
    text = rotation.trust_text(AMID)

    assert text == '{"anchors": [1, 2], "signing": 2, "issuers": 2}'
    assert rotation.read_trust(text) == AMID


def test_numbers_that_came_through_a_stack_reference_are_read() -> None:
    assert rotation.parsed_trust({"anchors": [1.0, 2.0], "signing": 2.0, "issuers": 2.0}) == AMID


def test_tokens_are_read_as_they_were_noted() -> None:
    assert rotation.read_tokens(rotation.tokens_text((2, 3))) == (2, 3)


def test_a_rotation_is_read_as_it_was_noted() -> None:
    assert rotation.read_rotation(rotation.rotation_text(BEGUN)) == BEGUN


def test_a_state_that_cannot_be_is_an_error() -> None:
    with pytest.raises(RotationSettingError) as error:
        rotation.read_trust('{"anchors": [2], "signing": 1, "issuers": 1}')

    assert str(error.value) == (
        'setting linkmesh:trustState must be what mesh rotate writes (got \'{"anchors": [2], '
        '"signing": 1, "issuers": 1}\': signing must be one of the anchors (got 1 of (2,)). '
        "No proxy would trust the issuers. Use: the last of the anchors). Trust would be lost. "
        "Use, e.g.: "
        '{"anchors": [1], "signing": 1, "issuers": 1}'
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"anchors": 1}'])
def test_what_is_no_state_is_an_error(text: str) -> None:
    with pytest.raises(
        RotationSettingError, match="linkmesh:trustState must be what mesh rotate writes"
    ):
        rotation.read_trust(text)


@pytest.mark.parametrize("text", ["[]", "[2, 1]", "[1, 1]", "[0]", '["one"]', "{"])
def test_what_are_no_rising_numbers_is_an_error(text: str) -> None:
    with pytest.raises(
        RotationSettingError, match="linkmesh:tokenGenerations must be what mesh rotate"
    ):
        rotation.read_tokens(text)


@pytest.mark.parametrize("text", ["{}", '{"what": "keys"}', "[]"])
def test_what_is_no_rotation_is_an_error(text: str) -> None:
    with pytest.raises(
        RotationSettingError, match="linkmesh:rotation must be what mesh rotate writes"
    ):
        rotation.read_rotation(text)
