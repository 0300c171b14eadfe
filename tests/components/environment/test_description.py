"""What a user writes: data with defaults, which takes anything until it is planned."""

import pytest

from linkmesh.environment import (
    DescriptionError,
    Environment,
    Injection,
    Kind,
    LinkSpec,
    Plan,
)
from linkmesh.stacks import load
from tests.components.environment.described import environment, on_aws

DESCRIBED = environment(Kind("local"), on_aws("west", block=10), on_aws("east", block=20))


def test_a_cluster_is_found_by_its_name() -> None:
    assert DESCRIBED.cluster("local") == Kind("local")
    with pytest.raises(KeyError):
        DESCRIBED.cluster("north")


def test_high_availability_is_what_one_gets_without_asking() -> None:
    assert Kind("local").workers == 3
    assert on_aws("west").nodes == 3
    assert on_aws("west").nat.gateways == 3


def test_a_single_kind_cluster_needs_nothing_else() -> None:
    assert Environment(clusters=[Kind("local")]).names == ["local"]


def test_production_injects_by_namespace_and_development_where_a_deployment_opts_in() -> None:
    assert load("prod").environment.injection is Injection.PER_NAMESPACE
    assert load("dev").environment.injection is Injection.PER_DEPLOYMENT
    # What no exception names is in the mesh.
    assert environment(Kind("local")).injection is Injection.PER_NAMESPACE


def test_a_wrong_description_is_data_until_it_is_planned() -> None:
    wrong = Environment(clusters=[Kind("local")], links=[LinkSpec("local", "west")])

    with pytest.raises(DescriptionError):
        Plan.of(wrong)
