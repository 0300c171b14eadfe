"""Which stacks need no run: those of which nothing that they are deployed from has changed."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.reads import Reads
from linkmesh.cli.unchanged import Unchanged
from linkmesh.environment import Export, Plan, chain
from tests.components.environment.described import EAST, LOCAL, WEST, planned

PLAN = planned(
    LOCAL,
    WEST,
    EAST,
    links=chain("local", "west", "east"),
    exports=[Export("api", namespace="shop", of="west")],
)
READ = {"west": ["trust", "network"], "links.local": ["local", "west"], "apps.west": ["west"]}
TOKEN = "a-token-of-a-service-account"


@dataclass
class World:
    """Stacks as they are deployed; a test changes one thing of them."""

    folder: Path
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    name: str = "shop"
    engine: str = "3.259.0"

    def __post_init__(self) -> None:
        for part in PLAN.parts:
            references = [
                {
                    "type": "pulumi:pulumi:StackReference",
                    "inputs": {"name": f"organization/shop/demo.{each}"},
                    "external": True,
                }
                for each in READ.get(part, ())
            ]
            deployment = {"manifest": {"time": "first"}, "resources": references}
            self.states[f"demo.{part}"] = {"version": 3, "deployment": deployment}
            self.outputs[f"demo.{part}"] = {"token": TOKEN}

    def stack_outputs(self, stack: str) -> dict[str, Any]:
        """Read outputs, as `Project` does."""
        self.read.append(stack)
        return self.outputs[stack]

    def unchanged(self, plan: Plan = PLAN, packs: tuple[str, ...] = ()) -> Unchanged:
        """Begin a command."""
        return Unchanged(self.project(), "demo", plan, packs, began=math.inf)

    def deploy(self, *parts: str) -> None:
        """Let a command deploy stacks."""
        unchanged = self.unchanged()
        for part in parts:
            unchanged.is_unchanged(part)
            unchanged.deployed(part)

    def project(self) -> Project:
        """Return a project of these stacks."""
        stacks = SimpleNamespace(exported=self.states.__getitem__, outputs=self.stack_outputs)
        project = SimpleNamespace(
            name=self.name,
            folder=self.folder,
            engine=lambda: self.engine,
            reads=Reads(cast(Any, stacks)),
        )
        return cast(Project, project)

    def resources(self, part: str) -> list[dict[str, Any]]:
        """Return the resources in the state of a stack."""
        found: list[dict[str, Any]] = self.states[f"demo.{part}"]["deployment"]["resources"]
        return found

    def update(self, part: str) -> None:
        """Let something else than `mesh up` write the state of a stack."""
        self.states[f"demo.{part}"]["deployment"]["manifest"] = {"time": "second"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Deploy everything."""
    world = World(tmp_path)
    world.deploy(*PLAN.parts)
    world.read.clear()
    return world


def test_what_was_deployed_from_the_same_is_unchanged(world: World) -> None:
    unchanged = world.unchanged()

    assert [part for part in PLAN.parts if not unchanged.is_unchanged(part)] == []
    assert world.read == []


def test_whoever_runs_all_stacks_has_them_recorded_again(world: World) -> None:
    world.update("west")
    every = Unchanged(world.project(), "demo", PLAN, runs_all=True, began=math.inf)
    assert not every.is_unchanged("west")
    every.deployed("west")

    assert world.unchanged().is_unchanged("west")


def test_what_was_never_deployed_is_not(tmp_path: Path) -> None:
    unchanged = World(tmp_path).unchanged()

    assert not any(map(unchanged.is_unchanged, PLAN.parts))


def test_a_part_is_changed_when_its_share_is(world: World) -> None:
    exports = [*PLAN.environment.exports, Export("web", namespace="shop", of="west")]
    unchanged = world.unchanged(Plan.of(replace(PLAN.environment, exports=exports)))

    assert [part for part in PLAN.parts if not unchanged.is_unchanged(part)] == ["apps.west"]


def _other_settings(world: World) -> None:
    (world.folder / "Pulumi.demo.west.yaml").write_text("config:\n  linkmesh:charts: other\n")


def _settings_from_elsewhere(world: World) -> None:
    (world.folder / "Pulumi.demo.west.yaml").write_text("environment:\n  - production\n")


def _another_state(world: World) -> None:
    world.update("west")


def _an_interrupted_run(world: World) -> None:
    world.states["demo.west"]["deployment"]["pending_operations"] = [{"type": "creating"}]


def _another_project(world: World) -> None:
    (world.folder / "Pulumi.yaml").write_text("name: shop\ndescription: changed\n")


def _another_engine(world: World) -> None:
    world.engine = "3.260.0"


def _a_spoiled_record(world: World) -> None:
    (world.folder / ".linkmesh" / "deployed" / "demo.west.json").write_text("{")


