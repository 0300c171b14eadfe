"""A rotation step by step: what is stored when, how it continues, and when it must not start."""

import io
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pulumi import automation
from rich.console import Console
from typer.testing import CliRunner

from linkmesh.cli import __main__ as main
from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.rotation import rotate as rotating
from linkmesh.cli.rotation.rotate import Request
from linkmesh.cli.rotation.state import RotationError
from linkmesh.cli.rotation.trust_steps import Restart
from linkmesh.cli.runs import stale_locks
from linkmesh.cli.runs.project import Project
from linkmesh.environment import Existing, Kind, Plan, chain
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks.rotation import (
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
    """The end of a process, which no code catches."""


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
        """The workspace is this object too."""
        return self

    @property
    def reads(self) -> "World":
        """What is read once is read of this object too."""
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
        self.log.append(f"store {stack}")
        self.config.setdefault(stack, {}).update({k: v.value for k, v in config.items()})

    def remove_config(self, stack: str, key: str) -> None:
        """Remove a setting."""
        del self.config[stack][key]

    def run(self, _project: object, _name: str, waves: Any, *_: object, skipping: Any) -> None:
        """Deploy: trust becomes what is configured, before anything can fail."""
        self.log.append("deploy")
        noted = self.config.get("demo.trust", {}).get(TRUST_STATE)
        if noted is not None and "trust" in waves:
            self.deployed = read_trust(noted)
        self.runs.append((set(waves), json.loads(json.dumps(self.config))))
        if len(self.runs) in self.fails:
            raise self.fails[len(self.runs)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Replace Pulumi's backend by a simulated one."""
    made = World()
    monkeypatch.setattr(rotating, "run", made.run)
    monkeypatch.setattr(rotating, "outdated_pods", lambda *_: [])
    monkeypatch.setattr(rotating, "unused_tokens", lambda *_: [])
    monkeypatch.setattr(rotating, "unprobed_workloads", lambda *_: [])
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
    request = Request(name="demo", what=what, only=only)
    rotating.rotate(cast(Project, world), described, request, console, lambda: agrees)
    return cast(io.StringIO, console.file).getvalue()


def rejected(world: World, what: Rotated = Rotated.ANCHOR, **options: Any) -> str:
    """Start a rotation that is not allowed; returns why."""
    with pytest.raises(RotationError) as error:
        rotate(world, what, **options)
    return str(error.value)


def states(world: World) -> list[TrustState]:
    """List the states that were deployed."""
    return [read_trust(config["demo.trust"][TRUST_STATE]) for _, config in world.runs]


def test_all_steps_are_deployed_one_after_another(world: World) -> None:
    printed = rotate(world)

    assert states(world) == STATES[1:]
    assert [parts for parts, _ in world.runs] == [{"trust", *DESCRIBED.names}] * 3
    assert printed.endswith("The rotation is complete.\n")


def test_workloads_that_lose_calls_are_named_before_anything_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def unprobed(*given: Any) -> list[str]:
        asked.append(given[-1])
        return ["west: shop/api"]

    monkeypatch.setattr(rotating, "unprobed_workloads", unprobed)

    printed = rotate(world)

    assert Restart.DATA_PLANE in asked[0]
    assert printed.index("west: shop/api") < printed.index("step 1 of 3")


def test_each_step_is_stored_before_it_is_deployed(world: World) -> None:
    rotate(world)

    assert world.log[0] == "store demo.trust"
    assert [json.loads(config["demo.trust"][ROTATION])["step"] for _, config in world.runs] == [
        1,
        2,
        3,
    ]


def test_at_the_end_only_the_state_is_left(world: World) -> None:
    rotate(world)

    assert json.loads(world.config["demo.trust"][TRUST_STATE]) == serialized_trust(STATES[3])
    assert ROTATION not in world.config["demo.trust"]


def test_nothing_changes_before_the_confirmation(world: World) -> None:
    assert rejected(world, agrees=False) == (
        "Nothing was changed. To rotate without confirmation: mesh rotate demo anchor --yes"
    )
    assert (world.config, world.runs) == ({}, [])


def test_one_step_can_be_run_and_the_next_command_continues(world: World) -> None:
    printed = rotate(world, only=1)
    between = list(states(world))
    rotate(world)

    assert printed.endswith("Step 1 is done. Continue with: mesh rotate demo anchor\n")
    assert between == STATES[1:2]
    assert states(world) == STATES[1:]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Killed(), RunFailedError("no")])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_interrupted_step_is_repeated_and_the_rotation_continues(
    number: int, error: BaseException, world: World
) -> None:
    world.fails = {number: error}
    with pytest.raises(type(error)):
        rotate(world)
    printed = rotate(world)

    assert states(world) == [*STATES[1 : number + 1], *STATES[number:]]
    assert "(interrupted, will be repeated)" in printed
    assert ROTATION not in world.config["demo.trust"]


