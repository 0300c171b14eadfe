"""What cannot change about a cluster that is deployed."""

from dataclasses import replace

import pytest

from linkmesh.environment import (
    ClusterSpec,
    Eks,
    Environment,
    Existing,
    Export,
    Kind,
    chain,
    impossible_changes,
)
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


def shop_on(site: Existing) -> Environment:
    """Describe an existing cluster with the namespace `shop`."""
    export = Export("api", namespace="shop", of="site")
    return planned(Kind("local"), site, links=chain("local", "site"), exports=[export]).environment


def test_a_linkerd_of_others_stays_theirs() -> None:
    before, after = shop_on(Existing("site")), shop_on(Existing("site", has_linkerd=True))

    [problem] = impossible_changes(before, after)
    [back] = impossible_changes(after, before)

    assert problem.startswith("has_linkerd of 'site' must stay False (got True). Linkerd would be")
    assert back.startswith("has_linkerd of 'site' must stay True (got False).")


def test_a_namespace_that_linkmesh_made_is_not_adopted_before_it_is_given_away() -> None:
    before, after = shop_on(Existing("site")), shop_on(Existing("site", namespaces=["shop"]))

    assert impossible_changes(before, after) == [
        "namespaces of 'site' must not contain 'shop', which linkmesh made. Pulumi would delete "
        "it, and everything in it. To give it away, take it out of the state first: pulumi state "
        "delete --stack ENVIRONMENT.site URN, with the URN of Namespace site-shop, which pulumi "
        "stack --show-urns prints"
    ]
    assert impossible_changes(after, after) == []


def test_a_new_namespace_may_be_one_that_is_there() -> None:
    before = planned(Kind("local"), Existing("site")).environment

    assert impossible_changes(before, shop_on(Existing("site", namespaces=["shop"]))) == []
