"""
Names are made when the program gives none, kept as long as they are wanted, and refusals say what.
"""

import pytest

from sandbox.plugins.contract import Naming, Refused, keeps_given_name
from sandbox.plugins.values import DEFAULTS
from sandbox.tests.plugins.toy import URN, Thing, Toy

NAMING = Naming(urn=URN, name="thing", seed=b"seed")


def test_a_preview_and_its_update_make_the_same_name_and_others_another() -> None:
    other = Naming(urn=URN, name="thing", seed=b"other")

    assert NAMING.unique() == Naming(urn=URN, name="thing", seed=b"seed").unique()
    assert NAMING.unique() != other.unique()


def test_a_given_name_is_left_alone() -> None:
    assert Thing().named({"name": "x"}, None, NAMING) == {"name": "x"}


def test_a_made_name_is_noted_and_kept() -> None:
    made = Thing().named({}, None, NAMING)
    other = Naming(urn=URN, name="thing", seed=b"other")

    assert made == {"name": NAMING.unique(), DEFAULTS: ["name"]}
    assert Thing().named({}, made, other) == made


def test_a_name_that_the_program_no_longer_gives_is_not_kept() -> None:
    assert Thing().named({}, {"name": "x"}, NAMING)["name"] == NAMING.unique()


def test_two_can_have_a_made_name_at_once_but_not_a_given_one() -> None:
    made = Thing().named({}, None, NAMING)

    assert keeps_given_name({"name": "x"}, {"name": "x"}, "name")
    assert not keeps_given_name({"name": "x"}, {"name": "y"}, "name")
    assert not keeps_given_name(made, made, "name")


def test_parameters_are_refused_unless_a_provider_takes_them() -> None:
    with pytest.raises(Refused, match=r"provider toy takes no parameters \(got other 2.0.0\)"):
        Toy().parameterize(b"", "other", "2.0.0")
