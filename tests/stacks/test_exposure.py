"""Who may reach an API server or a gateway follows from the links that come in."""

from hypothesis import given

from stacks import exposure
from stacks.environment import Eks, Environment, Kind, LinkSpec, Nat, chain
from tests.stacks.described import OPERATORS, environment, environments, on_aws

INTERNAL = "service.beta.kubernetes.io/aws-load-balancer-internal"
DESCRIBED = environment(
    Kind("local"),
    on_aws("west", block=10, nat=Nat.ONE),
    on_aws("east", block=20),
    on_aws("data", block=30),
    links=[*chain("local", "west", "east", "data"), LinkSpec("west", "data")],
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
    assert INTERNAL not in exposure.gateway_annotations(DESCRIBED, "west")


def test_a_gateway_that_only_clusters_on_aws_call_is_internal_and_for_their_networks() -> None:
    assert not exposure.is_public(DESCRIBED, "data")
    assert exposure.gateway_sources(DESCRIBED, "data", NATS) == ["10.20.0.0/16", "10.10.0.0/16"]
    assert exposure.gateway_annotations(DESCRIBED, "data")[INTERNAL] == "true"


def test_a_gateway_that_both_call_is_open_to_operators_and_nat_addresses() -> None:
    both = environment(
        Kind("local"),
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=[LinkSpec("local", "east"), LinkSpec("west", "east")],
    )

    assert exposure.is_public(both, "east")
    assert exposure.gateway_sources(both, "east", NATS) == [*OPERATORS, "203.0.113.1/32"]


def test_a_load_balancer_asks_the_gateway_itself_whether_it_is_well() -> None:
    prefix = "service.beta.kubernetes.io/aws-load-balancer"
    annotations = exposure.gateway_annotations(DESCRIBED, "west")

    assert annotations == {
        f"{prefix}-type": "nlb",
        f"{prefix}-healthcheck-protocol": "HTTP",
        f"{prefix}-healthcheck-port": "4191",
        f"{prefix}-healthcheck-path": "/ready",
        f"{prefix}-cross-zone-load-balancing-enabled": "true",
    }


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
