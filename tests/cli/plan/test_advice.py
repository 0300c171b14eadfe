"""Clusters that two environments call alike: told, since AWS would take them for one."""

from cli.plan.advice import same_names
from stacks import load
from stacks.environment import Kind
from tests.stacks.described import environment, on_aws

WEST = load("demo").eks[0]


def test_a_cluster_that_another_environment_calls_alike_is_told() -> None:
    mine = environment(on_aws(WEST.name, region=WEST.region))

    assert (
        f"cluster {WEST.name!r} in {WEST.region} is one of environment 'demo' too. In one account "
        "they would be one cluster to AWS. Deploy them to different accounts, or rename the one "
        "that is not deployed yet"
    ) in same_names("mine", mine)


def test_another_region_and_another_name_are_no_neighbours() -> None:
    elsewhere = environment(on_aws(WEST.name, region="us-east-2"), on_aws("lonely", block=20))

    assert same_names("mine", elsewhere) == []


def test_an_environment_is_not_its_own_neighbour() -> None:
    assert not any("'demo'" in told for told in same_names("demo", load("demo")))


def test_kind_clusters_have_no_account() -> None:
    assert same_names("mine", environment(Kind("local"))) == []
