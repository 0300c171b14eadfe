"""What follows from a description: parts, sources and targets, callers, namespaces."""

import pytest
from hypothesis import given

from stacks import load
from stacks.environment import Environment, Export, Injection, Kind, Yelb, chain, mesh
from tests.stacks.described import environment, environments, on_aws

API = Export("api", namespace="shop", of="east")
SCOPED = Export("db", namespace="data", of="east", to=["local"])
DESCRIBED = environment(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=[*chain("local", "east"), *chain("west", "east")],
    exports=[API, SCOPED],
)


def test_parts_are_in_the_order_in_which_data_flows() -> None:
    assert DESCRIBED.parts == ["trust", "network", "local", "west", "east", "links", "apps"]


def test_a_cluster_is_found_by_its_name() -> None:
    assert DESCRIBED.cluster("local") == Kind("local")
    with pytest.raises(KeyError):
        DESCRIBED.cluster("north")


def test_sources_call_and_targets_are_called() -> None:
    assert DESCRIBED.sources_of("east") == ["local", "west"]
    assert DESCRIBED.targets_of("east") == []
    assert DESCRIBED.targets_of("local") == ["east"]


def test_nothing_is_transitive() -> None:
    chained = environment(
        *(on_aws(name, block=ord(name)) for name in "abc"), links=chain("a", "b", "c")
    )

    assert chained.targets_of("a") == ["b"]


def test_an_export_without_sources_goes_to_every_linked_one() -> None:
    assert DESCRIBED.callers_of(API) == ["local", "west"]
    assert DESCRIBED.chosen_sources(API) is None


def test_an_export_with_sources_goes_to_these_alone() -> None:
    assert DESCRIBED.callers_of(SCOPED) == ["local"]
    assert DESCRIBED.chosen_sources(SCOPED) == ("local",)


def test_an_export_that_names_every_linked_source_is_an_export_to_all() -> None:
    everybody = Export("api", namespace="shop", of="east", to=["west", "local"])

    assert DESCRIBED.chosen_sources(everybody) is None


def test_a_namespace_is_where_its_services_are_exported_and_mirrored() -> None:
    assert DESCRIBED.namespaces_of("east") == ["data", "shop"]
    assert DESCRIBED.namespaces_of("local") == ["data", "shop"]
    assert DESCRIBED.namespaces_of("west") == ["shop"]


def test_yelbs_namespace_is_wherever_a_tier_runs() -> None:
    with_yelb = environment(
        Kind("local"),
        on_aws("west"),
        application=Yelb(ui="local", appserver="local", database="local", namespace="vote"),
    )

    assert with_yelb.namespaces_of("local") == ["vote"]
    assert with_yelb.namespaces_of("west") == []


def test_high_availability_is_what_one_gets_without_asking() -> None:
    assert Kind("local").workers == 3
    assert on_aws("west").nodes == 3
    assert on_aws("west").nat.gateways == 3


def test_a_single_kind_cluster_needs_nothing_else() -> None:
    assert Environment(clusters=[Kind("local")]).names == ["local"]


def test_a_mesh_of_ten_clusters_is_described_in_one_word() -> None:
    clusters = [on_aws(f"c{index}", block=index) for index in range(10)]

    ten = environment(*clusters, links=mesh(*[cluster.name for cluster in clusters]))

    assert len(ten.links) == 90
    assert all(len(ten.sources_of(name)) == 9 for name in ten.names)


@given(environments())
def test_every_link_is_seen_alike_from_both_ends(described: Environment) -> None:
    outward = {(name, target) for name in described.names for target in described.targets_of(name)}
    inward = {(source, name) for name in described.names for source in described.sources_of(name)}

    assert outward == inward == {tuple(link) for link in described.links}


@given(environments())
def test_every_mirror_has_its_namespace_on_both_clusters(described: Environment) -> None:
    for export in described.exports:
        assert export.namespace in described.namespaces_of(export.of)
        for caller in described.callers_of(export):
            assert export.namespace in described.namespaces_of(caller)


def test_production_injects_by_namespace_and_development_where_a_deployment_opts_in() -> None:
    assert load("prod").injection is Injection.PER_NAMESPACE
    assert load("dev").injection is Injection.PER_DEPLOYMENT
    # What nobody thought of is in the mesh.
    assert environment(Kind("local")).injection is Injection.PER_NAMESPACE
