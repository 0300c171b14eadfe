"""`mesh forget` and `mesh up --rebuild` change states, and only of clusters that are gone."""

import io
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import pytest
from rich.console import Console

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.lost import forget as forgetting
from linkmesh.cli.lost.evaluate import ClusterIdentity
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.reads import Reads
from linkmesh.environment import Kind, chain
from tests.cli.lost.test_state import CLEANUP, EVERY, KIND, SECRET
from tests.components.environment.described import on_aws, planned

PLAN = planned(Kind("local"), on_aws("west", block=10), links=chain("local", "west"))


@dataclass
class Stacks:
    """Stacks with states; records what is imported."""

    outputs_: dict[str, Any] = field(default_factory=dict)
    states: dict[str, list[Any]] = field(
        default_factory=lambda: {"demo.local": EVERY, "demo.links.local": EVERY}
    )
    imported: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def reads(self) -> Reads:
        """What is read once."""
        return Reads(cast(Any, self))

    def existing(self) -> set[str]:
        return {*self.states}

    def outputs(self, stack: str) -> dict[str, Any]:
        return self.outputs_

    def exported(self, stack: str) -> dict[str, Any]:
        return {"version": 3, "deployment": {"resources": self.states[stack]}}

    def import_state(self, stack: str, state: dict[str, Any]) -> None:
        self.imported[stack] = [each["urn"] for each in state["deployment"]["resources"]]

    def forget(self, cluster: str, *, confirmed: bool = True) -> str:
        """Run the command; return what it prints."""
        console = Console(file=io.StringIO(), width=200)
        forgetting.forget(
            cast(Project, self), "demo", PLAN, cluster, console, confirm=lambda: confirmed
        )
        return cast(io.StringIO, console.file).getvalue()


def test_a_cluster_is_removed_from_every_stack_that_has_something_on_it() -> None:
    stacks = Stacks()
    printed = stacks.forget("local")

    assert "demo.local: 3 resources" in printed
    assert "demo.links.local: 2 resources" in printed
    every = [each["urn"] for each in EVERY]
    gone = {SECRET["urn"], CLEANUP["urn"]}
    assert stacks.imported == {
        "demo.local": [each for each in every if each not in {*gone, KIND["urn"]}],
        "demo.links.local": [each for each in every if each not in gone],
    }


def test_rebuild_forgets_the_same() -> None:
    one, other = Stacks(), Stacks()
    one.forget("local")
    forgetting.rebuild(cast(Project, other), "demo", PLAN, "local", {}, Console(file=io.StringIO()))

    assert one.imported == other.imported != {}


def test_a_cluster_that_is_still_there_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ClusterIdentity(
        cluster="local", described=Kind("local"), server="", recorded="1", uid="1"
    )
    monkeypatch.setattr(forgetting, "observe", lambda *_: [there])
    stacks = Stacks()
    project, console = cast(Project, stacks), Console(file=io.StringIO())

    with pytest.raises(PreconditionError, match="--prune"):
        stacks.forget("local")
    with pytest.raises(PreconditionError, match="--prune"):
        forgetting.rebuild(project, "demo", PLAN, "local", {}, console)

    assert stacks.imported == {}


def test_nothing_is_forgotten_without_confirmation() -> None:
    stacks = Stacks()

    with pytest.raises(PreconditionError, match="Nothing was forgotten"):
        stacks.forget("local", confirmed=False)

    assert stacks.imported == {}


def test_a_cluster_that_is_not_described_is_reported_with_those_that_are() -> None:
    with pytest.raises(PreconditionError, match="its clusters are local, west"):
        Stacks().forget("lokal")


def test_there_may_be_nothing_to_forget() -> None:
    with pytest.raises(PreconditionError, match="nothing to forget"):
        Stacks(states={"demo.local": []}).forget("local")
