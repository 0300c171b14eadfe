"""Clusters that leave: what is refused, and in which order the stacks of a removal run."""

from cli.removing import leftovers, phases, refusal
from cli.runs import Operation
from stacks.environment import chain
from tests.stacks.described import environment, on_aws

STAYING = environment(on_aws("a", block=10), on_aws("c", block=30), links=chain("a", "c"))
PARTS = ("trust", "network", "a", "b", "c", "links", "apps")
EXISTING = {f"demo.{part}" for part in PARTS} | {"demo2.x"}


def test_the_stack_of_a_cluster_that_is_described_no_more_is_left() -> None:
    assert leftovers("demo", STAYING, EXISTING) == ["b"]


def test_a_removal_that_nobody_asked_for_is_refused_with_the_way_out() -> None:
    assert "mesh up demo --prune" in refusal("demo", STAYING, EXISTING, prune=False)
    assert refusal("demo", STAYING, EXISTING, prune=True) == ""
    assert refusal("demo", STAYING, EXISTING - {"demo.b"}, prune=False) == ""


def test_clusters_do_not_come_while_others_leave() -> None:
    assert "c new, demo.b leaving" in refusal("demo", STAYING, EXISTING - {"demo.c"}, prune=True)


def test_a_cluster_goes_after_its_links_and_before_its_network() -> None:
    first, second, third = phases(STAYING, ["b"])

    assert first[0] is Operation.UP
    assert first[1]["links"] == {"a", "c"}
    assert "network" not in first[1]
    assert second == (Operation.DESTROY, {"b": set()})
    assert third == (Operation.UP, {"network": set()})


def test_without_a_removal_there_is_one_run() -> None:
    assert len(phases(STAYING, [])) == 1
