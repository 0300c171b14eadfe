"""`mesh preview`, `up` and `destroy`: what each does to which stacks, and how it ends."""

import io
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from cli.errors import RefusedError, RunFailedError
from cli.mirrors import waiting
from cli.mirrors.waiting import MirrorsMissingError
from cli.operations import namespaces, operate, removal
from cli.operations.namespaces import NamespaceInUseError
from cli.operations.operate import Work, carry_out
from cli.operations.order import Order, check
from cli.runs import stale_locks
from cli.runs.lock import BusyError, alone
from cli.runs.run import Operation, Project
from components.environment import Existing, Export, Plan, chain
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(
    Existing("site", egress=["198.51.100.20/32"]),
    on_aws("west", block=10),
    links=chain("site", "west"),
    exports=[Export("db", namespace="shop", of="west")],
)
STACKS = {f"demo.{part}" for part in DESCRIBED.parts}
URN = "urn:pulumi:demo.west::linkmesh::kubernetes:core/v1:Namespace::west-shop"


class World:
    """Stands in for Pulumi and for clusters; notes what is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, existing: set[str]) -> None:
        self.log: list[str] = []
        self.failures: list[str] = []
        self.missing: list[str] = []
        self.given: list[dict[str, Any]] = []
        self.printed = io.StringIO()
        self.existing = existing
        self.in_use = ""
        self.gone: dict[str, list[str]] = {}
        monkeypatch.setattr(operate, "run", self._run)
        monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: self.log.extend(stacks))
        monkeypatch.setattr(stale_locks, "stale", lambda told: ["demo.west"] * ("locked" in told))
        monkeypatch.setattr(removal, "swept", self._swept)
        monkeypatch.setattr(namespaces, "refuse", self._refuse)
        monkeypatch.setattr(waiting, "looking", lambda kubeconfigs: kubeconfigs)
        monkeypatch.setattr(waiting, "wait", self._wait)

    def _run(self, *arguments: Any, **given: Any) -> None:
        _, _, waves, operation, _, listener = arguments
        self.given.append(given)
        self.log.append(f"{operation.value} {' '.join(sorted(waves))}")
        for part in waves:
            listener.started(part)
            listener.finished(part, {})
        if self.failures:
            raise RunFailedError(self.failures.pop(0))

    def _refuse(self, *_: object, destroys: bool) -> dict[str, list[str]]:
        if self.in_use:
            raise NamespaceInUseError(f"{self.in_use} {destroys}")
        return self.gone

    def _swept(self, kubeconfigs: dict[str, str]) -> list[str]:
        self.log.append(f"sweep {' '.join(sorted(kubeconfigs))}")
        return []

    def _wait(self, mirrors: Sequence[object], seconds: float, *_: object) -> list[str]:
        self.log.append(f"wait for {len(mirrors)}, {seconds} s")
        return self.missing

    def work(self, operation: Operation, **asked: Any) -> Work:
        """Order something."""
        project = SimpleNamespace(
            existing=lambda: self.existing,
            outputs=lambda stack: {"kubeconfig": stack},
            workspace=SimpleNamespace(remove_stack=lambda stack: self.log.append(f"rm {stack}")),
        )
        return Work(
            order=Order(name="demo", operation=operation, **asked),
            plan=DESCRIBED,
            project=cast(Project, project),
            console=Console(file=self.printed, width=200),
        )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Make one in which the environment is deployed."""
    return World(monkeypatch, {*STACKS})


ALL = " ".join(sorted(DESCRIBED.parts))


def test_up_deploys_sweeps_waits_and_says_last_what_changed(world: World) -> None:
    world.work(Operation.UP, wait_seconds=120).up()

    assert world.log == [f"up {ALL}", "sweep site west", "wait for 1, 120 s"]
    assert world.printed.getvalue().splitlines()[-1].endswith(": no changes.")


def test_a_namespace_goes_after_what_other_stacks_have_in_it(world: World) -> None:
    world.gone = {"west": ["shop"]}
    world.work(Operation.UP).up()

    assert world.log[:2] == [f"up {ALL}", "up west"]
    assert [given["kept"] for given in world.given] == [
        {
            "west": [
                "urn:pulumi:demo.west::linkmesh::linkmesh:index:MeshedNamespace::west-shop",
                "urn:pulumi:demo.west::linkmesh::linkmesh:index:MeshedNamespace"
                "$kubernetes:core/v1:Namespace::west-shop",
            ]
        },
        None,
    ]


def test_a_cluster_that_is_made_again_leaves_the_state_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "rebuild", lambda *given: world.log.append(f"forget {given[3]}"))
    world.work(Operation.UP, rebuild=["west"]).up()

    assert world.log[:2] == ["forget west", f"up {ALL}"]


