"""
`mesh rotate`: a rotation, step by step.

Where it stands is noted in the configuration of the stacks before each step: whatever ends a run,
the next one does that step again, which changes nothing that is done already, and goes on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console

from components import names
from components.environment import Plan
from components.linkerd.labels import MULTICLUSTER_NAMESPACE
from stacks.rotation import (
    TRUST_STATE,
    Rotated,
    Rotation,
    trust_text,
)

from ..errors import RunFailedError
from ..runs.progress import Progress
from ..runs.run import Operation, Project, run
from ..runs.stale_locks import stale, unlock
from .outdated_pods import unrestarted
from .plan import Step, steps, text, waves
from .state import RotationRefusedError, Standing, is_at, note, note_done, read
from .unprobed_workloads import unprobed, warning
from .unused_tokens import unused

# Deployments of three replicas are made anew within a minute or two.
WAIT_SECONDS = 300


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
    plan: Plan,
    order: Order,
    console: Console,
    confirm: Callable[[], bool],
) -> None:
    """
    Tell the plan, ask, and do the steps that are left, or one.

    Raises: RotationRefusedError, or RunFailedError if a stack failed or pods were not restarted.
    """
    standing = read(project, order.name, plan)
    rotation = standing.rotation or Rotation(
        what=order.what, trust=standing.trust, tokens=standing.tokens, step=1
    )
    planned = steps(plan, rotation)
    _check(order, standing, rotation, planned)
    begun = standing.rotation is not None and is_at(standing, planned[rotation.step - 1])
    console.print(text(order.name, plan, rotation, begun=begun))
    restarts = [restart for step in planned[rotation.step - 1 :] for restart in step.restart]
    if warned := warning(unprobed(project, order.name, plan, restarts)):
        console.print(f"\n{warned}")
    if not confirm():
        raise RotationRefusedError(f"Nothing was changed. To do it: {order.command} --yes")
    last = order.only or len(planned)
    for number in range(rotation.step, last + 1):
        step = planned[number - 1]
        console.print(f"\nstep {number} of {len(planned)}: {step.title}")
        note(project, order.name, replace(rotation, step=number), step)
        _deploy(project, plan, order, step, console)
        _wait(project, plan, order, step)
        note_done(project, order.name, replace(rotation, step=number + 1), len(planned))
    left = len(planned) - last
    console.print(f"Step {last} is done. Go on with: {order.command}" if left else "All is done.")


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


def _deploy(project: Project, plan: Plan, order: Order, step: Step, console: Console) -> None:
    """Deploy a step; again where only a killed run's locks were in the way."""
    unlocked: set[str] = set()
    while True:
        try:
            return _run(project, plan, order, step, console)
        except RunFailedError as failed:
            left = set(stale(str(failed))) - unlocked
            if not left:
                raise
            console.print(f"A killed run has left locks, which go now: {', '.join(sorted(left))}")
            unlock(project, sorted(left))
            unlocked |= left


def _run(project: Project, plan: Plan, order: Order, step: Step, console: Console) -> None:
    ordered = waves(plan, step)
    with Progress(console, Operation.UP, list(ordered)) as progress:
        try:
            run(project, order.name, ordered, Operation.UP, order.parallel, progress)
        except RunFailedError as failed:
            told = str(failed).replace(f"mesh up {order.name}", order.command)
            raise RunFailedError(told) from None
    console.print(progress.closing())


def _wait(project: Project, plan: Plan, order: Order, step: Step) -> None:
    """Wait until nobody is left that the next step would shut out."""
    _until_none(
        lambda: unrestarted(project, order.name, plan, step.restart),
        "meshed pods must be restarted before the next step (these are not)",
        "They believe the anchors of the step before. Use: kubectl rollout restart, "
        f"then: {order.command}",
    )
    _until_none(
        lambda: unused(project, order.name, plan, step.tokens),
        "new tokens must be in use before the old ones are revoked (these are not)",
        "A mirror controller on the source has not read its credentials. Use: kubectl rollout "
        f"restart deployment --namespace {MULTICLUSTER_NAMESPACE} "
        f"{names.mirror_controller('<target>')}, "
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
