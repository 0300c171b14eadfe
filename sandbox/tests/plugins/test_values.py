"""Values survive the way to the engine and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.plugins.values import UNKNOWN, UNKNOWN_TEXTS, from_struct, to_struct

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