def _another_output_of_what_it_reads(world: World) -> None:
    world.update("trust")
    world.outputs["demo.trust"] = {"token": "another"}


@pytest.mark.parametrize(
    "change",
    [
        _other_settings,
        _settings_from_elsewhere,
        _another_state,
        _an_interrupted_run,
        _another_project,
        _another_engine,
        _a_spoiled_record,
        _another_output_of_what_it_reads,
    ],
)
def test_a_stack_is_changed_when_something_is_that_it_depends_on(
    world: World, change: Callable[[World], None]
) -> None:
    assert world.unchanged().is_unchanged("west")
    change(world)

    assert not world.unchanged().is_unchanged("west")


def test_a_run_of_what_a_stack_reads_matters_only_if_outputs_change(world: World) -> None:
    world.update("trust")

    assert world.unchanged().is_unchanged("west")
    assert world.read == ["demo.trust"]


def test_a_stack_that_reads_another_project_cannot_be_compared(world: World) -> None:
    world.resources("apps.west")[0]["inputs"]["name"] = "organization/else/demo.west"
    world.deploy("apps.west")

    assert not world.unchanged().is_unchanged("apps.west")


def test_a_stack_that_reads_objects_of_others_always_runs(world: World) -> None:
    """They may have changed, as the Linkerd that others installed on an existing cluster."""
    read = {"type": "kubernetes:core/v1:ConfigMap", "external": True, "id": "linkerd/config"}
    world.resources("local").append(read)
    world.deploy("local")

    assert not world.unchanged().is_unchanged("local")


def test_a_part_is_looked_at_again_after_it_ran(world: World) -> None:
    unchanged = world.unchanged()
    assert unchanged.is_unchanged("west")
    world.update("west")
    world.outputs["demo.west"] = {"token": "another"}
    unchanged.deployed("west")

    assert not unchanged.is_unchanged("links.local")
    assert not unchanged.is_unchanged("apps.west")
    assert world.unchanged().is_unchanged("west")


@pytest.mark.parametrize(("days", "is_skipped"), [(29, False), (31, True)])
def test_a_certificate_that_is_due_is_made_again(world: World, days: int, is_skipped: bool) -> None:
    end = datetime.now(UTC) + timedelta(days=days)
    certificate = {
        "type": "tls:index/locallySignedCert:LocallySignedCert",
        "outputs": {"validityEndTime": end.isoformat(), "earlyRenewalHours": 30 * 24},
    }
    world.resources("trust").append(certificate)
    world.deploy("trust")

    assert world.unchanged().is_unchanged("trust") is is_skipped


def test_a_preview_with_policies_is_skipped_once_they_had_nothing_to_say(world: World) -> None:
    pack = world.folder / "policies"
    (pack / ".venv").mkdir(parents=True)
    (pack / "rules.py").write_text("")
    assert not world.unchanged(packs=(str(pack),)).is_unchanged("west")
    world.unchanged(packs=(str(pack),)).passed("west")

    assert world.unchanged(packs=(str(pack),)).is_unchanged("west")
    (pack / ".venv" / "installed").write_text("")
    assert world.unchanged(packs=(str(pack),)).is_unchanged("west")
    (pack / "rules.py").write_text("another rule")
    assert not world.unchanged(packs=(str(pack),)).is_unchanged("west")


def test_a_preview_without_changes_does_not_make_a_stack_deployed(world: World) -> None:
    """Its outputs might change, of which previews do not see the secret ones."""
    world.update("west")
    pack = world.folder / "policies"
    pack.mkdir()
    world.unchanged(packs=(str(pack),)).passed("west")

    assert not world.unchanged().is_unchanged("west")


def test_no_secret_is_in_a_record(world: World) -> None:
    records = [file.read_text() for file in (world.folder / ".linkmesh").rglob("*.json")]

    assert len(records) == len(PLAN.parts)
    assert not any(TOKEN in record for record in records)


def test_what_was_deployed_while_its_settings_changed_is_not_known(world: World) -> None:
    unchanged = world.unchanged()
    unchanged.is_unchanged("west")
    _other_settings(world)
    unchanged.deployed("west")

    assert not world.unchanged().is_unchanged("west")


def test_what_was_deployed_while_the_description_changed_is_not_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its program may have loaded the other one, which would count as this one once it is back."""
    description = world.folder / "environments" / "demo.py"
    description.parent.mkdir()
    description.write_text("ENVIRONMENT = None")
    module = SimpleNamespace(__file__=str(description))
    monkeypatch.setitem(sys.modules, "environments.demo", cast(ModuleType, module))
    changed = description.stat().st_mtime
    for began, is_known in ((changed - 1, False), (changed + 1, True)):
        world.update("west")
        unchanged = Unchanged(world.project(), "demo", PLAN, began=began)
        unchanged.is_unchanged("west")
        unchanged.deployed("west")
        assert world.unchanged().is_unchanged("west") is is_known