def test_a_stored_step_that_was_not_deployed_is_deployed_by_the_next_command(world: World) -> None:
    rotate(world, only=1)
    world.config["demo.trust"][TRUST_STATE] = json.dumps(serialized_trust(STATES[2]))
    rotate(world)

    assert states(world) == STATES[1:]


def test_a_failure_says_how_to_continue_the_rotation(world: World) -> None:
    world.fails = {1: RunFailedError("stack failed\nContinue with: mesh up demo")}

    with pytest.raises(RunFailedError) as failed:
        rotate(world)

    assert str(failed.value) == "stack failed\nContinue with: mesh rotate demo anchor"


def test_a_second_rotation_begins_where_the_first_ended(world: World) -> None:
    rotate(world)
    rotate(world)

    assert states(world)[-1] == TrustState(anchors=(3,), signing=3, issuers=3)


def test_issuers_get_the_next_number_in_one_step(world: World) -> None:
    rotate(world, Rotated.ISSUERS)

    assert states(world) == [TrustState(issuers=2)]
    assert world.runs[0][0] == {"trust", "local", "west"}


def test_tokens_are_stored_with_the_clusters_that_issue_them(world: World) -> None:
    rotate(world, Rotated.TOKENS)

    tokens = [config["demo.west"][TOKEN_GENERATIONS] for _, config in world.runs]
    assert tokens == ["[1, 2]", "[2]"]
    assert [parts for parts, _ in world.runs] == [{"west", "links.local"}, {"west"}]
    assert TRUST_STATE not in world.config["demo.trust"]


@pytest.mark.parametrize("number", [1, 2])
def test_a_rotation_of_tokens_continues_where_it_was_interrupted(number: int, world: World) -> None:
    world.fails = {number: Killed()}
    with pytest.raises(Killed):
        rotate(world, Rotated.TOKENS)
    rotate(world, Rotated.TOKENS)

    tokens = [config["demo.west"][TOKEN_GENERATIONS] for _, config in world.runs]
    expected = ["[1, 2]", "[2]"]
    assert tokens == [*expected[:number], *expected[number - 1 :]]


def test_another_rotation_has_to_wait(world: World) -> None:
    rotate(world, only=1)

    assert rejected(world, Rotated.ISSUERS) == (
        "rotation of issuers must wait for that of anchor (it is at step 2 of 3). Use: mesh "
        "rotate demo anchor"
    )


def test_a_step_that_is_not_the_next_is_an_error(world: World) -> None:
    assert rejected(world, only=3) == (
        "--step must be the next one, 1 of 3 (got 3). Each step makes the next one safe."
    )
    assert world.runs == []


def test_an_environment_that_is_not_deployed_is_an_error(world: World) -> None:
    world.exists = False

    assert rejected(world) == (
        "environment 'demo' must be deployed (demo.trust, demo.network, demo.local, demo.west, "
        "demo.links.local is not). There is nothing to replace yet. Use: mesh up demo"
    )


def test_without_links_a_rotation_of_tokens_is_an_error(world: World) -> None:
    alone = planned(Kind("local"))

    assert rejected(world, Rotated.TOKENS, described=alone) == (
        "environment 'demo' must have links to rotate their tokens (it has none)."
    )


def test_a_lost_setting_is_noticed_and_can_be_restored_from_what_is_deployed(world: World) -> None:
    world.deployed = STATES[1]
    message = rejected(world)
    world.config["demo.trust"] = {TRUST_STATE: json.dumps(serialized_trust(STATES[1]))}
    rotate(world)

    state = '{"anchors": [1, 2], "signing": 1, "issuers": 1}'
    assert f"pulumi config set --stack demo.trust linkmesh:trustState '{state}'" in message
    assert states(world) == STATES[2:]


