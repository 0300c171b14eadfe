"""Operations on all stacks: their order, what a failure stops, and what a person is told."""

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation
from pulumi.automation.events import EngineEvent

from cli.errors import RunFailedError
from cli.runs.run import Operation, Project, run
from cli.runs.waves import Waves, downstream, upstream
from stacks.environment import Kind, chain
from tests.stacks.described import environment, on_aws

DESCRIBED = environment(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
)
WAVES = upstream(DESCRIBED)


@dataclass
class FakeStack:
    """Does what it is told to, and notes when."""

    part: str
    log: list[str]
    error: Exception | None = None
    touched: list[list[str] | None] = field(default_factory=list)
    after: threading.Event | None = None

    def _operate(self, on_event: Any) -> None:
        if self.after is not None:
            assert self.after.wait(10)
        self.log.append(self.part)
        on_event(SimpleNamespace(res_outputs_event=None, summary_event=None))
        if self.error is not None:
            raise self.error
        changes = {"create": 2, "same": 5, "update": 0, "read": 1}
        summary = SimpleNamespace(resource_changes=changes)
        on_event(SimpleNamespace(res_outputs_event=None, summary_event=summary))

    def up(self, *, on_event: Any, color: str, target: list[str] | None = None) -> None:
        """Deploy the stack."""
        self.touched.append(target)
        self._operate(on_event)

    preview = destroy = up


@dataclass
class FakeProject:
    """Knows the stacks of one environment; those in `missing` do not exist."""

    errors: dict[str, Exception] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    after: dict[str, threading.Event] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    created: bool | None = None
    opened: dict[str, FakeStack] = field(default_factory=dict)

    def stacks(self, name: str, parts: list[str], *, create: bool) -> dict[str, FakeStack]:
        """Open the stacks."""
        self.created = create
        self.opened = {
            part: FakeStack(part, self.log, error=self.errors.get(part), after=self.after.get(part))
            for part in parts
            if part not in self.missing
        }
        return self.opened


class Heard:
    """Notes what a listener hears."""

    def __init__(self) -> None:
        self.begun: set[str] = set()
        self.changes: dict[str, dict[str, int]] = {}
        self.failures: list[str] = []
        self.events: list[str] = []
        self.on_failure = threading.Event()

    def started(self, part: str) -> None:
        """A stack starts."""
        self.begun.add(part)

    def event(self, part: str, event: EngineEvent) -> None:
        """The engine tells something."""
        self.events.append(part)

    def finished(self, part: str, changes: dict[str, int]) -> None:
        """A stack is done."""
        self.changes[part] = changes

    def failed(self, part: str) -> None:
        """A stack failed."""
        self.failures.append(part)
        self.on_failure.set()


def operate(
    project: FakeProject, operation: Operation = Operation.UP, waves: Waves = WAVES
) -> Heard:
    """Run an operation on every stack."""
    heard = Heard()
    run(cast(Project, project), "demo", waves, operation, 4, heard)
    return heard


def failure(
    project: FakeProject, operation: Operation = Operation.UP, heard: Heard | None = None
) -> str:
    """Run an operation that fails; returns what a person is told."""
    with pytest.raises(RunFailedError) as failed:
        run(cast(Project, project), "demo", WAVES, operation, 4, heard or Heard())
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

    class Releasing(Heard):
        def finished(self, part: str, changes: dict[str, int]) -> None:
            super().finished(part, changes)
            if part == "apps":
                last.set()

    run(cast(Project, project), "demo", WAVES, Operation.PREVIEW, 7, Releasing())

    assert project.log[-1] == "trust"


def test_changes_are_told_without_what_stayed_the_same() -> None:
    heard = operate(FakeProject())

    assert heard.changes == {part: {"create": 2} for part in WAVES}
    assert sorted(set(heard.events)) == sorted(WAVES)


