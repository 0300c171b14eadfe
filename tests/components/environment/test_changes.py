"""What cannot change about a cluster that is deployed."""

from dataclasses import replace

import pytest

from linkmesh.environment import ClusterSpec, Eks, Existing, Kind, impossible_changes
from tests.components.environment.described import on_aws, planned

EAST = on_aws("east", block=20)


def changed(cluster: ClusterSpec, before: ClusterSpec = EAST) -> list[str]:
    """Compare a description with a deployed one."""
    any_environment = planned(EAST).environment
    return impossible_changes(
        replace(any_environment, clusters=[on_aws("west", block=10), before]),
        replace(any_environment, clusters=[cluster]),
    )


def test_a_live_network_keeps_its_addresses() -> None:
    assert changed(replace(EAST, cidr="10.21.0.0/16")) == [
        "cidr of 'east' must stay 10.20.0.0/16 (got 10.21.0.0/16). AWS cannot replace a network "
        "that a cluster is in. Use: another cluster beside it, under another name; move its "
        "exports there, then remove 'east'"
    ]


def test_a_cluster_stays_in_its_region() -> None:
    [problem] = changed(replace(EAST, region="eu-west-3", cidr="10.21.0.0/16"))

    assert problem.startswith(f"region of 'east' must stay {EAST.region} (got eu-west-3).")


@pytest.mark.parametrize("cluster", [Kind("east"), Existing("east")])
def test_a_cluster_stays_of_its_kind(cluster: ClusterSpec) -> None:
    [problem] = changed(cluster)

    assert problem.startswith("cluster 'east' must stay Eks(...) (got ")


def test_kubernetes_goes_up_by_one_minor_version() -> None:
    old = replace(EAST, kubernetes="1.33")

    assert changed(replace(EAST, kubernetes="1.34"), old) == []
    assert changed(replace(EAST, kubernetes="1.35"), old) == [
        "kubernetes of 'east' must be at most one minor version after 1.33 (got 1.35). EKS "
        'upgrades one at a time. Use: kubernetes="1.34", then the next'
    ]


def test_kubernetes_does_not_go_back() -> None:
    [problem] = changed(replace(EAST, kubernetes="1.34"), replace(EAST, kubernetes="1.35"))

    assert problem.startswith("kubernetes of 'east' must be at least 1.35 (got 1.34).")


def test_everything_else_can_change_and_what_is_new_is_free() -> None:
    assert changed(replace(EAST, nodes=5, disk_gib=80, protect=True)) == []
    assert changed(Eks("south", region="eu-west-1", cidr="10.99.0.0/16")) == []
