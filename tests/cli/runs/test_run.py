"""Operations on all stacks: their order, what a failure stops, and the messages."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation
from pulumi.automation.events import EngineEvent

from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.runs.operation import Operation
from linkmesh.cli.runs.project import Project
from linkmesh.cli.runs.reads import Reads
from linkmesh.cli.runs.run import run
from linkmesh.cli.runs.waves import Waves, downstream, upstream
from linkmesh.environment import Export, Kind, chain
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
    exports=[Export("api", namespace="shop", of="west")],
)
WAVES = upstream(DESCRIBED)
CREATED = {"create": 2}
UNCHANGED = {"same": 5, "update": 0, "read": 1}


@dataclass
class FakeStack:
    """Records when it runs; raises `error` if there is one."""

    part: str
    log: list[str]
    error: Exception | None = None
    touched: list[list[str] | None] = field(default_factory=list)
    after: threading.Event | None = None
    changes: Mapping[str, int] = field(default_factory=lambda: CREATED)
    finding: Any = None

    @property
    def name(self) -> str:
        """Name of the stack."""
        return f"demo.{self.part}"

    def _operate(self, on_event: Any) -> None:
        if self.after is not None:
            assert self.after.wait(10)
        self.log.append(self.part)
        on_event(
            SimpleNamespace(res_outputs_event=None, summary_event=None, policy_event=self.finding)
        )
        if self.error is not None:
            raise self.error
        summary = SimpleNamespace(resource_changes={**self.changes, **UNCHANGED})
        on_event(SimpleNamespace(res_outputs_event=None, summary_event=summary, policy_event=None))

    def up(self, *, on_event: Any, color: str, target: list[str] | None = None) -> None:
        """Deploy the stack."""
        self.touched.append(target)
        self._operate(on_event)

    preview = destroy = up


@dataclass
class FakeProject:
    """Has the stacks of one environment; those in `missing` do not exist."""

    errors: dict[str, Exception] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    after: dict[str, threading.Event] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    created: bool | None = None
    opened: dict[str, FakeStack] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=lambda: CREATED)
    finding: Any = None
    reads: Any = field(default_factory=lambda: Reads(cast(Any, None)))

    def store_log(self, stack: str, error: BaseException) -> Path:
        """Name the file, and write nothing."""
        return Path(f"{stack}.log")

    def stacks(self, name: str, parts: list[str], *, create: bool) -> dict[str, FakeStack]:
        """Open the stacks."""
        self.created = create
        self.opened = {
            part: FakeStack(
                part,
                self.log,
                error=self.errors.get(part),
                after=self.after.get(part),
                changes=self.changes,
                finding=self.finding,
            )
            for part in parts
            if part not in self.missing
        }
        return self.opened


class Recorder:
    """Records what a listener receives."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.changes: dict[str, dict[str, int]] = {}
        self.failures: list[str] = []
        self.skips: list[str] = []
        self.events: list[str] = []
        self.on_failure = threading.Event()

    def started(self, part: str) -> None:
        """A stack starts."""
        self.begun.add(part)

    def event(self, part: str, event: EngineEvent) -> None:
        """The engine reports an event."""
        self.events.append(part)

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done."""
        self.changes[part] = changes

    def failed(self, part: str) -> None:
        """A stack failed."""
        self.failures.append(part)
        self.on_failure.set()

    def skipped(self, part: str) -> None:
        """A stack does not run."""
        self.skips.append(part)


class Known:
    """Knows which stacks are unchanged, and records what it is told."""

    def __init__(self, *unchanged: str) -> None:
        self.unchanged = unchanged
        self.told: list[str] = []

    def is_unchanged(self, part: str) -> bool:
        """Return whether a stack is skipped."""
        return part in self.unchanged

    def deployed(self, part: str) -> None:
        """A stack was deployed."""
        self.told.append(f"deployed {part}")

    def passed(self, part: str) -> None:
        """A preview had nothing to say."""
        self.told.append(f"passed {part}")


def operate(
    project: FakeProject,
    operation: Operation = Operation.UP,
    waves: Waves = WAVES,
    **options: Any,
) -> Recorder:
    """Run an operation on every stack."""
    recorder = Recorder()
    run(cast(Project, project), "demo", waves, operation, 4, recorder, **options)
    return recorder


def failure(
    project: FakeProject, operation: Operation = Operation.UP, recorder: Recorder | None = None
) -> str:
    """Run an operation that fails; returns the message."""
    with pytest.raises(RunFailedError) as failed:
        run(cast(Project, project), "demo", WAVES, operation, 4, recorder or Recorder())
    return str(failed.value)


@pytest.mark.parametrize(
    ("operation", "waves"),
    [(Operation.UP, WAVES), (Operation.DESTROY, downstream(DESCRIBED))],
)
def test_each_stack_runs_once_and_after_those_it_waits_for(
    operation: Operation, waves: Waves
) -> None:
    project = FakeProject()

    operate(project, operation, waves)

    place = {part: index for index, part in enumerate(project.log)}
    assert sorted(project.log) == sorted(waves)
    assert all(place[earlier] < place[part] for part in waves for earlier in waves[part])


def test_a_preview_waits_for_nothing() -> None:
    last = threading.Event()
    project = FakeProject(after={"trust": last})

    class Releasing(Recorder):
        def finished(self, part: str, changes: dict[str, int]) -> None:
            super().finished(part, changes)
            if part == "apps.west":
                last.set()

    run(cast(Project, project), "demo", WAVES, Operation.PREVIEW, len(WAVES), Releasing())

    assert project.log[-1] == "trust"


def test_changes_do_not_count_unchanged_resources() -> None:
    recorder = operate(FakeProject())

    assert recorder.changes == {part: {"create": 2} for part in WAVES}
    assert sorted(set(recorder.events)) == sorted(WAVES)


def test_stacks_are_created_unless_they_are_to_be_destroyed() -> None:
    up, preview, destroy = FakeProject(), FakeProject(), FakeProject()
    operate(up)
    operate(preview, Operation.PREVIEW)
    operate(destroy, Operation.DESTROY, downstream(DESCRIBED))

    assert (up.created, preview.created, destroy.created) == (True, True, False)


def test_a_stack_that_does_not_exist_is_destroyed_at_once() -> None:
    project = FakeProject(missing=("apps.west", "west"))

    recorder = operate(project, Operation.DESTROY, downstream(DESCRIBED))

    assert recorder.changes["apps.west"] == {}
    assert "apps.west" not in project.log
    assert project.log[-1] in ("trust", "network")


def test_a_failure_names_its_cause_what_was_not_started_and_how_to_continue() -> None:
    project = FakeProject(errors={"links.local": ValueError("no gateway")})

    assert failure(project) == (
        "stack demo.links.local failed:\n"
        "  no gateway\n"
        "linkmesh does not know this cause. Everything that pulumi printed: demo.links.local.log\n"
        "Not started: demo.apps.west.\n"
        "Nothing is lost. Once the cause is removed, continue with: mesh up demo"
    )


def test_of_a_failed_command_only_its_diagnostics_are_shown() -> None:
    output = (
        "Updating (demo.links.west):\nPreviewing update\n\nDiagnostics:\n"
        "  pulumi:pulumi:Stack (linkmesh-demo.links.west):\n    error: no gateway\n\n"
        "Outputs:\n    token: [secret]\n"
    )
    error = automation.CommandError(automation.CommandResult(output, "", 255))

    text = failure(FakeProject(errors={"apps.west": error}), Operation.UP)

    assert text == (
        "stack demo.apps.west failed:\n"
        "  Diagnostics:\n"
        "    pulumi:pulumi:Stack (linkmesh-demo.links.west):\n"
        "      error: no gateway\n"
        "linkmesh does not know this cause. Everything that pulumi printed: demo.apps.west.log\n"
        "Nothing is lost. Once the cause is removed, continue with: mesh up demo"
    )


def test_a_failed_command_without_diagnostics_is_shown_whole() -> None:
    error = automation.CommandError(automation.CommandResult("", "error: no passphrase", 255))

    text = failure(FakeProject(errors={"apps.west": error}))

    assert "error: no passphrase" in text


def test_what_does_not_depend_on_a_failure_is_finished() -> None:
    recorder = Recorder()
    project = FakeProject(
        errors={"local": ValueError("no Docker")}, after={"network": recorder.on_failure}
    )

    text = failure(project, recorder=recorder)

    assert {"network", "west", "east", "links.west"} <= set(recorder.changes)
    assert text.splitlines()[3] == "Not started: demo.links.local, demo.apps.west."


def test_nothing_that_waits_for_a_failure_is_started() -> None:
    recorder = Recorder()
    project = FakeProject(errors={"trust": ValueError("no")})

    failure(project, recorder=recorder)

    assert recorder.begun == {"trust", "network"}


def test_all_failures_of_a_preview_are_shown() -> None:
    errors: dict[str, Exception] = {"trust": ValueError("one"), "apps.west": ValueError("two")}
    recorder = Recorder()

    text = failure(FakeProject(errors=errors), Operation.PREVIEW, recorder)

    assert recorder.begun == set(WAVES)
    assert "stack demo.trust failed:\n  one" in text
    assert "stack demo.apps.west failed:\n  two" in text
    assert "Not started" not in text
    assert text.endswith("continue with: mesh preview demo")


@pytest.mark.parametrize("operation", list(Operation))
def test_only_the_targets_of_a_stack_are_changed(operation: Operation) -> None:
    project, urns = FakeProject(), {"apps.west": ["urn:one", "urn:two"]}

    run(cast(Project, project), "demo", WAVES, operation, 4, Recorder(), targets=urns)

    assert project.opened["apps.west"].touched == [["urn:one", "urn:two"]]
    assert project.opened["links.west"].touched == [None]


def test_a_failure_names_the_command_that_continues() -> None:
    project, continue_with = (
        FakeProject(errors={"apps.west": ValueError("no")}),
        "mesh up demo --prune",
    )

    with pytest.raises(RunFailedError) as failed:
        run(
            cast(Project, project),
            "demo",
            WAVES,
            Operation.DESTROY,
            4,
            Recorder(),
            continue_with=continue_with,
        )

    assert str(failed.value).endswith("continue with: mesh up demo --prune")


def test_what_is_unchanged_does_not_run_and_what_waits_for_it_does() -> None:
    project, known = FakeProject(), Known("trust", "network", "west")
    recorder = operate(project, skipping=known)

    assert sorted(recorder.skips) == ["network", "trust", "west"]
    assert {*project.log} == {*WAVES} - {*recorder.skips}
    assert sorted(known.told) == sorted(f"deployed {part}" for part in project.log)


def test_a_stack_of_which_a_part_runs_is_neither_skipped_nor_known_to_be_deployed() -> None:
    project, known = FakeProject(), Known(*WAVES)
    operate(project, skipping=known, targets={"west": ["urn:pulumi:demo.west::shop::a::b"]})

    assert project.log == ["west"]
    assert known.told == []


def test_what_is_destroyed_is_never_skipped() -> None:
    project, known = FakeProject(), Known(*WAVES)
    operate(project, Operation.DESTROY, downstream(DESCRIBED), skipping=known)

    assert {*project.log} == {*WAVES}
    assert known.told == []


def test_a_stack_that_failed_is_not_known_to_be_deployed() -> None:
    project, known = FakeProject(errors={"west": ValueError("no")}), Known()
    with pytest.raises(RunFailedError):
        operate(project, skipping=known)

    assert "deployed west" not in known.told
    assert "deployed trust" in known.told


@pytest.mark.parametrize("changes", [{"create": 1}, {}])
@pytest.mark.parametrize("finding", [SimpleNamespace(), None])
def test_a_preview_passed_if_nothing_would_change_and_no_policy_complained(
    changes: dict[str, int], finding: Any
) -> None:
    project, known = FakeProject(changes=changes, finding=finding), Known()
    operate(project, Operation.PREVIEW, skipping=known)

    is_passed = not changes and finding is None
    assert sorted(known.told) == (sorted(f"passed {part}" for part in WAVES) if is_passed else [])


@pytest.mark.parametrize(
    ("operation", "again"),
    [(Operation.UP, True), (Operation.DESTROY, True), (Operation.PREVIEW, False)],
)
def test_what_was_read_of_a_stack_is_read_again_after_a_run_that_writes_it(
    operation: Operation, again: bool
) -> None:
    read: list[str] = []

    def outputs(stack: str) -> dict[str, str]:
        read.append(stack)
        return {}

    stacks = SimpleNamespace(outputs=outputs)
    project = FakeProject(reads=Reads(cast(Any, stacks)))
    project.reads.outputs("demo.west")

    run(cast(Project, project), "demo", {"west": set()}, operation, 1, Recorder())
    project.reads.outputs("demo.west")

    assert read == ["demo.west"] * (2 if again else 1)
