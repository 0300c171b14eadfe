"""Which types arguments have: each has a rule, and whatever is no member of it is reported."""

from collections.abc import Collection, Sequence
from itertools import count
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh.arguments import DescriptionError
from linkmesh.arguments.text import source
from linkmesh.arguments.types import Mismatch, read
from linkmesh.environment import (
    AccessEntry,
    Alias,
    CertManagerIssuer,
    Eks,
    Environment,
    Existing,
    Export,
    Kind,
    Linkerd,
    LinkSpec,
    ProxyConfig,
    ProxyResources,
    ProxyTracing,
    Route,
    TrustState,
    Unmeshed,
    Yelb,
    chain,
    hub,
    mesh,
)

DESCRIBED: list[Any] = [
    *(AccessEntry, Alias, CertManagerIssuer, Eks, Environment, Existing, Export, Kind, Linkerd),
    *(LinkSpec, ProxyConfig, ProxyResources, ProxyTracing, Route, TrustState, Unmeshed, Yelb),
    *(chain, hub, mesh),
]

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


def problems(described: Any) -> list[str]:
    """Call something with nothing but an unknown argument."""
    with pytest.raises(DescriptionError) as error:
        described(unheard_of=1)
    return error.value.problems


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda each: each.__name__)
def test_every_argument_of_a_description_is_compared_with_its_type(described: Any) -> None:
    assert "must have known arguments only (got unheard_of)" in problems(described)[0]
    for name, hint in get_type_hints(described).items():
        if name != "return":
            found: list[Mismatch] = []
            read(hint, object(), found)
            assert len(found) == 1, name


@given(ANYTHING)
def test_nothing_that_can_be_written_ends_in_a_traceback(value: object) -> None:
    for described in DESCRIBED:
        for name, hint in get_type_hints(described).items():
            if name != "return":
                read(hint, value, [])
    source(value)


@given(st.lists(st.text()))
def test_a_sequence_of_texts_is_its_tuple(texts: list[str]) -> None:
    found: list[Mismatch] = []

    assert read(Sequence[str], iter(texts), found) == tuple(texts)
    assert found == []


def test_a_word_where_a_list_of_objects_is_meant_is_not_put_into_one() -> None:
    found: list[Mismatch] = []

    read(Sequence[Export], "west", found)
    read(Sequence[Export], {"west"}, found)

    assert [each.use for each in found] == ["", ""]


@pytest.mark.parametrize("endless", [count(), range(10**12)])
def test_a_list_without_an_end_is_a_mismatch(endless: object) -> None:
    found: list[Mismatch] = []

    read(Sequence[int], endless, found)

    assert found == [Mismatch("", "a list of at most 100000 items", "more")]


def test_a_collection_may_have_no_order() -> None:
    found: list[Mismatch] = []

    assert read(Collection[str], {"a", "b"}, found) == {"a", "b"}
    assert read(Collection[str], ["b", "a"], found) == ("b", "a")
    assert found == []

    read(Collection[str], "a", found)
    assert [each.rule for each in found] == ["a list"]


def test_a_pair_is_a_tuple_of_two() -> None:
    found: list[Mismatch] = []

    assert read(Sequence[int | tuple[int, int]], [1, (2, 3)], found) == (1, (2, 3))
    assert found == []

    read(Sequence[int | tuple[int, int]], [(1, 2, 3)], found)
    assert [(each.path, each.got) for each in found] == [("[0]", "a tuple")]
