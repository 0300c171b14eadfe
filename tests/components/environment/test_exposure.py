"""Who may reach an API server or a gateway follows from the links that come in."""

import pytest
from hypothesis import given

from linkmesh.environment import (
    Block,
    ClusterPlan,
    Eks,
    Existing,
    Export,
    Kind,
    Linkerd,
    LinkMode,
    LinkSpec,
    NatGateway,
    NatGateways,
    Plan,
    ProxyConfig,
    chain,
    exposure,
)
from linkmesh.environment.exposure import Enforcement
from linkmesh.environment.plan.clusters import GatewayPlan
from tests.components.environment.described import OPERATORS, on_aws, planned, plans

DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10, nat=NatGateways.SINGLE),
    on_aws("east", block=20),
    on_aws("data", block=30),
    links=[*chain("local", "west", "east", "data"), LinkSpec("west", "data")],
)
BOTH = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=[LinkSpec("local", "east"), LinkSpec("west", "east")],
)
WEST_NAT = NatGateway("west", 0)
EAST_NATS = [NatGateway("east", index) for index in range(3)]


def gateway_sources(cluster: ClusterPlan) -> list[Block]:
    """Return the blocks that may call a cluster's gateway."""
    assert cluster.gateway is not None
    return [*cluster.gateway.source_ranges]


def test_operators_and_the_nat_addresses_of_sources_may_call_an_api_server() -> None:
    assert DESCRIBED.clusters["east"].public_access == (*OPERATORS, WEST_NAT)
    assert DESCRIBED.clusters["data"].public_access == (*OPERATORS, *EAST_NATS, WEST_NAT)


def test_a_kind_cluster_calls_from_the_operators_addresses() -> None:
    assert DESCRIBED.clusters["west"].public_access == tuple(OPERATORS)


def test_a_gateway_that_a_kind_cluster_calls_faces_the_internet_for_operators_only() -> None:
    gateway = DESCRIBED.clusters["west"].gateway

    assert gateway == GatewayPlan(is_nlb=True, internet_facing=True, source_ranges=tuple(OPERATORS))


def test_a_gateway_that_only_clusters_on_aws_call_is_internal_and_for_their_networks() -> None:
    gateway = DESCRIBED.clusters["data"].gateway

    assert gateway is not None
    assert gateway.is_nlb
    assert not gateway.internet_facing
    assert gateway_sources(DESCRIBED.clusters["data"]) == ["10.20.0.0/16", "10.10.0.0/16"]


def test_a_gateway_that_both_call_is_open_to_operators_and_nat_addresses() -> None:
    assert BOTH.clusters["east"].gateway_is_public
    assert gateway_sources(BOTH.clusters["east"]) == [
        *OPERATORS,
        *(NatGateway("west", index) for index in range(3)),
    ]


PRIVATE = planned(
    on_aws("west", block=10, nat=NatGateways.NONE),
    on_aws("east", block=20),
    links=chain("west", "east"),
    exports=[Export("db", namespace="data", of="east", mode=LinkMode.FLAT)],
    operators=["10.99.0.0/16"],
)


SITES = planned(
    Existing("onprem", egress=["192.0.2.0/28"]),
    on_aws("east", block=20),
    links=chain("onprem", "east"),
)


# No operator is public, but a site calls: the API server's name resolves to public addresses.
WITH_SITE = planned(
    Existing("onprem", egress=["192.0.2.0/28"]),
    on_aws("west", block=10, nat=NatGateways.SINGLE),
    on_aws("east", block=20),
    links=[*chain("onprem", "east"), *chain("west", "east")],
    operators=["10.99.0.0/16"],
)


def test_beside_a_site_a_source_on_aws_calls_by_its_nat_gateway_also_with_private_operators() -> (
    None
):
    east = WITH_SITE.clusters["east"]

    assert east.public_access == (WEST_NAT, "192.0.2.0/28")
    assert gateway_sources(east) == [WEST_NAT, "192.0.2.0/28"]
    assert row("api-peers", WITH_SITE, "east") == []


def row(name: str, plan: Plan, target: str) -> list[Block]:
    """Return the blocks that one row of the table admits."""
    return [
        block
        for opening in plan.clusters[target].openings
        if opening.row.name == name
        for block in opening.blocks
    ]