def test_stacks_are_made_unless_they_are_to_be_destroyed() -> None:
    up, preview, destroy = FakeProject(), FakeProject(), FakeProject()
    operate(up)
    operate(preview, Operation.PREVIEW)
    operate(destroy, Operation.DESTROY, downstream(DESCRIBED))

    assert (up.created, preview.created, destroy.created) == (True, True, False)


def test_a_stack_that_does_not_exist_is_destroyed_at_once() -> None:
    project = FakeProject(missing=("apps", "west"))

    heard = operate(project, Operation.DESTROY, downstream(DESCRIBED))

    assert heard.changes["apps"] == {}
    assert "apps" not in project.log
    assert project.log[-1] in ("trust", "network")


def test_a_failure_tells_its_cause_what_was_not_started_and_how_to_go_on() -> None:
    project = FakeProject(errors={"links": ValueError("no gateway")})

    assert failure(project) == (
        "stack demo.links failed:\n"
        "  no gateway\n"
        "Not started: demo.apps.\n"
        "Nothing is lost. Go on with: mesh up demo"
    )


def test_of_a_failed_command_only_its_diagnostics_are_told() -> None:
    told = (
        "Updating (demo.links):\nPreviewing update\n\nDiagnostics:\n"
        "  pulumi:pulumi:Stack (linkmesh-demo.links):\n    error: no gateway\n\n"
        "Outputs:\n    token: [secret]\n"
    )
    error = automation.CommandError(automation.CommandResult(told, "", 255))

    text = failure(FakeProject(errors={"apps": error}), Operation.UP)

    assert text == (
        "stack demo.apps failed:\n"
        "  Diagnostics:\n"
        "    pulumi:pulumi:Stack (linkmesh-demo.links):\n"
        "      error: no gateway\n"
        "Nothing is lost. Go on with: mesh up demo"
    )


def test_a_failed_command_without_diagnostics_is_told_whole() -> None:
    error = automation.CommandError(automation.CommandResult("", "error: no passphrase", 255))

    text = failure(FakeProject(errors={"apps": error}))

    assert "error: no passphrase" in text


def test_what_does_not_depend_on_a_failure_is_finished() -> None:
    heard = Heard()
    project = FakeProject(
        errors={"local": ValueError("no Docker")}, after={"network": heard.on_failure}
    )

    text = failure(project, heard=heard)

    assert {"network", "west", "east"} <= set(heard.changes)
    assert text.splitlines()[2] == "Not started: demo.links, demo.apps."


def test_nothing_that_waits_for_a_failure_is_started() -> None:
    heard = Heard()
    project = FakeProject(errors={"trust": ValueError("no")})

    failure(project, heard=heard)

    assert heard.begun == {"trust", "network"}


def test_all_failures_of_a_preview_are_told() -> None:
    errors: dict[str, Exception] = {"trust": ValueError("one"), "apps": ValueError("two")}
    heard = Heard()

    text = failure(FakeProject(errors=errors), Operation.PREVIEW, heard)

    assert heard.begun == set(WAVES)
    assert "stack demo.trust failed:\n  one" in text
    assert "stack demo.apps failed:\n  two" in text
    assert "Not started" not in text
    assert text.endswith("Go on with: mesh preview demo")


@pytest.mark.parametrize("operation", list(Operation))
def test_only_the_targets_of_a_stack_are_touched(operation: Operation) -> None:
    project, urns = FakeProject(), {"apps": ["urn:one", "urn:two"]}

    run(cast(Project, project), "demo", WAVES, operation, 4, Heard(), targets=urns)

    assert project.opened["apps"].touched == [["urn:one", "urn:two"]]
    assert project.opened["links"].touched == [None]


def test_a_failure_names_the_command_that_goes_on_if_it_is_another() -> None:
    project, go_on = FakeProject(errors={"apps": ValueError("no")}), "mesh up demo --prune"

    with pytest.raises(RunFailedError) as failed:
        run(cast(Project, project), "demo", WAVES, Operation.DESTROY, 4, Heard(), go_on=go_on)

    assert str(failed.value).endswith("Nothing is lost. Go on with: mesh up demo --prune")
