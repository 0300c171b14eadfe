"""Removal of clusters: what is not allowed, and the order of stacks."""

from graphlib import TopologicalSorter
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkmesh.cli.operations.removal import (
    destroying,
    kubeconfigs,
    outputs,
    phases,
    problem,
    remove_orphans,
    undescribed,
)
from linkmesh.cli.runs.run import Operation, Project
from linkmesh.environment import Plan, chain
from linkmesh.linkerd.links import cleanup
from tests.components.environment.described import on_aws, planned, plans

STAYING = planned(on_aws("a", block=10), on_aws("c", block=30), links=chain("a", "c"))
PARTS = ("trust", "network", "a", "b", "c", "links", "apps")
EXISTING = {f"demo.{part}" for part in PARTS} | {"demo2.x"}


def test_the_stack_of_a_cluster_that_is_no_longer_described_is_undescribed() -> None:
    assert undescribed("demo", STAYING, EXISTING) == ["b"]


def test_a_removal_without_prune_is_a_problem_with_its_remedy() -> None:
    assert "mesh up demo --prune" in problem("demo", STAYING, EXISTING, prune=False)
    assert problem("demo", STAYING, EXISTING, prune=True) == ""
    assert problem("demo", STAYING, EXISTING - {"demo.b"}, prune=False) == ""


def test_clusters_are_not_added_while_others_are_removed() -> None:
    assert "c new, demo.b removed" in problem("demo", STAYING, EXISTING - {"demo.c"}, prune=True)


def test_a_cluster_is_destroyed_after_its_links_and_before_its_network() -> None:
    first, second, third = phases(STAYING, ["b"])

    assert first[0] is Operation.UP
    assert first[1]["links"] == {"a", "c"}
    assert "network" not in first[1]
    assert second == (Operation.DESTROY, {"b": set()})
    assert third == (Operation.UP, {"network": set()})


def test_without_a_removal_there_is_one_run() -> None:
    assert len(phases(STAYING, [])) == 1


def test_an_undescribed_cluster_is_destroyed_after_its_callers_and_before_its_network() -> None:
    waves = destroying(STAYING, ["b"])

    assert waves["b"] == {"links"}
    assert waves["trust"] == {"a", "b", "c"}
    assert waves["network"] == {"a", "b", "c"}


@given(plans(), st.data())
def test_each_part_is_destroyed_once_and_in_order(described: Plan, data: st.DataObject) -> None:
    stale = data.draw(st.lists(st.sampled_from(["x", "y", "z"]), unique=True))
    waves = destroying(described, stale)
    order = [*TopologicalSorter(waves).static_order()]
    pruned = [part for _, phase in phases(described, stale) for part in phase]

    assert sorted(order) == sorted([*described.parts, *stale])
    assert sorted(pruned) == sorted(order)
    for clusters in (*described.names, *stale):
        assert order.index("apps") < order.index("links") < order.index(clusters)
        assert max(order.index("trust"), order.index("network")) > order.index(clusters)
    for part in stale:
        assert pruned.index("links") < pruned.index(part) < pruned.index("network")


def test_kubeconfigs_are_read_of_what_is_deployed() -> None:
    class Known:
        def outputs(self, stack: str) -> dict[str, str]:
            return {"kubeconfig": "k"} if stack == "demo.a" else {}

    read = outputs(cast(Project, Known()), "demo", ["a", "c"])

    assert kubeconfigs(read) == {"a": "k"}


def test_removed_orphans_are_listed_and_a_cluster_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def remove_all_orphans(kubeconfig: str) -> dict[str, list[str]]:
        if kubeconfig == "silent":
            raise TimeoutError
        return {"b": ["Lease linkerd-multicluster/x"]}

    monkeypatch.setattr(cleanup, "remove_all_orphans", remove_all_orphans)

    assert remove_orphans({"a": "k", "c": "silent"}) == [
        "a: removed Lease linkerd-multicluster/x of the removed link to b"
    ]
    assert capsys.readouterr().err == "c: orphaned mirrors were not removed (TimeoutError).\n"
