"""A rotation step by step: what is noted when, how it goes on, and when it must not begin."""

import io
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation
from rich.console import Console
from typer.testing import CliRunner

from cli import __main__ as main
from cli.errors import RunFailedError
from cli.rotation import rotate as rotating
from cli.rotation.rotate import Order
from cli.rotation.state import RotationRefusedError
from cli.runs.run import Project
from components.environment import Kind, Plan, chain
from components.linkerd.identity.trust_rotation import Restart, TrustState
from stacks.rotation import (
    ROTATION,
    TOKEN_GENERATIONS,
    TRUST_STATE,
    Rotated,
    RotationSettingError,
    read_trust,
    serialized_trust,
)
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(Kind("local"), on_aws("west"), links=chain("local", "west"))
STATES = [
    TrustState(),
    TrustState(anchors=(1, 2)),
    TrustState(anchors=(1, 2), signing=2, issuers=2),
    TrustState(anchors=(2,), signing=2, issuers=2),
]


class Killed(BaseException):
    """The end of a process, which nobody catches."""


@dataclass
class World:
    """A backend, and what was deployed; `fails` is raised by the run of that number."""

    config: dict[str, dict[str, str]] = field(default_factory=dict)
    deployed: TrustState = field(default_factory=TrustState)
    runs: list[tuple[set[str], dict[str, dict[str, str]]]] = field(default_factory=list)
    fails: dict[int, BaseException] = field(default_factory=dict)
    exists: bool = True
    log: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> "World":
        """Be the workspace, too."""
        return self

    def existing(self) -> set[str]:
        """Name the stacks."""
        return {f"demo.{part}" for part in DESCRIBED.parts} if self.exists else set()

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read outputs."""
        assert stack == "demo.trust"
        return {"trust": {"version": 1, "state": serialized_trust(self.deployed)}}

    def get_all_config(self, stack: str) -> dict[str, automation.ConfigValue]:
        """Read settings."""
        noted = self.config.get(stack, {})
        return {key: automation.ConfigValue(value) for key, value in noted.items()}

    def set_all_config(self, stack: str, config: dict[str, automation.ConfigValue]) -> None:
        """Write settings."""
        self.log.append(f"note {stack}")
        self.config.setdefault(stack, {}).update({k: v.value for k, v in config.items()})

    def remove_config(self, stack: str, key: str) -> None:
        """Remove a setting."""
        del self.config[stack][key]

    def run(self, _project: object, _name: str, waves: Any, *_: object) -> None:
        """Deploy: trust becomes what is noted, before anything can fail."""
        self.log.append("deploy")
        noted = self.config.get("demo.trust", {}).get(TRUST_STATE)
        if noted is not None and "trust" in waves:
            self.deployed = read_trust(noted)
        self.runs.append((set(waves), json.loads(json.dumps(self.config))))
        if len(self.runs) in self.fails:
            raise self.fails[len(self.runs)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Put a backend of the tests in the place of Pulumi's."""
    made = World()
    monkeypatch.setattr(rotating, "run", made.run)
    monkeypatch.setattr(rotating, "unrestarted", lambda *_: [])
    monkeypatch.setattr(rotating, "unused", lambda *_: [])
    monkeypatch.setattr(rotating, "unprobed", lambda *_: [])
    return made


def rotate(
    world: World,
    what: Rotated = Rotated.ANCHOR,
    *,
    only: int | None = None,
    agrees: bool = True,
    described: Plan = DESCRIBED,
) -> str:
    """Rotate; returns what was printed."""
    console = Console(file=io.StringIO(), width=160)
    order = Order(name="demo", what=what, only=only)
    rotating.rotate(cast(Project, world), described, order, console, lambda: agrees)
    return cast(io.StringIO, console.file).getvalue()


def refused(world: World, what: Rotated = Rotated.ANCHOR, **options: Any) -> str:
    """Rotate what must not be; returns why."""
    with pytest.raises(RotationRefusedError) as error:
        rotate(world, what, **options)
    return str(error.value)


def states(world: World) -> list[TrustState]:
    """List the states that were deployed."""
    return [read_trust(config["demo.trust"][TRUST_STATE]) for _, config in world.runs]


def test_all_steps_are_deployed_one_after_another(world: World) -> None:
    told = rotate(world)

    assert states(world) == STATES[1:]
    assert [parts for parts, _ in world.runs] == [set(DESCRIBED.parts) - {"network"}] * 3
    assert told.endswith("All is done.\n")


