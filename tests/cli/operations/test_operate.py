"""`mesh preview`, `up` and `destroy`: what each does to which stacks, and how it ends."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from linkmesh.cli.collisions.check import CollisionError
from linkmesh.cli.collisions.evaluate import Collision
from linkmesh.cli.errors import PreconditionError, RunFailedError
from linkmesh.cli.lost import check as lost
from linkmesh.cli.mirrors import waiting
from linkmesh.cli.mirrors.waiting import MirrorsMissingError
from linkmesh.cli.operations import changes, late_exports, namespaces, operate, protection, removal
from linkmesh.cli.operations.changes import ImpossibleChangeError
from linkmesh.cli.operations.namespaces import NamespaceInUseError
from linkmesh.cli.operations.operate import Execution, execute
from linkmesh.cli.operations.protection import ProtectedError
from linkmesh.cli.operations.request import Request, check
from linkmesh.cli.runs import stale_locks
from linkmesh.cli.runs.lock import BusyError, exclusive
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.reads import Reads
from linkmesh.environment import Existing, Export, ExportPlan, Kind, Plan, chain
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
    """Simulates Pulumi and clusters; records what is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, existing: set[str]) -> None:
        self.log: list[str] = []
        self.failures: list[str] = []
        self.missing: list[str] = []
        self.given: list[dict[str, Any]] = []
        self.printed = io.StringIO()
        self.existing = existing
        self.in_use = ""
        self.protected = ""
        self.impossible = ""
        self.deleted: dict[str, list[str]] = {}
        self.late: dict[str, list[ExportPlan]] = {}
        self.run_parts: set[str] = set()
        self.read: list[str] = []
        self.checked: list[str] = []
        monkeypatch.setattr(operate, "run", self._run)
        monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: self.log.extend(stacks))
        monkeypatch.setattr(stale_locks, "stale", lambda text: ["demo.west"] * ("locked" in text))
        monkeypatch.setattr(stale_locks, "note_pending", lambda *_: None)
        monkeypatch.setattr(removal, "remove_orphans", self._remove_orphans)
        monkeypatch.setattr(namespaces, "check", self._check)
        monkeypatch.setattr(late_exports, "leaving", lambda *_: self.late)
        monkeypatch.setattr(changes, "check", self._check_changes)
        monkeypatch.setattr(protection, "check", self._check_protected)
        monkeypatch.setattr(waiting, "checker", lambda kubeconfigs: kubeconfigs)
        monkeypatch.setattr(waiting, "wait", self._wait)

    def _run(self, *arguments: Any, **given: Any) -> None:
        project, name, waves, operation, _, listener = arguments
        self.given.append(given)
        self.log.append(f"{operation.value} {' '.join(sorted(waves))}")
        for part in waves:
            listener.started(part)
            listener.finished(part, {})
            if part in self.run_parts:
                project.reads.forget(f"{name}.{part}")
        if self.failures:
            raise RunFailedError(self.failures.pop(0))

    def _check(self, *given: Any, destroys: bool) -> dict[str, list[str]]:
        self.checked = sorted(given[3])
        if self.in_use:
            raise NamespaceInUseError(f"{self.in_use} {destroys}")
        return self.deleted

    def _check_changes(self, *_: object) -> None:
        if self.impossible:
            raise ImpossibleChangeError(self.impossible)

    def _check_protected(self, _: Project, name: str, parts: list[str], **__: object) -> None:
        if self.protected in parts:
            raise ProtectedError(f"{name}.{self.protected}")

    def _remove_orphans(self, kubeconfigs: dict[str, str]) -> list[str]:
        self.log.append(f"remove orphans {' '.join(sorted(kubeconfigs))}")
        return []

    def _wait(self, mirrors: Sequence[object], seconds: float, *_: object) -> list[str]:
        self.log.append(f"wait for {len(mirrors)}, {seconds} s")
        return self.missing

    def _outputs(self, stack: str) -> dict[str, str]:
        self.read.append(stack)
        return {"kubeconfig": stack}

    def _exported(self, stack: str) -> dict[str, object]:
        self.read.append(f"{stack}, plain")
        return {}

    def execution(self, operation: Operation, **asked: Any) -> Execution:
        """Request an operation."""
        stacks = SimpleNamespace(
            existing=lambda: self.existing, outputs=self._outputs, exported=self._exported
        )
        project = SimpleNamespace(
            folder=Path.cwd(),
            name="shop",
            reads=Reads(cast(Any, stacks)),
            remove_stack=lambda stack: self.log.append(f"rm {stack}"),
        )
        return Execution(
            request=Request(name="demo", operation=operation, **asked),
            plan=DESCRIBED,
            project=cast(Project, project),
            console=Console(file=self.printed, width=200),
        )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Make one in which the environment is deployed."""
    return World(monkeypatch, {*STACKS})


ALL = " ".join(sorted(DESCRIBED.parts))


def test_up_deploys_removes_orphans_waits_and_prints_the_summary_last(world: World) -> None:
    world.execution(Operation.UP, wait_seconds=120).up()

    assert world.log == [f"up {ALL}", "remove orphans site west", "wait for 1, 120 s"]
    assert world.printed.getvalue().splitlines()[-1].endswith(": no changes.")


def test_a_namespace_is_deleted_after_what_other_stacks_have_in_it(world: World) -> None:
    world.deleted = {"west": ["shop"]}
    world.execution(Operation.UP).up()

    assert world.log[:2] == [f"up {ALL}", "up west"]
    assert [given["excluded"] for given in world.given] == [
        {
            "west": [
                "urn:pulumi:demo.west::shop::linkmesh:index:MeshedNamespace::west-shop",
                "urn:pulumi:demo.west::shop::linkmesh:index:MeshedNamespace"
                "$kubernetes:core/v1:Namespace::west-shop",
            ]
        },
        None,
    ]


def test_an_export_that_a_route_leads_to_is_removed_after_the_route(world: World) -> None:
    world.late = {"apps.west": [*DESCRIBED.exports]}
    world.execution(Operation.UP).up()

    assert world.log[:2] == [f"up {ALL}", "up apps.west"]
    assert [*world.given[0]["excluded"]] == ["apps.west"]
    assert world.given[1]["excluded"] is None


def test_a_cluster_that_is_rebuilt_is_removed_from_the_state_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "rebuild", lambda *given: world.log.append(f"forget {given[3]}"))
    world.execution(Operation.UP, rebuild=["west"]).up()

    assert world.log[:2] == ["forget west", f"up {ALL}"]


def test_nothing_is_removed_from_the_state_if_a_check_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "rebuild", lambda *given: world.log.append(f"forget {given[3]}"))
    world.impossible = "cidr of 'west' must stay"

    with pytest.raises(ImpossibleChangeError):
        world.execution(Operation.UP, rebuild=["west"]).up()

    assert world.log == []


@pytest.mark.parametrize("operation", [Operation.UP, Operation.DESTROY])
def test_a_cluster_that_is_gone_stops_the_command_before_anything_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch, operation: Operation
) -> None:
    def fail(
        _: Project, name: str, plan: Plan, clusters: Sequence[str], *__: Any, **___: Any
    ) -> None:
        assert clusters == ["site", "west"]
        raise PreconditionError(f"{name} is gone")

    monkeypatch.setattr(lost, "check", fail)
    execution = world.execution(operation)

    with pytest.raises(PreconditionError, match="demo is gone"):
        execution.up() if operation is Operation.UP else execution.destroy()

    assert world.log == []


def test_a_cluster_that_is_rebuilt_is_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Sequence[str]] = []
    monkeypatch.setattr(lost, "check", lambda *given, **_: checked.append(given[3]))
    monkeypatch.setattr(operate, "rebuild", lambda *_: None)
    world.execution(Operation.UP, rebuild=["west"]).up()

    assert checked == [["site"]]
    assert world.checked == ["apps.west", "links.site", "site"]


def test_up_reads_the_outputs_of_each_stack_once_before(world: World) -> None:
    world.execution(Operation.UP).up()

    assert sorted(world.read) == [
        "demo.apps.west, plain",
        "demo.links.site, plain",
        "demo.site",
        "demo.west",
    ]


def test_up_reads_the_outputs_of_stacks_that_ran_again(world: World) -> None:
    world.run_parts = {"west"}
    world.execution(Operation.UP).up()

    assert world.read.count("demo.west") == 2
    assert world.read.count("demo.site") == 1


def test_the_command_that_continues_forgets_no_cluster_again() -> None:
    """It would forget what was created since, which would then prevent its creation."""
    request = Request(name="demo", operation=Operation.UP, rebuild=["west"])

    assert request.command == "mesh up demo"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"rebuild": ["weast"]}, "Use one of: site, west"),
        ({"rebuild": ["west"], "urns": [URN]}, "--target must not be combined with --rebuild"),
    ],
)
def test_a_rebuild_that_is_not_valid_is_reported(given: dict[str, Any], text: str) -> None:
    with pytest.raises(PreconditionError, match=text):
        check(Request(name="demo", operation=Operation.UP, **given), DESCRIBED)


def test_up_does_not_wait_for_zero_seconds(world: World) -> None:
    world.execution(Operation.UP, wait_seconds=0).up()

    assert not [line for line in world.log if line.startswith("wait")]


def test_unhealthy_mirrors_after_a_deployment_are_an_error_with_their_causes(world: World) -> None:
    world.missing = ["  shop/db-west on site: 'site' has no namespace 'shop'"]

    with pytest.raises(MirrorsMissingError) as failed:
        world.execution(Operation.UP, wait_seconds=5).up()

    assert world.missing[0] in str(failed.value)
    assert world.printed.getvalue().splitlines()[-1].endswith(": no changes.")


def test_an_undescribed_cluster_stays_without_prune(world: World) -> None:
    world.existing.add("demo.east")

    with pytest.raises(PreconditionError, match="mesh up demo --prune"):
        world.execution(Operation.UP).up()

    assert world.log == []


def test_prune_destroys_it_and_removes_its_stack_and_a_failure_names_prune(world: World) -> None:
    world.existing.add("demo.east")

    world.execution(Operation.UP, prune=True).up()

    others = " ".join(sorted(set(DESCRIBED.parts) - {"network"}))
    assert world.log[:4] == [f"up {others}", "destroy east", "rm demo.east", "up network"]
    assert {given["continue_with"] for given in world.given} == {"mesh up demo --prune"}


def test_a_stack_with_nothing_left_is_destroyed_without_prune(world: World) -> None:
    world.existing.add("demo.links.west")

    world.execution(Operation.UP).up()

    assert world.log[:3] == [f"up {ALL}", "destroy links.west", "rm demo.links.west"]


def test_destroy_includes_undescribed_clusters_and_removes_orphans(world: World) -> None:
    world.existing.add("demo.east")

    world.execution(Operation.DESTROY).destroy()

    everything = " ".join(sorted([*DESCRIBED.parts, "east"]))
    assert world.log == [f"destroy {everything}", "rm demo.east", "remove orphans site"]


def test_nothing_is_deployed_if_one_cluster_would_change_what_it_cannot(world: World) -> None:
    world.impossible = "cidr of 'west' must stay"

    with pytest.raises(ImpossibleChangeError):
        world.execution(Operation.UP).up()

    assert world.log == []


def test_nothing_is_destroyed_while_one_stack_has_something_protected(world: World) -> None:
    world.protected = "west"

    with pytest.raises(ProtectedError, match=r"demo\.west"):
        world.execution(Operation.DESTROY).destroy()

    assert world.log == []


def test_nothing_is_deployed_while_a_cluster_that_leaves_is_protected(world: World) -> None:
    world.existing = {*STACKS, "demo.old"}
    world.protected = "old"

    with pytest.raises(ProtectedError, match=r"demo\.old"):
        world.execution(Operation.UP, prune=True).up()

    assert world.log == []


def test_destroy_says_where_late_logs_may_be(world: World) -> None:
    world.execution(Operation.DESTROY).destroy()

    assert (
        "west: if AWS stores its last logs after the deletion, their group has no retention: aws "
        "logs delete-log-group --region eu-west-1 --log-group-name /aws/eks/west/cluster"
    ) in world.printed.getvalue()


def test_locks_of_a_killed_run_are_removed_once(world: World) -> None:
    world.failures = ["stack demo.west failed: locked"]

    world.execution(Operation.DESTROY).destroy()

    assert world.log[:3] == [f"destroy {ALL}", "demo.west", f"destroy {ALL}"]
    assert "Removing locks of a killed run: demo.west" in world.printed.getvalue()


@pytest.mark.parametrize("operation", list(Operation))
def test_targets_run_only_their_own_stack(world: World, operation: Operation) -> None:
    execution = world.execution(operation, urns=[URN], wait_seconds=0)

    getattr(execution, operation.value)()

    assert world.log == [f"{operation.value} west"]
    assert world.given[0]["targets"] == {"west": [URN]}
    assert world.given[0]["continue_with"] == f"mesh {operation.value} demo --target '{URN}'"


def test_prune_and_targets_cannot_be_combined(tmp_path: Path) -> None:
    request = Request(name="demo", operation=Operation.UP, prune=True, urns=[URN])

    with pytest.raises(PreconditionError, match="--target must not be combined with --prune"):
        execute(request, DESCRIBED, tmp_path, Console())


@pytest.mark.parametrize("operation", [Operation.UP, Operation.DESTROY])
def test_only_one_command_changes_an_environment(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "Project", SimpleNamespace(open=lambda folder, *_: folder))

    with exclusive("demo", "mesh rotate demo anchor", tmp_path), pytest.raises(BusyError):
        execute(Request(name="demo", operation=operation), DESCRIBED, tmp_path, Console())


@pytest.mark.parametrize(
    ("operation", "destroys"), [(Operation.UP, False), (Operation.DESTROY, True)]
)
def test_nothing_is_changed_if_a_namespace_to_delete_has_objects_of_others(
    world: World, operation: Operation, destroys: bool
) -> None:
    world.in_use = "shop"

    with pytest.raises(NamespaceInUseError, match=f"shop {destroys}"):
        getattr(world.execution(operation), operation.value)()

    assert world.log == []


COLLIDES = Collision(text="namespace 'shop' is on 'site' already.", use="namespaces=[...]")


@pytest.fixture
def colliding(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Make one with something on an existing cluster that collides."""
    monkeypatch.setattr(operate, "found_collisions", lambda *_: [COLLIDES])
    return world


