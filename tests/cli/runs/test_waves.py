"""Which stacks run before which."""

from graphlib import TopologicalSorter

from hypothesis import given

from linkmesh.cli.runs.waves import downstream, in_parallel, levels, upstream
from linkmesh.environment import Alias, Export, Kind, LinkMode, Plan, Route, chain, mesh
from tests.components.environment.described import on_aws, planned, plans

DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
    exports=[Export("api", namespace="shop", of=each) for each in ("west", "east")],
    aliases=[Alias("api", namespace="shop", on="west", of="east", port=80, is_there=True)],
)


def test_links_wait_for_their_source_and_targets_and_exports_for_the_links_of_their_callers() -> (
    None
):
    assert upstream(DESCRIBED) == {
        "trust": set(),
        "network": set(),
        "local": {"trust"},
        "west": {"trust", "network"},
        "east": {"trust", "network"},
        "links.local": {"local", "west"},
        "links.west": {"west", "east"},
        "apps.west": {"west", "links.local", "links.west"},
        "apps.east": {"east", "links.west"},
        "routes.west": {"west", "links.west", "apps.west", "apps.east"},
    }


def test_a_preview_waits_for_nothing_and_begins_with_what_takes_longest() -> None:
    order = in_parallel(upstream(DESCRIBED))

    assert list(order)[:5] == ["trust", "network", "local", "west", "east"]
    assert not any(order.values())


def test_destroying_runs_in_reverse_order() -> None:
    assert downstream(DESCRIBED) == {
        "trust": {"local", "west", "east"},
        "network": {"west", "east"},
        "local": {"links.local"},
        "west": {"links.local", "links.west", "apps.west", "routes.west"},
        "east": {"links.west", "apps.east"},
        "links.local": {"apps.west"},
        "links.west": {"apps.west", "apps.east", "routes.west"},
        "apps.west": {"routes.west"},
        "apps.east": {"routes.west"},
        "routes.west": set(),
    }


RING = ("a", "b", "c")


def in_a_ring(*exports: Export, routes: bool = False) -> Plan:
    """Describe three clusters that all call each other."""
    return planned(
        *(on_aws(name, block=10 * place) for place, name in enumerate(RING, start=1)),
        links=mesh(*RING),
        exports=exports,
        routes=[
            Route("api", namespace="shop", on=on, port=80, weights={on: 50, to: 50})
            for on, to in zip(RING, (*RING[1:], RING[0]), strict=True)
            if routes
        ],
    )


def test_clusters_whose_routes_lead_around_in_a_ring_have_all_exports_first() -> None:
    flat = [Export("api", namespace="shop", of=of, mode=LinkMode.FLAT) for of in RING]
    around = in_a_ring(*flat, routes=True)

    assert levels(around)[-2:] == [
        ["apps.a", "apps.b", "apps.c"],
        ["routes.a", "routes.b", "routes.c"],
    ]


def test_members_of_federated_services_join_one_after_another_in_the_order_of_the_clusters() -> (
    None
):
    def member(service: str, of: str) -> Export:
        return Export(service, namespace="shop", of=of, mode=LinkMode.FEDERATED)

    both = in_a_ring(member("api", "c"), member("api", "a"), member("db", "b"), member("db", "c"))

    assert levels(both)[-2:] == [["apps.a", "apps.b"], ["apps.c"]]


def test_other_exports_are_made_side_by_side() -> None:
    flat = [Export("api", namespace="shop", of=of, mode=LinkMode.FLAT) for of in RING]

    assert levels(in_a_ring(*flat))[-1] == ["apps.a", "apps.b", "apps.c"]


@given(plans())
def test_every_part_runs_once_and_clusters_do_not_wait_for_clusters(described: Plan) -> None:
    waves = upstream(described)

    assert set(TopologicalSorter(waves).static_order()) == set(described.parts)
    assert not any(waves[name] & set(described.names) for name in described.names)


@given(plans())
def test_destroying_is_the_reverse_of_deploying(described: Plan) -> None:
    up = {(part, earlier) for part, before in upstream(described).items() for earlier in before}
    down = {(part, later) for part, after in downstream(described).items() for later in after}

    assert down == {(earlier, part) for part, earlier in up}
