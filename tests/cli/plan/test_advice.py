"""Advice: clusters with the same name, limits that are near, and the end of support."""

from datetime import date

from linkmesh.cli.plan.advice import ending_support, near_limits, same_names
from linkmesh.environment import Existing, Kind, NatGateways, Plan, chain, hub
from linkmesh.stacks import load
from tests.components.environment.described import on_aws, planned

WEST = load("demo").environment.eks[0]


def test_a_cluster_with_the_name_of_one_in_another_environment_is_reported() -> None:
    mine = planned(on_aws(WEST.name, region=WEST.region))

    assert (
        f"cluster {WEST.name!r} in {WEST.region} is in environment 'demo' too. In one account, "
        "AWS would treat them as one cluster. Deploy them to different accounts, or rename the one "
        "that is not deployed yet"
    ) in same_names("mine", mine)


def test_another_region_or_name_is_not_reported() -> None:
    elsewhere = planned(on_aws(WEST.name, region="us-east-2"), on_aws("lonely", block=20))

    assert same_names("mine", elsewhere) == []


def test_an_environment_is_not_compared_with_itself() -> None:
    assert not any("'demo'" in line for line in same_names("demo", load("demo")))


def test_kind_clusters_of_one_name_need_two_machines() -> None:
    assert same_names("mine", planned(Kind("local"), Kind("mine-only"))) == [
        "kind cluster 'local' is in environment 'demo' too. On one machine kind has one cluster of "
        "a name, so the second up would fail. Deploy them on different machines or one after the "
        "other, or rename the one that is not deployed yet"
    ]


def test_existing_clusters_may_have_one_name() -> None:
    assert same_names("mine", planned(Existing("onprem"))) == []


def spread(count: int) -> Plan:
    """Plan a hub of large nodes that calls spokes, each cluster in a region that has room."""
    regions = ("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "us-east-1", "us-west-2")
    names = [f"c{index}" for index in range(count)]
    clusters = [
        on_aws(
            name,
            block=index,
            region=regions[index % len(regions)],
            nat=NatGateways.SINGLE,
            nodes=30,
        )
        for index, name in enumerate(names)
    ]
    return planned(*clusters, links=hub(names[0], spokes=names[1:]))


def test_a_small_environment_is_near_no_limit() -> None:
    assert near_limits(spread(18)) == []


def test_a_limit_is_named_from_four_fifths_on_with_what_happens_beyond() -> None:
    warned = [line for line in near_limits(spread(41)) if line.startswith("peerings")]

    assert not any(line.startswith("peerings") for line in near_limits(spread(40)))
    assert warned == [
        "peerings of the network: 40 of 50 in c0. AWS refuses more. Link fewer clusters to it, or "
        "make a hub of two. It can be raised: to 125 on request"
    ]


def test_what_uses_most_of_a_limit_is_named_first_and_the_rest_is_counted() -> None:
    clusters = [
        on_aws(f"c{index}", block=index, region=region, nat=nat)
        for index, (region, nat) in enumerate(
            [
                *[("eu-west-1", NatGateways.ONE_PER_AZ)] * 2,
                *[("eu-west-2", NatGateways.ONE_PER_AZ)] * 3,
                *[("eu-west-3", NatGateways.SINGLE)] * 4,
                *[("us-east-1", NatGateways.SINGLE)] * 5,
            ]
        )
    ]

    (first, *_) = near_limits(planned(*clusters))

    assert first.startswith(
        "elastic IP addresses of the region: 9 of 5 in eu-west-2, 6 of 5 in eu-west-1, 5 of 5 in "
        "us-east-1, and 1 more. Further NAT gateways fail. "
    )


def test_clusters_without_links_and_quotas_are_near_no_limit() -> None:
    assert near_limits(planned(Kind("local"), Kind("other"), links=chain("local", "other"))) == []


def test_the_end_of_support_is_reported_sixty_days_before() -> None:
    old = planned(on_aws("west", kubernetes="1.34"), Kind("local"))

    assert ending_support(old, date(2026, 10, 2)) == []
    assert ending_support(old, date(2026, 10, 3)) == [
        "cluster 'west': AWS' standard support of Kubernetes 1.34 ends on 2026-12-02, and then AWS "
        "upgrades the control plane on its own. Upgrade it before, one minor version at a time: "
        "Eks(kubernetes=...)"
    ]
