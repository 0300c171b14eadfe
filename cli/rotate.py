"""
`mesh rotate`: a rotation, step by step.

Where it stands is noted in the configuration of the stacks before each step: whatever ends a run,
the next one does that step again, which changes nothing that is done already, and goes on.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pulumi import automation
from rich.console import Console

from components.linkerd.rotation import TrustState
from stacks.environment import Environment
from stacks.rotation import (
    ROTATION,
    TOKEN_GENERATIONS,
    TRUST_STATE,
    Rotated,
    Rotation,
    Tokens,
    read_rotation,
    read_tokens,
    read_trust,
    rotation_text,
    tokens_text,
    trust_of,
    trust_text,
)

from .progress import Progress
from .rotation_plan import Step, called, steps, text, waves
from .runs import Operation, Project, RunFailedError, run
from .stale_locks import stale, unlock
from .terminal import RefusedError
from .unrestarted import unrestarted
from .unused import unused

# Deployments of three replicas are made anew within a minute or two.
WAIT_SECONDS = 300


class RotationRefusedError(RefusedError):
    """A rotation cannot begin, or go on; says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an environment stands."""

    trust: TrustState
    """The trust that is to be deployed."""

    tokens: Tokens
    """The tokens that are to be valid, by the cluster that grants them."""

    rotation: Rotation | None
    """The rotation that has begun, if any."""

    deployed: TrustState
    """The trust that was deployed last."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person asked for."""

    name: str
    """Name of the environment."""

    what: Rotated
    """What is rotated."""

    only: int | None = None
    """The one step to do; None does all that are left."""

    parallel: int = 4
    """How many stacks are deployed at once."""

    @property
    def command(self) -> str:
        """How to go on."""
        return f"mesh rotate {self.name} {self.what.value}"


def rotate(
    project: Project,
    environment: Environment,
    order: Order,
    console: Console,
    confirm: Callable[[], bool],
) -> None:
    """
    Tell the plan, ask, and do the steps that are left, or one.

    Raises: RotationRefusedError, or RunFailedError if a stack failed or pods were not restarted.
    """
    standing = read(project, order.name, environment)
    rotation = standing.rotation or Rotation(
        what=order.what, trust=standing.trust, tokens=standing.tokens, step=1
    )
    planned = steps(environment, rotation)
    _check(order, standing, rotation, planned)
    begun = standing.rotation is not None and _is_at(standing, planned[rotation.step - 1])
    console.print(text(order.name, environment, rotation, begun=begun))
    if not confirm():
        raise RotationRefusedError(f"Nothing was changed. To do it: {order.command} --yes")
    last = order.only or len(planned)
    for number in range(rotation.step, last + 1):
        step = planned[number - 1]
        console.print(f"\nstep {number} of {len(planned)}: {step.title}")
        _note(project, order.name, replace(rotation, step=number), step)
        _deploy(project, environment, order, step, console)
        _wait(project, environment, order, step)
        _note_done(project, order.name, replace(rotation, step=number + 1), len(planned))
    left = len(planned) - last
    console.print(f"Step {last} is done. Go on with: {order.command}" if left else "All is done.")


def read(project: Project, name: str, environment: Environment) -> Standing:
    """Read where an environment stands. Raises: RotationRefusedError if it is not deployed."""
    existing = project.existing()
    missing = [f"{name}.{part}" for part in environment.parts if f"{name}.{part}" not in existing]
    told = {} if missing else project.outputs(f"{name}.trust").get("trust", {})
    if not told:
        raise RotationRefusedError(
            f"environment {name!r} must be deployed ({', '.join(missing) or 'trust'} is not). There"
            f" is nothing to replace yet. Use: mesh up {name}"
        )
    noted = _settings(project, f"{name}.trust")
    trust, rotation = noted.get(TRUST_STATE), noted.get(ROTATION)
    state = told.get("state")
    return Standing(
        trust=environment.trust if trust is None else read_trust(trust),
        tokens={each: _tokens(project, name, each, environment) for each in called(environment)},
        rotation=None if rotation is None else read_rotation(rotation),
        deployed=trust_of(state) if state else TrustState(),
    )


def _tokens(project: Project, name: str, part: str, environment: Environment) -> tuple[int, ...]:
    noted = _settings(project, f"{name}.{part}").get(TOKEN_GENERATIONS)
    return tuple(environment.token_generations) if noted is None else read_tokens(noted)


def _settings(project: Project, stack: str) -> Mapping[str, str]:
    return {key: one.value for key, one in project.workspace.get_all_config(stack).items()}