def test_nothing_is_deployed_if_something_on_an_existing_cluster_collides(colliding: World) -> None:
    with pytest.raises(CollisionError) as error:
        colliding.execution(Operation.UP).up()

    assert str(error.value) == str(COLLIDES)
    assert colliding.log == []


def test_a_preview_says_what_collides_and_previews(colliding: World) -> None:
    colliding.execution(Operation.PREVIEW).preview()

    assert colliding.log == [f"preview {ALL}"]
    assert f"mesh up will not deploy this: {COLLIDES}" in colliding.printed.getvalue()


def test_a_preview_names_clusters_that_another_environment_has_too(world: World) -> None:
    demo = replace(world.execution(Operation.PREVIEW), plan=planned(Kind("front")))

    demo.preview()

    assert "to check: kind cluster 'front' is in environment 'laptop' too." in (
        world.printed.getvalue()
    )


def test_up_does_not_wait_for_services_that_their_owners_label(world: World) -> None:
    exports = [Export("db", namespace="shop", of="west", is_labelled=True)]
    described = replace(DESCRIBED.environment, exports=exports)
    work = replace(world.execution(Operation.UP, wait_seconds=120), plan=Plan.of(described))

    work.up()

    assert world.log == [f"up {ALL}", "remove orphans site west"]
