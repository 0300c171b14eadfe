"""What follows from a description as a whole: parts, links from both ends, peerings, names."""

import pytest
from hypothesis import given

from linkmesh.environment import Alias, Environment, Export, Kind, Plan, chain, mesh
from tests.components.environment.described import on_aws, planned, plans

DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=[*chain("local", "east"), *chain("west", "east")],
    exports=[Export("api", namespace="shop", of="east")],
)


def test_parts_are_in_the_order_in_which_data_flows() -> None:
    described = planned(
        Kind("local"),
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=chain("local", "west", "east"),
        exports=[Export("api", namespace="shop", of="east")],
        aliases=[Alias("api", namespace="shop", on="west", of="east", port=80)],
    )

    assert described.parts == [
        *("trust", "network", "local", "west", "east"),
        *("links.local", "links.west", "apps.east", "routes.west"),
    ]


def test_a_link_is_found_by_its_ends() -> None:
    assert DESCRIBED.link("west", "east") is DESCRIBED.links[1]
    with pytest.raises(KeyError):
        DESCRIBED.link("east", "west")


def test_a_mesh_of_ten_clusters_is_described_in_one_word() -> None:
    clusters = [on_aws(f"c{index}", block=index) for index in range(10)]
    ten = planned(*clusters, links=mesh(*[cluster.name for cluster in clusters]))

    assert len(ten.links) == 90
    assert all(len(cluster.sources) == 9 for cluster in ten.clusters.values())


def test_a_pair_that_is_linked_both_ways_has_one_peering_in_the_order_of_the_clusters() -> None:
    three = planned(
        *(on_aws(name, block=10 + place) for place, name in enumerate("cab")),
        links=[*mesh("a", "b"), *chain("b", "c")],
    )

    assert three.peerings == [("c", "b"), ("a", "b")]


def test_the_names_that_others_see_are_those_of_each_service_on_each_cluster() -> None:
    names = {check.name for check in DESCRIBED.derived_names}

    assert {"api-local", "api-west", "api-east", "api-federated"} <= names
    assert {"controller-east", "cluster-credentials-east", "alias/west-secrets"} <= names


def test_what_was_deployed_is_planned_without_its_rules() -> None:
    assert Plan.unchecked(Environment(clusters=[])).parts == ["trust", "network"]


@given(plans())
def test_every_link_is_seen_alike_from_both_ends(plan: Plan) -> None:
    outward = {
        (cluster.name, target) for cluster in plan.clusters.values() for target in cluster.targets
    }
    inward = {
        (source, cluster.name) for cluster in plan.clusters.values() for source in cluster.sources
    }

    assert outward == inward == {tuple(link) for link in plan.environment.links}


@given(plans())
def test_every_mirror_has_its_namespace_on_both_clusters(plan: Plan) -> None:
    for export in plan.exports:
        namespace = export.described.namespace
        assert namespace in plan.clusters[export.described.of].namespaces
        for caller in export.callers:
            assert namespace in plan.clusters[caller].namespaces