def _is_at(standing: Standing, step: Step) -> bool:
    """Tell whether a step was noted, and so may have begun."""
    return standing.trust == step.trust and all(
        standing.tokens[name] == numbers for name, numbers in step.tokens.items()
    )


def _check(order: Order, standing: Standing, rotation: Rotation, planned: list[Step]) -> None:
    if rotation.what is not order.what:
        raise RotationRefusedError(
            f"rotation of {order.what.value} must wait for that of {rotation.what.value} (it stands"
            f" at step {rotation.step} of {len(planned)}). Use: mesh rotate {order.name} "
            f"{rotation.what.value}"
        )
    if not planned:
        raise RotationRefusedError(
            f"environment {order.name!r} must have links to rotate their tokens (it has none)."
        )
    if order.only is not None and order.only != rotation.step:
        raise RotationRefusedError(
            f"--step must be the next one, {rotation.step} of {len(planned)} (got {order.only}). "
            "Each step makes the next one safe."
        )
    states = [rotation.trust, *(step.trust for step in planned)]
    expected = states[rotation.step - 1 : rotation.step + 1] if standing.rotation else states[:1]
    if standing.deployed not in expected:
        stack, found = f"{order.name}.trust", trust_text(standing.deployed)
        raise RotationRefusedError(
            f"trust of {order.name!r} must be deployed as noted, {trust_text(expected[0])} (got "
            f"{found}). A step from elsewhere could part clusters from one another. Restore "
            f"Pulumi.{stack}.yaml, or take what is deployed: pulumi config set --stack {stack} "
            f"{TRUST_STATE} '{found}'; or deploy what is noted: mesh up {order.name}"
        )


def _note(project: Project, name: str, rotation: Rotation, step: Step) -> None:
    """Note a step before it begins; first that of trust, which leads."""
    noted = {ROTATION: rotation_text(rotation)}
    if step.trust != rotation.trust:
        noted[TRUST_STATE] = trust_text(step.trust)
    _set(project, f"{name}.trust", noted)
    for part, numbers in step.tokens.items():
        _set(project, f"{name}.{part}", {TOKEN_GENERATIONS: tokens_text(numbers)})


def _note_done(project: Project, name: str, rotation: Rotation, count: int) -> None:
    stack = f"{name}.trust"
    if rotation.step > count:
        project.workspace.remove_config(stack, ROTATION)
    else:
        _set(project, stack, {ROTATION: rotation_text(rotation)})


def _set(project: Project, stack: str, noted: Mapping[str, str]) -> None:
    config = {key: automation.ConfigValue(value) for key, value in noted.items()}
    project.workspace.set_all_config(stack, config)


def _deploy(
    project: Project, environment: Environment, order: Order, step: Step, console: Console
) -> None:
    """Deploy a step; again where only a killed run's locks were in the way."""
    unlocked: set[str] = set()
    while True:
        try:
            return _run(project, environment, order, step, console)
        except RunFailedError as failed:
            left = set(stale(str(failed))) - unlocked
            if not left:
                raise
            console.print(f"A killed run has left locks, which go now: {', '.join(sorted(left))}")
            unlock(project, sorted(left))
            unlocked |= left


def _run(
    project: Project, environment: Environment, order: Order, step: Step, console: Console
) -> None:
    ordered = waves(environment, step)
    with Progress(console, Operation.UP, list(ordered)) as progress:
        try:
            run(project, order.name, ordered, Operation.UP, order.parallel, progress)
        except RunFailedError as failed:
            told = str(failed).replace(f"mesh up {order.name}", order.command)
            raise RunFailedError(told) from None
    console.print(progress.closing())


def _wait(project: Project, environment: Environment, order: Order, step: Step) -> None:
    """Wait until nobody is left that the next step would shut out."""
    _until_none(
        lambda: unrestarted(project, order.name, environment, step.restart),
        "meshed pods must be restarted before the next step (these are not)",
        "They believe the anchors of the step before. Use: kubectl rollout restart, "
        f"then: {order.command}",
    )
    _until_none(
        lambda: unused(project, order.name, environment, step.tokens),
        "new tokens must be in use before the old ones are revoked (these are not)",
        "A mirror controller on the source has not read its credentials. Use: kubectl rollout "
        "restart deployment --namespace linkerd-multicluster controller-<target>, "
        f"then: {order.command}",
    )


def _until_none(left: Callable[[], list[str]], rule: str, remedy: str) -> None:
    """Wait until nothing is left. Raises: RunFailedError after a time."""
    end = time.monotonic() + WAIT_SECONDS
    while found := left():
        if time.monotonic() > end:
            listed = "\n".join(f"  {each}" for each in found)
            raise RunFailedError(f"{rule}:\n{listed}\n{remedy}")
        time.sleep(2)
