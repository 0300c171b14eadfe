"""Clusters that two environments call alike: told, since AWS would take them for one."""

from datetime import date

from cli.plan.advice import ending_support, same_names
from components.environment import Kind
from stacks import load
from tests.components.environment.described import on_aws, planned

WEST = load("demo").environment.eks[0]


def test_a_cluster_that_another_environment_calls_alike_is_told() -> None:
    mine = planned(on_aws(WEST.name, region=WEST.region))

    assert (
        f"cluster {WEST.name!r} in {WEST.region} is one of environment 'demo' too. In one account "
        "they would be one cluster to AWS. Deploy them to different accounts, or rename the one "
        "that is not deployed yet"
    ) in same_names("mine", mine)


def test_another_region_and_another_name_are_no_neighbours() -> None:
    elsewhere = planned(on_aws(WEST.name, region="us-east-2"), on_aws("lonely", block=20))

    assert same_names("mine", elsewhere) == []


def test_an_environment_is_not_its_own_neighbour() -> None:
    assert not any("'demo'" in told for told in same_names("demo", load("demo")))


def test_kind_clusters_have_no_account() -> None:
    assert same_names("mine", planned(Kind("local"))) == []


def test_the_end_of_support_is_told_sixty_days_before() -> None:
    old = planned(on_aws("west", kubernetes="1.34"), Kind("local"))

    assert ending_support(old, date(2026, 10, 2)) == []
    assert ending_support(old, date(2026, 10, 3)) == [
        "cluster 'west': AWS' standard support of Kubernetes 1.34 ends on 2026-12-02, and then AWS "
        "upgrades the control plane on its own. Upgrade it before, one minor version at a time: "
        "Eks(kubernetes=...)"
    ]