def test_workloads_that_lose_calls_are_named_before_anything_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def unprobed(*given: Any) -> list[str]:
        asked.append(given[-1])
        return ["west: shop/api"]

    monkeypatch.setattr(rotating, "unprobed", unprobed)

    told = rotate(world)

    assert Restart.DATA_PLANE in asked[0]
    assert told.index("west: shop/api") < told.index("step 1 of 3")


def test_each_step_is_noted_before_it_is_deployed(world: World) -> None:
    rotate(world)

    assert world.log[0] == "note demo.trust"
    assert [json.loads(config["demo.trust"][ROTATION])["step"] for _, config in world.runs] == [
        1,
        2,
        3,
    ]


def test_at_the_end_only_the_state_is_left(world: World) -> None:
    rotate(world)

    assert json.loads(world.config["demo.trust"][TRUST_STATE]) == serialized_trust(STATES[3])
    assert ROTATION not in world.config["demo.trust"]


def test_nothing_changes_before_a_person_agrees(world: World) -> None:
    assert refused(world, agrees=False) == (
        "Nothing was changed. To do it: mesh rotate demo anchor --yes"
    )
    assert (world.config, world.runs) == ({}, [])


def test_one_step_can_be_done_alone_and_the_next_command_goes_on(world: World) -> None:
    told = rotate(world, only=1)
    between = list(states(world))
    rotate(world)

    assert told.endswith("Step 1 is done. Go on with: mesh rotate demo anchor\n")
    assert between == STATES[1:2]
    assert states(world) == STATES[1:]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Killed(), RunFailedError("no")])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_step_that_was_ended_is_done_again_and_the_rotation_goes_on(
    number: int, error: BaseException, world: World
) -> None:
    world.fails = {number: error}
    with pytest.raises(type(error)):
        rotate(world)
    told = rotate(world)

    assert states(world) == [*STATES[1 : number + 1], *STATES[number:]]
    assert "(begun, is done again)" in told
    assert ROTATION not in world.config["demo.trust"]


def test_what_was_noted_but_never_deployed_is_deployed_by_the_next_command(world: World) -> None:
    rotate(world, only=1)
    world.config["demo.trust"][TRUST_STATE] = json.dumps(serialized_trust(STATES[2]))
    rotate(world)

    assert states(world) == STATES[1:]


def test_a_failure_says_how_to_go_on_with_the_rotation(world: World) -> None:
    world.fails = {1: RunFailedError("stack failed\nGo on with: mesh up demo")}

    with pytest.raises(RunFailedError) as failed:
        rotate(world)

    assert str(failed.value) == "stack failed\nGo on with: mesh rotate demo anchor"


def test_a_second_rotation_begins_where_the_first_ended(world: World) -> None:
    rotate(world)
    rotate(world)

    assert states(world)[-1] == TrustState(anchors=(3,), signing=3, issuers=3)


def test_issuers_get_the_next_number_in_one_step(world: World) -> None:
    rotate(world, Rotated.ISSUERS)

    assert states(world) == [TrustState(issuers=2)]
    assert world.runs[0][0] == {"trust", "local", "west"}


def test_tokens_are_noted_with_the_clusters_that_grant_them(world: World) -> None:
    rotate(world, Rotated.TOKENS)

    tokens = [config["demo.west"][TOKEN_GENERATIONS] for _, config in world.runs]
    assert tokens == ["[1, 2]", "[2]"]
    assert [parts for parts, _ in world.runs] == [{"west", "links"}, {"west"}]
    assert TRUST_STATE not in world.config["demo.trust"]


@pytest.mark.parametrize("number", [1, 2])
def test_tokens_go_on_where_they_were_ended(number: int, world: World) -> None:
    world.fails = {number: Killed()}
    with pytest.raises(Killed):
        rotate(world, Rotated.TOKENS)
    rotate(world, Rotated.TOKENS)

    tokens = [config["demo.west"][TOKEN_GENERATIONS] for _, config in world.runs]
    expected = ["[1, 2]", "[2]"]
    assert tokens == [*expected[:number], *expected[number - 1 :]]


def test_another_rotation_has_to_wait(world: World) -> None:
    rotate(world, only=1)

    assert refused(world, Rotated.ISSUERS) == (
        "rotation of issuers must wait for that of anchor (it stands at step 2 of 3). Use: mesh "
        "rotate demo anchor"
    )


def test_a_step_that_is_not_the_next_is_refused(world: World) -> None:
    assert refused(world, only=3) == (
        "--step must be the next one, 1 of 3 (got 3). Each step makes the next one safe."
    )
    assert world.runs == []


def test_what_is_not_deployed_is_refused(world: World) -> None:
    world.exists = False

    assert refused(world) == (
        "environment 'demo' must be deployed (demo.trust, demo.network, demo.local, demo.west, "
        "demo.links, demo.apps is not). There is nothing to replace yet. Use: mesh up demo"
    )


