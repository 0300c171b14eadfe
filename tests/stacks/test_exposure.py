"""Who may reach an API server or a gateway follows from the links that come in."""

import pytest
from hypothesis import given

from stacks import exposure
from stacks.environment import (
    Eks,
    Environment,
    Existing,
    Export,
    Kind,
    Linkerd,
    LinkSpec,
    Mode,
    Nat,
    chain,
)
from stacks.linkerd import Proxy
from tests.stacks.described import OPERATORS, environment, environments, on_aws

SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
DESCRIBED = environment(
    Kind("local"),
    on_aws("west", block=10, nat=Nat.ONE),
    on_aws("east", block=20),
    on_aws("data", block=30),
    links=[*chain("local", "west", "east", "data"), LinkSpec("west", "data")],
)
BOTH = environment(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=[LinkSpec("local", "east"), LinkSpec("west", "east")],
)
NATS = {"west": ["203.0.113.1/32"], "east": ["203.0.113.2/32", "203.0.113.3/32"]}


def test_operators_and_the_nat_addresses_of_sources_may_call_an_api_server() -> None:
    assert exposure.api_access(DESCRIBED, "east", NATS) == [*OPERATORS, "203.0.113.1/32"]
    assert exposure.api_access(DESCRIBED, "data", NATS) == [
        *OPERATORS,
        "203.0.113.2/32",
        "203.0.113.3/32",
        "203.0.113.1/32",
    ]


def test_a_kind_cluster_calls_from_the_operators_addresses() -> None:
    assert exposure.api_access(DESCRIBED, "west", NATS) == OPERATORS


def test_a_gateway_that_a_kind_cluster_calls_faces_the_internet_for_operators_only() -> None:
    assert exposure.is_public(DESCRIBED, "west")
    assert exposure.gateway_sources(DESCRIBED, "west", NATS) == OPERATORS
    assert exposure.gateway_annotations(DESCRIBED, "west")[SCHEME] == "internet-facing"


def test_a_gateway_that_only_clusters_on_aws_call_is_internal_and_for_their_networks() -> None:
    assert not exposure.is_public(DESCRIBED, "data")
    assert exposure.gateway_sources(DESCRIBED, "data", NATS) == ["10.20.0.0/16", "10.10.0.0/16"]
    assert exposure.gateway_annotations(DESCRIBED, "data")[SCHEME] == "internal"


def test_a_gateway_that_both_call_is_open_to_operators_and_nat_addresses() -> None:
    assert exposure.is_public(BOTH, "east")
    assert exposure.gateway_sources(BOTH, "east", NATS) == [*OPERATORS, "203.0.113.1/32"]


def test_a_load_balancer_asks_the_gateway_itself_whether_it_is_well() -> None:
    prefix = "service.beta.kubernetes.io/aws-load-balancer"
    annotations = exposure.gateway_annotations(DESCRIBED, "west")

    assert annotations == {
        f"{prefix}-scheme": "internet-facing",
        f"{prefix}-nlb-target-type": "ip",
        f"{prefix}-healthcheck-protocol": "HTTP",
        f"{prefix}-healthcheck-port": "4191",
        f"{prefix}-healthcheck-path": "/ready",
        f"{prefix}-attributes": "load_balancing.cross_zone.enabled=true",
        f"{prefix}-target-group-attributes": "preserve_client_ip.enabled=false",
    }


PRIVATE = environment(
    on_aws("west", block=10, nat=Nat.NONE),
    on_aws("east", block=20),
    links=chain("west", "east"),
    exports=[Export("db", namespace="data", of="east", mode=Mode.FLAT)],
    operators=["10.99.0.0/16"],
)


SITES = environment(
    Existing("onprem", egress=["192.0.2.0/28"]),
    on_aws("east", block=20),
    links=chain("onprem", "east"),
)


def row(name: str, described: Environment, target: str) -> list[exposure.Block]:
    """What one row of the table lets in."""
    [found] = [row for row in exposure.TABLE if row.name == name]
    return list(found.blocks(described, target, NATS))


