"""Values survive the way to the engine and back, and what cannot be plain data is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.plugins.values import (
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_TEXTS,
    UnsupportedValueError,
    from_struct,
    to_struct,
)

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53), max_value=2**53)
    | st.text()
    | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(properties=st.dictionaries(st.text(), PLAIN, max_size=4))
def test_plain_values_come_back_as_they_were(properties: dict[str, Any]) -> None:
    assert from_struct(to_struct(properties)) == properties


def test_whole_numbers_are_integers_again_and_others_are_not() -> None:
    back = from_struct(to_struct({"a": 3, "b": 3.5, "c": 1e300, "d": True}))

    assert back == {"a": 3, "b": 3.5, "c": 1e300, "d": True}
    assert [type(value) for value in back.values()] == [int, float, float, bool]


def test_each_of_the_engines_unknowns_is_the_one_unknown() -> None:
    back = from_struct(to_struct({text: text for text in UNKNOWN_TEXTS}))

    assert len(back) == 7
    assert all(value is UNKNOWN for value in back.values())


def test_a_secret_that_comes_nevertheless_is_unwrapped() -> None:
    secret = {SIGNATURE_KEY: SECRET_SIGNATURE, "value": {"a": [1]}}

    assert from_struct(to_struct({"key": secret})) == {"key": {"a": [1]}}


def test_an_asset_is_refused_by_name() -> None:
    asset = {SIGNATURE_KEY: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}

    with pytest.raises(UnsupportedValueError) as refused:
        from_struct(to_struct({"source": asset}))

    assert str(refused.value) == (
        "a property must be plain data in the sandbox (got an asset). Imitated providers do not "
        "take it. Use: a string, or the genuine provider (LINKMESH_PLUGINS)"
    )
