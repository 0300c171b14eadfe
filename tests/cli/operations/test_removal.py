"""Removal of clusters: what is not allowed, and the order of stacks."""

from graphlib import TopologicalSorter
from types import SimpleNamespace
from typing import Any, cast

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
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.reads import Reads
from linkmesh.environment import Plan, chain
from linkmesh.environment.parts import cluster_of, kind_of
from linkmesh.linkerd.links import cleanup
from tests.components.environment.described import on_aws, planned, plans

STAYING = planned(on_aws("a", block=10), on_aws("c", block=30), links=chain("a", "c"))
PARTS = ("trust", "network", "a", "b", "c", "links.a")
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
    assert first[1]["links.a"] == {"a", "c"}
    assert "network" not in first[1]
    assert second == (Operation.DESTROY, {"b": set()})
    assert third == (Operation.UP, {"network": set()})


def test_stacks_with_nothing_left_are_destroyed_by_every_up_exports_before_links() -> None:
    existing = EXISTING - {"demo.b"} | {"demo.links.c", "demo.apps.c", "demo.routes.a"}

    assert problem("demo", STAYING, existing, prune=False) == ""
    assert phases(STAYING, undescribed("demo", STAYING, existing), deleted=["c", "apps.a"])[1:] == [
        (
            Operation.DESTROY,
            {
                "apps.c": {"routes.a"},
                "links.c": {"apps.c", "routes.a"},
                "routes.a": set(),
            },
        ),
        (Operation.UP, {"c": {"apps.a"}, "apps.a": set()}),
    ]


def test_the_links_of_a_cluster_that_leaves_are_destroyed_before_it() -> None:
    steps = phases(STAYING, ["apps.b", "b", "links.b"])

    assert [(operation, [*waves]) for operation, waves in steps[1:]] == [
        (Operation.DESTROY, ["apps.b", "links.b"]),
        (Operation.DESTROY, ["b"]),
        (Operation.UP, ["network"]),
    ]


def test_links_and_applications_of_older_versions_must_be_destroyed_by_hand_first() -> None:
    existing = EXISTING | {"demo.links", "demo.apps"}

    assert problem("demo", STAYING, existing, prune=True) == (
        "environment 'demo' must have its links and applications in a stack of each cluster (got "
        "demo.apps, demo.links, as older versions made them). Two stacks would have the same "
        "objects. Use: pulumi destroy --remove --stack demo.apps, pulumi destroy --remove --stack "
        "demo.links; then mesh up demo"
    )
    assert destroying(STAYING, ["apps", "links"])["links"] >= {"apps"}


def test_without_a_removal_there_is_one_run() -> None:
    assert len(phases(STAYING, [])) == 1


def test_an_undescribed_cluster_is_destroyed_after_its_callers_and_before_its_network() -> None:
    waves = destroying(STAYING, ["b"])

    assert waves["b"] == {"links.a"}
    assert waves["trust"] == {"a", "b", "c"}
    assert waves["network"] == {"a", "b", "c"}


@given(plans(), st.data())
def test_each_part_is_destroyed_once_and_in_order(described: Plan, data: st.DataObject) -> None:
    kinds = ["x", "y", "z", "links.x", "apps.x", "routes.y", "links.z"]
    stale = data.draw(st.lists(st.sampled_from(kinds), unique=True))
    waves = destroying(described, stale)
    order = [*TopologicalSorter(waves).static_order()]
    pruned = [part for _, phase in phases(described, stale) for part in phase]

    assert sorted(order) == sorted([*described.parts, *stale])
    assert sorted(pruned) == sorted(order)
    for part in order:
        assert not waves[part] & {part}
        assert order.index(part) < order.index("trust") or kind_of(part) in ("trust", "network")
        if of := cluster_of(part) if kind_of(part) != "cluster" else "":
            assert of not in order or order.index(part) < order.index(of)
    for part in stale:
        assert max(map(pruned.index, described.names)) < pruned.index(part)
        assert kind_of(part) != "cluster" or pruned.index(part) < pruned.index("network")


def test_kubeconfigs_are_read_of_what_is_deployed() -> None:
    stacks = SimpleNamespace(outputs=lambda of: {"kubeconfig": "k"} if of == "demo.a" else {})
    project = SimpleNamespace(reads=Reads(cast(Any, stacks)))

    read = outputs(cast(Project, project), "demo", ["a", "c"])

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