# One line a row of the table: a plan and target where it admits callers, and which of them; and one
# where it admits none.
ROWS: dict[str, tuple[tuple[Plan, str, list[Block]], tuple[Plan, str]]] = {
    "api-operators": ((DESCRIBED, "west", [*OPERATORS]), (PRIVATE, "east")),
    "api-nat": ((DESCRIBED, "east", [WEST_NAT]), (PRIVATE, "east")),
    "api-private-operators": ((PRIVATE, "east", ["10.99.0.0/16"]), (DESCRIBED, "east")),
    "api-peers": ((PRIVATE, "east", ["10.10.0.0/16"]), (DESCRIBED, "east")),
    "api-sites": ((SITES, "east", ["192.0.2.0/28"]), (DESCRIBED, "east")),
    "gateway-sites": ((SITES, "east", ["192.0.2.0/28"]), (DESCRIBED, "east")),
    "gateway-peers": ((DESCRIBED, "east", ["10.10.0.0/16"]), (DESCRIBED, "west")),
    "gateway-operators": ((DESCRIBED, "west", [*OPERATORS]), (DESCRIBED, "east")),
    "gateway-nat": (
        (BOTH, "east", [*(NatGateway("west", index) for index in range(3))]),
        (DESCRIBED, "east"),
    ),
    "pods-flat": ((PRIVATE, "east", ["10.10.0.0/16"]), (DESCRIBED, "east")),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_admits_its_callers_where_they_call_and_none_elsewhere(name: str) -> None:
    (described, target, expected), (other, elsewhere) = ROWS[name]

    assert row(name, described, target) == expected
    assert row(name, other, elsewhere) == []


# Rows without a rule of ours: at which ports, and how access is enforced.
WITHOUT_RULES = {
    "webhooks": ((8443, 9443, 8089), Enforcement.SAME_SECURITY_GROUP),
    "kubelets": ((443, 10250), Enforcement.SAME_SECURITY_GROUP),
    "gateway-targets": ((4143, 4191), Enforcement.CONTROLLER),
}


@pytest.mark.parametrize("name", WITHOUT_RULES)
def test_a_row_without_a_rule_of_ours_says_how_it_is_enforced(name: str) -> None:
    [found] = [row for row in exposure.TABLE if row.name == name]

    assert (found.ports_with(4191), found.enforced_by) == WITHOUT_RULES[name]
    assert row(name, DESCRIBED, "east") == []


def test_the_gateways_health_is_asked_at_the_admin_port_of_the_proxies() -> None:
    plan = planned(
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=chain("west", "east"),
        linkerd=Linkerd(proxy=ProxyConfig(admin_port=9191)),
    )
    [gateway] = [
        each for each in plan.clusters["east"].openings if each.row.name == "gateway-peers"
    ]

    assert gateway.ports == (4143, 9191)


def test_every_row_has_its_test() -> None:
    assert {row.name for row in exposure.TABLE} == ROWS.keys() | WITHOUT_RULES.keys()


def test_a_private_api_server_has_rules_on_its_security_group_and_an_empty_allow_list() -> None:
    east = PRIVATE.clusters["east"]

    assert east.public_access == ()
    assert [(each.row.name, each.ports, each.blocks) for each in east.security_group_openings] == [
        ("api-private-operators", (443,), ("10.99.0.0/16",)),
        ("api-peers", (443,), ("10.10.0.0/16",)),
        ("pods-flat", (4143,), ("10.10.0.0/16",)),
    ]


def test_a_public_api_server_needs_no_rule_on_its_security_group() -> None:
    assert DESCRIBED.clusters["east"].security_group_openings == []


@given(plans())
def test_nothing_is_ever_open_to_the_whole_internet_or_to_a_cluster_that_does_not_call(
    plan: Plan,
) -> None:
    for cluster in plan.clusters.values():
        callers = [plan.clusters[name] for name in cluster.sources]
        admitted: set[Block] = {*OPERATORS}
        for caller in callers:
            admitted |= {*caller.nat_gateways}
            admitted |= {caller.described.cidr} if isinstance(caller.described, Eks) else set()

        assert {block for opening in cluster.openings for block in opening.blocks} <= admitted


@given(plans())
def test_every_caller_is_admitted_to_the_gateway_and_the_api_server(plan: Plan) -> None:
    for link in plan.links:
        source, target = plan.clusters[link.source], plan.clusters[link.target]
        outside: set[Block] = {*(source.nat_gateways or OPERATORS)}
        inside = {source.described.cidr} if isinstance(source.described, Eks) else set()
        way_in = outside if target.gateway_is_public else inside

        assert outside <= set(target.public_access)
        assert way_in <= set(gateway_sources(target))