def test_pods_that_are_not_restarted_hold_the_next_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "outdated_pods", lambda *_: ["west: shop/api-1"])
    clock = iter([0.0, 1.0, 1000.0])
    monkeypatch.setattr(
        rotating, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _: None)
    )

    with pytest.raises(RunFailedError) as failed:
        rotate(world)

    assert str(failed.value) == (
        "meshed pods must be restarted before the next step (these are not):\n"
        "  west: shop/api-1\n"
        "They trust the anchors of the previous step. Use: kubectl rollout restart, then: mesh "
        "rotate demo anchor"
    )
    assert states(world) == STATES[1:2]


def test_an_old_token_is_revoked_only_when_the_new_one_is_in_use(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def unused_tokens(_project: object, _name: str, _environment: object, tokens: Any) -> list[str]:
        asked.append(dict(tokens))
        return ["west: token-2"]

    monkeypatch.setattr(rotating, "unused_tokens", unused_tokens)
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


def test_the_plan_is_shown_before_the_confirmation(world: World) -> None:
    seen: list[str] = []
    console = Console(file=io.StringIO(), width=160)

    def answer() -> bool:
        seen.append(cast(io.StringIO, console.file).getvalue())
        return True

    request = Request(name="demo", what=Rotated.ISSUERS)
    rotating.rotate(cast(Project, world), DESCRIBED, request, console, answer)

    assert seen[0].startswith("rotate the identity issuers of demo, 1 step:\n")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (RotationError("must be deployed"), 2, "must be deployed\n"),
        (
            RotationSettingError("must be what mesh rotate writes"),
            2,
            "must be what mesh rotate writes\n",
        ),
        (RunFailedError("stack failed"), 1, "stack failed\n"),
        (
            KeyboardInterrupt(),
            130,
            "Interrupted; nothing is lost. Continue with: mesh rotate demo tokens\n",
        ),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    error: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main, "Project", SimpleNamespace(open=lambda folder, *_: folder))
    monkeypatch.setattr(rotating, "rotate", end)
    done = CliRunner().invoke(main.app, ["rotate", "demo", "tokens", "--yes"])

    assert (done.exit_code, done.output) == (code, message)


def test_locks_of_a_killed_run_are_removed_and_the_step_is_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fails = {1: RunFailedError("locked: demo.trust"), 2: RunFailedError("locked: demo.west")}
    unlocked: list[str] = []
    monkeypatch.setattr(
        stale_locks, "stale", lambda text: [text.split()[-1]] if "locked" in text else []
    )
    monkeypatch.setattr(stale_locks, "unlock", lambda _, stacks: unlocked.extend(stacks))
    monkeypatch.setattr(stale_locks, "note_pending", lambda *_: None)
    rotate(world, only=1)

    assert unlocked == ["demo.trust", "demo.west"]
    assert states(world) == STATES[1:2] * 3


def test_a_lock_that_stays_is_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fails = dict.fromkeys((1, 2), RunFailedError("locked: demo.trust"))
    monkeypatch.setattr(stale_locks, "stale", lambda _: ["demo.trust"])
    monkeypatch.setattr(stale_locks, "unlock", lambda *_: None)
    monkeypatch.setattr(stale_locks, "note_pending", lambda *_: None)

    with pytest.raises(RunFailedError, match="locked"):
        rotate(world)


def test_an_anchor_is_not_rotated_over_a_linkerd_of_others() -> None:
    plan = planned(Kind("local"), Existing("office", has_linkerd=True))
    request = Request(name="demo", what=Rotated.ANCHOR)

    with pytest.raises(RotationError) as error:
        rotating.rotate(
            cast(Project, World()), plan, request, Console(file=io.StringIO()), confirm=lambda: True
        )

    assert str(error.value) == (
        "environment 'demo' must have no cluster with a Linkerd of others to rotate the anchor "
        "(got office). Its issuer would stay signed by the old one, and calls to and from it would "
        "fail. Use: trust=TrustState(...) in the description, state by state with its owner "
        "(docs/guides/rotate.md)"
    )
