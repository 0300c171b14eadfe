"""Links: what is not valid because nothing could be called over it, or AWS would not make it."""

from typing import Any

import pytest

from linkmesh.environment import Eks, Existing, Kind, LinkSpec, NatGateways, chain, hub, mesh
from tests.components.environment.described import EAST, LOCAL, WEST, on_aws, planned, problems


@pytest.mark.parametrize("link", [LinkSpec("north", "west"), LinkSpec("west", "north")])
def test_a_link_of_an_unknown_cluster_is_an_error(link: LinkSpec) -> None:
    assert problems(WEST, EAST, links=[link]) == [
        f"link {link} must join clusters of the environment (got 'north'). Known: east, west."
    ]


def test_a_link_of_a_cluster_to_itself_is_an_error() -> None:
    assert problems(WEST, links=[LinkSpec("west", "west")]) == [
        "link west -> west must join two clusters (got one). A cluster calls its own services by "
        "their own names. Remove the link."
    ]


def test_a_link_to_a_cluster_that_cannot_be_reached_is_an_error() -> None:
    assert problems(LOCAL, WEST, links=chain("west", "local")) == [
        "link west -> local must have a target that others can reach (got the kind cluster "
        "'local'). Its API server listens on the loopback address of one machine. Turn the link "
        "round, or make 'local' an EKS cluster."
    ]


def test_a_link_that_is_given_twice_is_an_error() -> None:
    links = [*chain("local", "west"), *chain("local", "west")]

    assert problems(LOCAL, WEST, links=links) == [
        "link local -> west must be given once (got 2 times). Remove the others."
    ]


def test_a_kind_cluster_cannot_call_a_gateway_that_is_only_internal() -> None:
    assert problems(LOCAL, WEST, links=chain("local", "west"), operators=["10.99.0.0/16"]) == [
        "link local -> west must come from where 'west' can be reached (got a kind cluster, and "
        "operators 10.99.0.0/16, all private). Its API server and its gateway would be internal. "
        "Add the public address of the machine of 'local': operators=[\"198.51.100.10/32\"]"
    ]


def test_a_source_that_cannot_leave_its_network_cannot_call_a_public_api_server() -> None:
    links = chain("west", "east")

    assert problems(on_aws("west", nat=NatGateways.NONE), EAST, links=links) == [
        "link west -> east must have a way to the public API endpoint of 'east' (got "
        "nat=NatGateways.NONE on 'west'). Its pods cannot leave their network. Give it "
        "nat=NatGateways.SINGLE, or give only private operators, so that the peering is the way."
    ]
    private: dict[str, Any] = {"links": links, "operators": ["10.99.0.0/16"]}
    assert len(planned(on_aws("west", nat=NatGateways.NONE), EAST, **private).links) == 1


def test_a_source_that_cannot_leave_its_network_cannot_call_what_a_site_calls_too() -> None:
    onprem = Existing("onprem", egress=["192.0.2.0/28"])
    links = [*chain("west", "east"), *chain("onprem", "east")]
    private: dict[str, Any] = {"links": links, "operators": ["10.99.0.0/16"]}

    assert problems(onprem, on_aws("west", nat=NatGateways.NONE), EAST, **private) == [
        "link west -> east must have a way to the public API endpoint of 'east' (got "
        "nat=NatGateways.NONE on 'west'). Its pods cannot leave their network. Give it "
        "nat=NatGateways.SINGLE."
    ]


def many(count: int, **overrides: Any) -> list[Eks]:
    """Describe a hub and its spokes."""
    spokes = [on_aws(f"s{index}", block=index + 1, **overrides) for index in range(count)]
    return [on_aws("hub", block=0, **overrides), *spokes]


def test_more_peerings_than_a_network_can_have_are_errors() -> None:
    clusters = many(51, nat=NatGateways.SINGLE)
    links = hub("hub", spokes=[cluster.name for cluster in clusters[1:]])

    assert problems(*clusters, links=links) == [
        "network of cluster 'hub' must have at most 50 peerings (got 51). AWS refuses more. Link "
        "fewer clusters to it, or make a hub of two."
    ]


def test_as_many_peerings_as_a_network_can_have_are_valid() -> None:
    clusters = many(50, nat=NatGateways.SINGLE)
    links = hub("hub", spokes=[cluster.name for cluster in clusters[1:]])

    assert len(planned(*clusters, links=links).clusters["hub"].peers) == 50


def test_more_callers_than_an_api_endpoint_can_list_are_errors() -> None:
    clusters = many(14, nat=NatGateways.ONE_PER_AZ)
    links = [LinkSpec(cluster.name, "hub") for cluster in clusters[1:]]

    assert problems(*clusters, links=links) == [
        "API server of cluster 'hub' must be open to at most 40 public blocks (got 43: operators, "
        "and the NAT gateways of those that call it). EKS refuses more. Give the callers "
        "nat=NatGateways.SINGLE, or give only private operators."
    ]
    assert planned(*many(14, nat=NatGateways.SINGLE), links=links)


@pytest.mark.parametrize("numbers", [(), (0,), (2, 1), (1, 1)])
def test_tokens_whose_numbers_do_not_rise_are_errors(numbers: tuple[int, ...]) -> None:
    assert problems(LOCAL, WEST, links=chain("local", "west"), token_generations=numbers) == [
        f"token_generations must be rising numbers from 1 (got {list(numbers)}). The last is the "
        "token that sources use. Use: token_generations=(1, 2)"
    ]


def test_kind_clusters_of_one_machine_call_one_another() -> None:
    links = mesh("local", "other")

    assert len(planned(LOCAL, Kind("other"), links=links).links) == 2


def test_a_cluster_that_exists_and_calls_eks_must_say_from_where() -> None:
    onprem = Existing("onprem")

    assert problems(onprem, WEST, links=chain("onprem", "west")) == [
        "link onprem -> west must come from known addresses (got egress of 'onprem': none). The "
        "API server and gateway of 'west' admit only known addresses. "
        'Use: Existing("onprem", egress=["198.51.100.20/32"])'
    ]