# One line a row of the table: an environment and target where it lets somebody in, and whom; and
# one where it lets nobody in.
ROWS: dict[str, tuple[tuple[Environment, str, list[str]], tuple[Environment, str]]] = {
    "api-operators": ((DESCRIBED, "west", OPERATORS), (PRIVATE, "east")),
    "api-nat": ((DESCRIBED, "east", ["203.0.113.1/32"]), (PRIVATE, "east")),
    "api-private-operators": ((PRIVATE, "east", ["10.99.0.0/16"]), (DESCRIBED, "east")),
    "api-peers": ((PRIVATE, "east", ["10.10.0.0/16"]), (DESCRIBED, "east")),
    "api-sites": ((SITES, "east", ["192.0.2.0/28"]), (DESCRIBED, "east")),
    "gateway-sites": ((SITES, "east", ["192.0.2.0/28"]), (DESCRIBED, "east")),
    "gateway-peers": ((DESCRIBED, "east", ["10.10.0.0/16"]), (DESCRIBED, "west")),
    "gateway-operators": ((DESCRIBED, "west", OPERATORS), (DESCRIBED, "east")),
    "gateway-nat": ((BOTH, "east", ["203.0.113.1/32"]), (DESCRIBED, "east")),
    "pods-flat": ((PRIVATE, "east", ["10.10.0.0/16"]), (DESCRIBED, "east")),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_lets_its_callers_in_where_they_call_and_nobody_elsewhere(name: str) -> None:
    (described, target, expected), (other, elsewhere) = ROWS[name]

    assert row(name, described, target) == expected
    assert row(name, other, elsewhere) == []


# Who comes in without a rule of ours, at which ports, and through what.
WITHOUT_RULES = {
    "webhooks": ((8443, 9443, 8089), exposure.Door.ITSELF),
    "kubelets": ((443, 10250), exposure.Door.ITSELF),
    "gateway-targets": ((4143, 4191), exposure.Door.CONTROLLER),
}


@pytest.mark.parametrize("name", WITHOUT_RULES)
def test_a_row_that_needs_no_rule_of_ours_says_who_lets_its_callers_in(name: str) -> None:
    [found] = [row for row in exposure.TABLE if row.name == name]

    assert (found.ports(DESCRIBED), found.door) == WITHOUT_RULES[name]
    assert row(name, DESCRIBED, "east") == []


def test_the_gateways_health_is_asked_at_the_admin_port_of_the_proxies() -> None:
    described = environment(
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=chain("west", "east"),
        linkerd=Linkerd(proxy=Proxy(admin_port=9191)),
    )
    [gateway] = [row for row in exposure.TABLE if row.name == "gateway-peers"]
    prefix = "service.beta.kubernetes.io/aws-load-balancer"

    assert gateway.ports(described) == (4143, 9191)
    assert exposure.gateway_annotations(described, "east")[f"{prefix}-healthcheck-port"] == "9191"


def test_every_row_has_its_test() -> None:
    assert {row.name for row in exposure.TABLE} == ROWS.keys() | WITHOUT_RULES.keys()


def test_a_private_api_server_has_rules_on_its_security_group_and_an_empty_allow_list() -> None:
    rules = exposure.ingress(PRIVATE, "east")

    assert exposure.api_access(PRIVATE, "east", NATS) == []
    assert [(rule.name, rule.port, rule.blocks) for rule in rules] == [
        ("api-private-operators", 443, ("10.99.0.0/16",)),
        ("api-peers", 443, ("10.10.0.0/16",)),
        ("pods-flat", 4143, ("10.10.0.0/16",)),
    ]


def test_a_public_api_server_needs_no_rule_on_its_security_group() -> None:
    assert exposure.ingress(DESCRIBED, "east") == []


@pytest.mark.parametrize(
    ("block", "private"),
    [
        ("10.1.0.0/16", True),
        ("172.31.255.0/24", True),
        ("192.168.1.1/32", True),
        ("100.64.0.0/16", True),
        ("172.32.0.0/16", False),
        ("198.51.100.10/32", False),
        ("8.0.0.0/6", False),
    ],
)
def test_private_is_what_is_never_routed_on_the_internet(block: str, private: bool) -> None:
    assert exposure.is_private(block) is private


@given(environments())
def test_nothing_is_ever_open_to_the_whole_internet_or_to_a_cluster_that_does_not_call(
    described: Environment,
) -> None:
    nats = {name: [f"nat of {name}"] for name in described.names}
    for target in described.names:
        callers = [described.cluster(name) for name in described.sources_of(target)]
        admitted = {
            *OPERATORS,
            *(f"nat of {caller.name}" for caller in callers),
            *(caller.cidr for caller in callers if isinstance(caller, Eks)),
        }

        assert set(exposure.api_access(described, target, nats)) <= admitted
        assert set(exposure.gateway_sources(described, target, nats)) <= admitted


@given(environments())
def test_every_caller_is_admitted_to_the_gateway_and_the_api_server(
    described: Environment,
) -> None:
    nats = {name: [f"nat of {name}"] for name in described.names}
    for source, target in described.links:
        caller = described.cluster(source)
        outside = set(nats[source] if isinstance(caller, Eks) else OPERATORS)
        inside = {caller.cidr} if isinstance(caller, Eks) else set()
        way_in = outside if exposure.is_public(described, target) else inside

        assert outside <= set(exposure.api_access(described, target, nats))
        assert way_in <= set(exposure.gateway_sources(described, target, nats))
