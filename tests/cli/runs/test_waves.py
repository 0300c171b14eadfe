"""Which stacks run before which."""

from graphlib import TopologicalSorter

from hypothesis import given

from cli.runs.waves import downstream, side_by_side, upstream
from stacks.environment import Environment, Kind, chain
from tests.stacks.described import environment, environments, on_aws

DESCRIBED = environment(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
)


def test_a_stack_waits_only_for_those_whose_outputs_it_reads() -> None:
    assert upstream(DESCRIBED) == {
        "trust": set(),
        "network": set(),
        "local": {"trust"},
        "west": {"trust", "network"},
        "east": {"trust", "network"},
        "links": {"local", "west", "east"},
        "apps": {"links"},
    }


def test_a_preview_waits_for_nothing_and_begins_what_takes_long_neither_last_nor_all_at_once() -> (
    None
):
    order = side_by_side(upstream(DESCRIBED))

    assert list(order) == ["trust", "network", "local", "links", "apps", "west", "east"]
    assert not any(order.values())


def test_destroying_goes_the_other_way() -> None:
    assert downstream(DESCRIBED) == {
        "trust": {"local", "west", "east"},
        "network": {"west", "east"},
        "local": {"links"},
        "west": {"links"},
        "east": {"links"},
        "links": {"apps"},
        "apps": set(),
    }


@given(environments())
def test_every_part_has_its_turn_and_clusters_wait_for_no_cluster(described: Environment) -> None:
    waves = upstream(described)

    assert set(TopologicalSorter(waves).static_order()) == set(described.parts)
    assert not any(waves[name] & set(described.names) for name in described.names)


@given(environments())
def test_the_way_down_is_the_way_up_turned_round(described: Environment) -> None:
    up = {(part, earlier) for part, before in upstream(described).items() for earlier in before}
    down = {(part, later) for part, after in downstream(described).items() for later in after}

    assert down == {(earlier, part) for part, earlier in up}
