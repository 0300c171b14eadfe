"""Clusters: what is not valid of their names, sizes and versions."""

import pytest

from linkmesh.environment import Existing, InstallProfile, Kind, Linkerd
from tests.components.environment.described import on_aws, planned, problems


def test_an_environment_without_clusters_is_an_error() -> None:
    assert problems() == [
        "environment must have at least one cluster (got none). There would be nothing to deploy. "
        'Use: clusters=[Kind("local")]'
    ]


@pytest.mark.parametrize("name", ["West", "1st", "we_st", "west-", ""])
def test_a_cluster_whose_name_is_no_dns_label_is_an_error(name: str) -> None:
    assert problems(Kind(name)) == [
        "name of a cluster must be a DNS label: lower-case letters, digits and hyphens, a letter "
        f"first (got {name!r}). It ends the name of every mirror service. Use: west"
    ]


@pytest.mark.parametrize("name", ["trust", "network", "links", "apps", "routes"])
def test_a_cluster_with_the_name_of_another_part_is_an_error(name: str) -> None:
    assert problems(Kind(name)) == [
        f"name of a cluster must not be one of trust, network, links, apps, routes (got "
        f"{name!r}). It is the name of another part of the environment. Choose another."
    ]


def test_two_clusters_of_one_name_are_errors() -> None:
    assert problems(Kind("west"), Kind("west")) == [
        "clusters must have different names (got 'west' 2 times). Each is a stack of its own. "
        "Rename one."
    ]


@pytest.mark.parametrize("cluster", [Kind("west", workers=2), Existing("west", nodes=2)])
def test_a_cluster_too_small_for_high_availability_is_an_error(cluster: Kind | Existing) -> None:
    nodes = "workers" if isinstance(cluster, Kind) else "nodes"
    assert problems(cluster) == [
        f"cluster 'west': {nodes} must be at least 3 for InstallProfile.HIGH_AVAILABILITY (got 2). "
        f"Replicas stay off {nodes} that have one already: the rest would never be scheduled. "
        f"Use: more {nodes}, or profile=InstallProfile.SMALL"
    ]


def test_the_small_profile_fits_on_one_node() -> None:
    described = planned(Kind("west", workers=1), linkerd=Linkerd(profile=InstallProfile.SMALL))

    assert described.environment.linkerd.profile is InstallProfile.SMALL


def test_an_eks_cluster_with_nodes_that_do_not_do_is_an_error() -> None:
    found = problems(on_aws("west", nodes=2, disk_gib=5, instance_types=["m7i.large", "m7g.large"]))

    assert [problem.split(" (got")[0] for problem in found] == [
        "cluster 'west': nodes must be at least 3",
        "cluster 'west': disk_gib must be at least 20",
        "cluster 'west': instance_types must be of one architecture",
    ]


def test_a_retention_that_cloudwatch_does_not_know_is_an_error() -> None:
    found = problems(on_aws("west", log_retention_days=77, flow_log_retention_days=8))

    assert [problem.split(" It would")[0] for problem in found] == [
        "cluster 'west': log_retention_days must be a number of days that CloudWatch knows (got "
        "77).",
        "cluster 'west': flow_log_retention_days must be a number of days that CloudWatch knows "
        "(got 8).",
    ]


def test_a_version_of_kubernetes_that_linkerd_does_not_support_is_an_error() -> None:
    [problem] = problems(on_aws("west", kubernetes="1.36"))

    assert problem.startswith("cluster 'west': ")
    assert "(got '1.36')" in problem
    assert "1.35" in problem
