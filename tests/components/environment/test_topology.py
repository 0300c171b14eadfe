"""Who calls whom follows from links and exports."""

from linkmesh.environment import Export, Kind, LinkMode, Yelb, chain
from linkmesh.environment.links import LinkSpec
from linkmesh.environment.topology import Topology
from tests.components.environment.described import environment, on_aws

API = Export("api", namespace="shop", of="east")
SCOPED = Export("db", namespace="data", of="east", to=["local"])

DESCRIBED = Topology(
    environment(
        Kind("local"),
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=[*chain("local", "east"), *chain("west", "east")],
        exports=[API, SCOPED],
    )
)


def test_sources_call_and_targets_are_called() -> None:
    assert DESCRIBED.sources_of("east") == ("local", "west")
    assert DESCRIBED.targets_of("east") == ()
    assert DESCRIBED.targets_of("local") == ("east",)


def test_nothing_is_transitive() -> None:
    chained = environment(
        *(on_aws(name, block=ord(name)) for name in "abc"), links=chain("a", "b", "c")
    )

    assert Topology(chained).targets_of("a") == ("b",)


def test_an_export_without_sources_is_for_every_linked_one() -> None:
    assert DESCRIBED.callers_of(API) == ("local", "west")
    assert DESCRIBED.chosen_sources(API) is None


def test_an_export_with_sources_is_only_for_these() -> None:
    assert DESCRIBED.callers_of(SCOPED) == ("local",)
    assert DESCRIBED.chosen_sources(SCOPED) == ("local",)


def test_an_export_that_names_every_linked_source_is_an_export_to_all() -> None:
    everyone = Export("api", namespace="shop", of="east", to=["west", "local"])

    assert DESCRIBED.chosen_sources(everyone) is None


def test_a_link_is_used_by_its_exports_and_through_the_gateway_as_long_as_it_has_none() -> None:
    flat = Export("db", namespace="shop", of="east", to=["local"], mode=LinkMode.FLAT)
    described = Topology(
        environment(
            on_aws("local", block=1),
            on_aws("west", block=10),
            on_aws("east", block=20),
            links=[*chain("local", "east"), *chain("west", "east")],
            exports=[flat],
        )
    )

    assert described.modes_of(LinkSpec("local", "east")) == (LinkMode.FLAT,)
    assert described.modes_of(LinkSpec("west", "east")) == (LinkMode.GATEWAY,)
    assert described.has_gateway("east")


def test_a_namespace_is_where_its_services_are_exported_and_mirrored() -> None:
    assert DESCRIBED.namespaces_of("east") == ["data", "shop"]
    assert DESCRIBED.namespaces_of("local") == ["data", "shop"]
    assert DESCRIBED.namespaces_of("west") == ["shop"]


def test_yelbs_namespace_is_wherever_a_tier_runs() -> None:
    with_yelb = Topology(
        environment(
            Kind("local"),
            on_aws("west"),
            application=Yelb(ui="local", appserver="local", database="local", namespace="vote"),
        )
    )

    assert with_yelb.namespaces_of("local") == ["vote"]
    assert with_yelb.namespaces_of("west") == []
