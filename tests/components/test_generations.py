"""Generations: the name of each, and which numbers may stand side by side."""

import pytest

from linkmesh import names
from linkmesh.generations import are_rising, named


def test_the_first_generation_has_the_plain_name() -> None:
    assert (named("anchor", 1), named("anchor", 2)) == ("anchor", "anchor-2")


def test_the_secret_of_a_token_is_named_by_the_same_rule() -> None:
    account = names.remote_access_account("west")

    assert names.remote_access_token("west", 1) == f"{account}-token"
    assert names.remote_access_token("west", 2) == named(f"{account}-token", 2)


@pytest.mark.parametrize("numbers", [(1,), (1, 2), (4, 7), [2]])
def test_rising_numbers_from_one_are_generations(numbers: list[int]) -> None:
    assert are_rising(numbers)


@pytest.mark.parametrize("numbers", [(), (0,), (2, 1), (1, 1), (-1, 2)])
def test_other_numbers_are_not(numbers: list[int]) -> None:
    assert not are_rising(numbers)