@pytest.mark.parametrize("operation", [Operation.UP, Operation.DESTROY])
def test_a_cluster_that_is_gone_stops_the_command_before_anything_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch, operation: Operation
) -> None:
    def refuse(name: str, plan: Plan, clusters: Sequence[str], *_: Any, **__: Any) -> None:
        assert clusters == ["site", "west"]
        raise RefusedError(f"{name} is gone")

    monkeypatch.setattr(operate, "refuse", refuse)
    work = world.work(operation)

    with pytest.raises(RefusedError, match="demo is gone"):
        work.up() if operation is Operation.UP else work.destroy()

    assert world.log == []


def test_a_command_that_goes_on_forgets_no_cluster_again() -> None:
    """What was made since would be forgotten, and be in the way."""
    order = Order(name="demo", operation=Operation.UP, rebuild=["west"])

    assert order.command == "mesh up demo"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rebuild": ["weast"]}, "Use one of: site, west"),
        ({"rebuild": ["west"], "urns": [URN]}, "--target must stand without --rebuild"),
    ],
)
def test_what_cannot_be_made_again_is_said(given: dict[str, Any], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        check(Order(name="demo", operation=Operation.UP, **given), DESCRIBED)


def test_up_does_not_wait_if_told_so(world: World) -> None:
    world.work(Operation.UP, wait_seconds=0).up()

    assert not [line for line in world.log if line.startswith("wait")]


def test_what_is_deployed_but_not_well_ends_with_its_causes(world: World) -> None:
    world.missing = ["  shop/db-west on site: 'site' has no namespace 'shop'"]

    with pytest.raises(MirrorsMissingError) as failed:
        world.work(Operation.UP, wait_seconds=5).up()

    assert world.missing[0] in str(failed.value)
    assert world.printed.getvalue().splitlines()[-1].endswith(": no changes.")


def test_a_cluster_that_has_left_stays_until_somebody_says_so(world: World) -> None:
    world.existing.add("demo.east")

    with pytest.raises(RefusedError, match="mesh up demo --prune"):
        world.work(Operation.UP).up()

    assert world.log == []


def test_a_prune_destroys_and_forgets_it_and_a_failure_of_it_names_prune(world: World) -> None:
    world.existing.add("demo.east")

    world.work(Operation.UP, prune=True).up()

    others = " ".join(sorted(set(DESCRIBED.parts) - {"network"}))
    assert world.log[:4] == [f"up {others}", "destroy east", "rm demo.east", "up network"]
    assert {given["go_on"] for given in world.given} == {"mesh up demo --prune"}


def test_destroy_takes_leftovers_too_and_sweeps_clusters_that_stay(world: World) -> None:
    world.existing.add("demo.east")

    world.work(Operation.DESTROY).destroy()

    everything = " ".join(sorted([*DESCRIBED.parts, "east"]))
    assert world.log == [f"destroy {everything}", "rm demo.east", "sweep site"]


def test_locks_of_a_killed_run_are_taken_away_once(world: World) -> None:
    world.failures = ["stack demo.west failed: locked"]

    world.work(Operation.DESTROY).destroy()

    assert world.log[:3] == [f"destroy {ALL}", "demo.west", f"destroy {ALL}"]
    assert "A killed run has left locks, which go now: demo.west" in world.printed.getvalue()


@pytest.mark.parametrize("operation", list(Operation))
def test_targets_touch_their_own_stack_and_nothing_else(world: World, operation: Operation) -> None:
    work = world.work(operation, urns=[URN], wait_seconds=0)

    getattr(work, operation.value)()

    assert world.log == [f"{operation.value} west"]
    assert world.given[0]["targets"] == {"west": [URN]}
    assert world.given[0]["go_on"] == f"mesh {operation.value} demo --target '{URN}'"


def test_a_cluster_leaves_as_a_whole(tmp_path: Path) -> None:
    order = Order(name="demo", operation=Operation.UP, prune=True, urns=[URN])

    with pytest.raises(RefusedError, match="--target must stand without --prune"):
        carry_out(order, DESCRIBED, tmp_path, Console())


@pytest.mark.parametrize("operation", [Operation.UP, Operation.DESTROY])
def test_nothing_is_changed_while_another_command_does(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "Project", SimpleNamespace(open=lambda folder: folder))

    with alone("demo", "mesh rotate demo anchor", tmp_path), pytest.raises(BusyError):
        carry_out(Order(name="demo", operation=operation), DESCRIBED, tmp_path, Console())


@pytest.mark.parametrize(
    ("operation", "destroys"), [(Operation.UP, False), (Operation.DESTROY, True)]
)
def test_nothing_is_touched_while_a_namespace_would_go_with_what_others_have_in_it(
    world: World, operation: Operation, destroys: bool
) -> None:
    world.in_use = "shop"

    with pytest.raises(NamespaceInUseError, match=f"shop {destroys}"):
        getattr(world.work(operation), operation.value)()

    assert world.log == []
