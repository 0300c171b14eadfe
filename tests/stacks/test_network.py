"""The part `network`: a network for each EKS cluster, a peering for each pair that is linked."""

import pytest

from linkmesh.environment import Kind, LinkSpec, chain, mesh
from linkmesh.stacks import network
from tests import engine
from tests.components.environment.described import on_aws, planned

PEERING = "linkmesh:index:NetworkPeering"
DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20, region="eu-west-3"),
    links=[*chain("local", "west"), *mesh("west", "east")],
)


@pytest.mark.parametrize(
    "links", [mesh("west", "east"), chain("west", "east"), chain("east", "west")]
)
def test_the_peering_of_a_pair_that_loses_one_of_two_links_stays(links: list[LinkSpec]) -> None:
    described = planned(
        on_aws("west", block=10), on_aws("east", block=20, region="eu-west-3"), links=links
    )

    notes = engine.run(lambda: network.deploy(described, {}), stack="test.network")

    [peering] = notes.of(PEERING)
    request = notes.one("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    assert (peering.name, peering.aliases) == ("west-east", ("east-west",))
    assert request.inputs["vpcId"] == "west-vpc-id"


def test_only_clusters_on_aws_have_networks_and_a_pair_has_one_peering() -> None:
    notes = engine.run(lambda: network.deploy(DESCRIBED, {"team": "mesh"}), stack="test.network")
    networks = [noted.name for noted in notes.of("linkmesh:index:Network")]

    assert networks == ["west", "east"]
    assert [noted.name for noted in notes.of(PEERING)] == ["west-east"]
    assert notes.outputs["network_west"] == {
        "version": 1,
        "vpcId": "west-vpc-id",
        "privateSubnetIds": [f"west-private-{zone}-id" for zone in "abc"],
        "controlPlaneSubnetIds": [f"west-control-plane-{zone}-id" for zone in "abc"],
        "natAddresses": ["203.0.113.7"] * 3,
    }
    assert set(notes.outputs) == {"network_west", "network_east"}


def test_an_environment_of_kind_clusters_has_no_network() -> None:
    notes = engine.run(lambda: network.deploy(planned(Kind("local")), {}), stack="test.network")

    assert notes.resources == []
    assert notes.outputs == {}


def test_networks_of_one_region_share_a_provider_since_each_is_a_process() -> None:
    described = planned(*(on_aws(name, block=10 + index) for index, name in enumerate("abc")))

    notes = engine.run(lambda: network.deploy(described, {"team": "mesh"}), stack="test.network")
    providers = notes.of("pulumi:providers:aws")

    assert [noted.name for noted in providers] == ["network-eu-west-1"]
    assert providers[0].inputs["region"] == "eu-west-1"
    assert "mesh" in str(providers[0].inputs["defaultTags"])
    assert {noted.provider.split("::")[-2] for noted in notes.of("aws:ec2/vpc:Vpc")} == {
        "network-eu-west-1"
    }


def test_each_region_has_a_provider_of_its_own() -> None:
    notes = engine.run(lambda: network.deploy(DESCRIBED, {}), stack="test.network")

    assert [noted.name for noted in notes.of("pulumi:providers:aws")] == [
        "network-eu-west-1",
        "network-eu-west-3",
    ]
