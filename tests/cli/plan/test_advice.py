"""Clusters of two environments with the same name, which AWS would treat as one."""

from datetime import date

from cli.plan.advice import ending_support, region_quotas, same_names
from components.environment import Kind, NatGateways
from stacks import load
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


def test_kind_clusters_have_no_account() -> None:
    assert same_names("mine", planned(Kind("local"))) == []


def test_the_end_of_support_is_reported_sixty_days_before() -> None:
    old = planned(on_aws("west", kubernetes="1.34"), Kind("local"))

    assert ending_support(old, date(2026, 10, 2)) == []
    assert ending_support(old, date(2026, 10, 3)) == [
        "cluster 'west': AWS' standard support of Kubernetes 1.34 ends on 2026-12-02, and then AWS "
        "upgrades the control plane on its own. Upgrade it before, one minor version at a time: "
        "Eks(kubernetes=...)"
    ]


def test_more_public_addresses_than_an_account_has_in_a_region_are_reported() -> None:
    three = [on_aws(name, block=block) for block, name in enumerate("abc", start=1)]
    far = on_aws("far", block=9, region="eu-west-3")

    assert region_quotas(planned(*three, far)) == [
        "region eu-west-1 needs 9 elastic IP addresses, for the NAT gateways of a, b, c. An "
        "account has 5 until it asks for more (quota L-0263D0A3 of ec2). Ask for them, or use "
        "nat=NatGateways.SINGLE"
    ]
    assert region_quotas(planned(three[0], far)) == []


def test_more_networks_than_an_account_has_in_a_region_are_reported() -> None:
    six = [on_aws(f"c{block}", block=block, nat=NatGateways.NONE) for block in range(6)]

    assert region_quotas(planned(*six)) == [
        "region eu-west-1 needs 6 VPCs, of c0, c1, c2, c3, c4, c5. An account has 5 until it asks "
        "for more (quota L-F678F1CE of vpc). Ask for them, or use another region"
    ]
    assert region_quotas(planned(*six[:5])) == []
