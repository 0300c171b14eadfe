"""Which stacks run before which."""

from graphlib import TopologicalSorter

from hypothesis import given

from linkmesh.cli.runs.waves import downstream, in_parallel, upstream
from linkmesh.environment import Kind, Plan, chain
from tests.components.environment.described import on_aws, planned, plans

DESCRIBED = planned(
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
    order = in_parallel(upstream(DESCRIBED))

    assert list(order) == ["trust", "network", "local", "links", "apps", "west", "east"]
    assert not any(order.values())


def test_destroying_runs_in_reverse_order() -> None:
    assert downstream(DESCRIBED) == {
        "trust": {"local", "west", "east"},
        "network": {"west", "east"},
        "local": {"links"},
        "west": {"links"},
        "east": {"links"},
        "links": {"apps"},
        "apps": set(),
    }


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