def test_without_links_tokens_are_refused(world: World) -> None:
    alone = planned(Kind("local"))

    assert refused(world, Rotated.TOKENS, described=alone) == (
        "environment 'demo' must have links to rotate their tokens (it has none)."
    )


def test_a_lost_note_is_noticed_and_can_be_taken_from_what_is_deployed(world: World) -> None:
    world.deployed = STATES[1]
    said = refused(world)
    world.config["demo.trust"] = {TRUST_STATE: json.dumps(serialized_trust(STATES[1]))}
    rotate(world)

    record = '{"anchors": [1, 2], "signing": 1, "issuers": 1}'
    assert f"pulumi config set --stack demo.trust linkmesh:trustState '{record}'" in said
    assert states(world) == STATES[2:]


def test_pods_that_are_not_restarted_hold_the_next_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "unrestarted", lambda *_: ["west: shop/api-1"])
    clock = iter([0.0, 1.0, 1000.0])
    monkeypatch.setattr(
        rotating, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _: None)
    )

    with pytest.raises(RunFailedError) as failed:
        rotate(world)

    assert str(failed.value) == (
        "meshed pods must be restarted before the next step (these are not):\n"
        "  west: shop/api-1\n"
        "They believe the anchors of the step before. Use: kubectl rollout restart, then: mesh "
        "rotate demo anchor"
    )
    assert states(world) == STATES[1:2]


def test_an_old_token_is_revoked_only_when_the_new_one_is_in_use(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def unused(_project: object, _name: str, _environment: object, tokens: Any) -> list[str]:
        asked.append(dict(tokens))
        return ["west: token-2"]

    monkeypatch.setattr(rotating, "unused", unused)
    clock = iter([0.0, 0.0, 1.0, 1000.0])
    monkeypatch.setattr(
        rotating, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _: None)
    )

    with pytest.raises(RunFailedError) as failed:
        rotate(world, Rotated.TOKENS)

    assert str(failed.value) == (
        "new tokens must be in use before the old ones are revoked (these are not):\n"
        "  west: token-2\n"
        "A mirror controller on the source has not read its credentials. Use: kubectl rollout "
        "restart deployment --namespace linkerd-multicluster controller-<target>, then: mesh "
        "rotate demo tokens"
    )
    assert asked == [{"west": (1, 2)}] * 2
    assert len(world.runs) == 1


def test_the_plan_is_told_before_anything_is_asked(world: World) -> None:
    seen: list[str] = []
    console = Console(file=io.StringIO(), width=160)

    def answer() -> bool:
        seen.append(cast(io.StringIO, console.file).getvalue())
        return True

    order = Order(name="demo", what=Rotated.ISSUERS)
    rotating.rotate(cast(Project, world), DESCRIBED, order, console, answer)

    assert seen[0].startswith("rotate the identity issuers of demo, 1 step:\n")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RotationRefusedError("must be deployed"), 2, "must be deployed\n"),
        (
            RotationSettingError("must be what mesh rotate writes"),
            2,
            "must be what mesh rotate writes\n",
        ),
        (RunFailedError("stack failed"), 1, "stack failed\n"),
        (
            KeyboardInterrupt(),
            130,
            "Interrupted; nothing is lost. Go on with: mesh rotate demo tokens\n",
        ),
    ],
)
def test_each_way_to_end_has_its_exit_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main, "Project", SimpleNamespace(open=lambda folder: folder))
    monkeypatch.setattr(rotating, "rotate", end)
    done = CliRunner().invoke(main.app, ["rotate", "demo", "tokens", "--yes"])

    assert (done.exit_code, done.output) == (code, said)


def test_locks_of_a_killed_run_are_taken_away_and_the_step_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fails = {1: RunFailedError("locked: demo.trust"), 2: RunFailedError("locked: demo.west")}
    gone: list[str] = []
    monkeypatch.setattr(
        rotating, "stale", lambda told: [told.split()[-1]] if "locked" in told else []
    )
    monkeypatch.setattr(rotating, "unlock", lambda _, stacks: gone.extend(stacks))
    rotate(world, only=1)

    assert gone == ["demo.trust", "demo.west"]
    assert states(world) == STATES[1:2] * 3


def test_a_lock_that_stays_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fails = dict.fromkeys((1, 2), RunFailedError("locked: demo.trust"))
    monkeypatch.setattr(rotating, "stale", lambda _: ["demo.trust"])
    monkeypatch.setattr(rotating, "unlock", lambda *_: None)

    with pytest.raises(RunFailedError, match="locked"):
        rotate(world)
