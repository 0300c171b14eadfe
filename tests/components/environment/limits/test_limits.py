"""How much of each limit an environment uses."""

import pytest

from linkmesh.environment import Environment, Existing, Export, Kind, LinkMode, NatGateways, hub
from linkmesh.environment.limits import LIMITS, Use
from linkmesh.environment.topology import Topology
from tests.components.environment.described import environment, on_aws

ON_AWS = [on_aws(name, block=block) for block, name in enumerate(("centre", "one", "two"))]
CALLED = hub("centre", spokes=["one", "two"])
CALLING = [type(link)(link.target, link.source) for link in CALLED]


def uses(name: str, described: Environment) -> list[Use]:
    """Return how much of a limit an environment uses."""
    (limit,) = [limit for limit in LIMITS if limit.name.startswith(name)]
    return [*limit.uses(Topology(described))]


def counts(name: str, described: Environment) -> dict[str, int]:
    """Return the counts of a limit."""
    return {use.of: use.count for use in uses(name, described)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("elastic IP addresses", {"eu-west-1": 9}),
        ("VPCs", {"eu-west-1": 3}),
        ("EKS clusters", {"eu-west-1": 3}),
        ("OIDC providers", {"one account": 3}),
        ("IAM roles", {"one account": 12}),
        ("peerings", {"centre": 2, "one": 1, "two": 1}),
        # Each also has three of its own.
        ("routes", {"centre": 5, "one": 4, "two": 4}),
    ],
)
def test_aws_counts_what_clusters_and_links_need(name: str, expected: dict[str, int]) -> None:
    assert counts(name, environment(*ON_AWS, links=CALLED)) == expected


def test_each_region_is_counted_by_itself() -> None:
    apart = environment(
        on_aws("west", nat=NatGateways.SINGLE), on_aws("east", region="eu-west-3", block=20)
    )

    assert counts("elastic IP", apart) == {"eu-west-1": 1, "eu-west-3": 3}


def test_flow_logs_have_a_role_of_their_own() -> None:
    assert counts("IAM roles", environment(on_aws("west", flow_log_retention_days=30))) == {
        "one account": 5
    }


def test_an_api_server_is_open_to_operators_and_the_nat_gateways_of_callers() -> None:
    assert counts("public blocks", environment(*ON_AWS, links=CALLING)) == {
        "centre": 1 + 2 * 3,
        "one": 1,
        "two": 1,
    }


def test_the_gateway_has_a_rule_for_each_caller_and_port() -> None:
    assert counts(
        "rules of the security group of the gateway", environment(*ON_AWS, links=CALLING)
    ) == {
        "centre": 2 * 2,
        "one": 0,
        "two": 0,
    }


def test_calls_between_pods_have_rules_in_the_group_of_the_cluster() -> None:
    flat = Export("db", namespace="shop", of="centre", mode=LinkMode.FLAT)
    described = environment(*ON_AWS, links=CALLING, exports=[flat])

    assert counts("rules of the security group of the cluster", described)["centre"] == 2 + 2


def test_a_source_has_three_mirror_controllers_for_each_target() -> None:
    (use,) = uses("pods", environment(*ON_AWS, links=CALLED))

    # Four on each node; of the 32 others and the six controllers, a third.
    assert use == Use(of="centre", count=4 + 13, most=29)


def test_a_node_that_is_not_of_a_known_type_takes_as_many_pods_as_kubernetes_recommends() -> None:
    existing = Existing("onprem", egress=["198.51.100.20/32"], nodes=5)
    described = environment(existing, on_aws("one"), links=hub("onprem", spokes=["one"]))

    assert [use.most for use in uses("pods", described)] == [110]


def test_watches_are_those_of_mirror_controllers_and_of_destinations_for_calls_between_pods() -> (
    None
):
    flat = Export("db", namespace="shop", of="one", mode=LinkMode.FLAT)

    assert counts("watches", environment(*ON_AWS, links=CALLED)) == {"one": 2, "two": 2}
    assert counts("watches", environment(*ON_AWS, links=CALLED, exports=[flat])) == {
        "one": 2 + 3 * 5,
        "two": 2,
    }


def test_each_source_probes_every_three_seconds() -> None:
    assert counts("probes", environment(*ON_AWS, links=CALLING)) == {"centre": 40}


def test_a_laptop_uses_nothing_of_aws() -> None:
    described = environment(Kind("local"), Kind("other"), links=hub("local", spokes=["other"]))

    assert {use.of for limit in LIMITS for use in limit.uses(Topology(described))} == {
        "local",
        "other",
    }


def test_names_of_limits_are_different() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
