"""
`mesh rotate`: a rotation, step by step.

The state is written to the configuration of the stacks before each step. However a run ends, the
next one repeats that step, which changes nothing that is done already, and continues.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console

from linkmesh import names
from linkmesh.environment import Plan
from linkmesh.linkerd.labels import MULTICLUSTER_NAMESPACE
from linkmesh.stacks.rotation import (
    TRUST_STATE,
    Rotated,
    Rotation,
    trust_text,
)

from ..errors import RunFailedError
from ..runs.operation import Operation
from ..runs.progress import Progress
from ..runs.project import Project
from ..runs.run import run
from ..runs.stale_locks import retry
from ..unchanged import Unchanged
from .outdated_pods import outdated_pods
from .plan import Step, steps, text, waves
from .state import RotationError, RotationState, is_at, read, store_progress, store_step
from .unprobed_workloads import unprobed_workloads, warning
from .unused_tokens import unused_tokens

# Deployments of three replicas restart within a minute or two.
WAIT_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Request:
    """The rotation that the user requested."""

    name: str
    """Name of the environment."""

    what: Rotated
    """What is rotated."""

    only: int | None = None
    """The only step to run; None runs all remaining steps."""

    parallel: int = 4
    """How many stacks are deployed in parallel."""

    @property
    def command(self) -> str:
        """The command that continues."""
        return f"mesh rotate {self.name} {self.what.value}"


def rotate(
    project: Project,
    plan: Plan,
    request: Request,
    console: Console,
    confirm: Callable[[], bool],
) -> None:
    """
    Show the plan, ask for confirmation, and run the remaining steps, or one.

    Raises: RotationError, or RunFailedError if a stack failed or pods were not restarted.
    """
    _check_owned(request, plan)
    state = read(project, request.name, plan)
    rotation = state.rotation or Rotation(
        what=request.what, trust=state.trust, tokens=state.tokens, step=1
    )
    planned = steps(plan, rotation)
    _check(request, state, rotation, planned)
    begun = state.rotation is not None and is_at(state, planned[rotation.step - 1])
    console.print(text(request.name, plan, rotation, begun=begun))
    restarts = [restart for step in planned[rotation.step - 1 :] for restart in step.restart]
    if warned := warning(unprobed_workloads(project, request.name, plan, restarts)):
        console.print(f"\n{warned}")
    if not confirm():
        raise RotationError(
            f"Nothing was changed. To rotate without confirmation: {request.command} --yes"
        )
    last = request.only or len(planned)
    for number in range(rotation.step, last + 1):
        step = planned[number - 1]
        console.print(f"\nstep {number} of {len(planned)}: {step.title}")
        store_step(project, request.name, replace(rotation, step=number), step)
        _deploy(project, plan, request, step, console)
        _wait(project, plan, request, step)
        store_progress(project, request.name, replace(rotation, step=number + 1), len(planned))
    left = len(planned) - last
    done = f"Step {last} is done. Continue with: {request.command}"
    console.print(done if left else "The rotation is complete.")


def _check_owned(request: Request, plan: Plan) -> None:
    """Refuse to replace an anchor that clusters trust whose Linkerd others installed."""
    foreign = [name for name in plan.names if name not in plan.issued_clusters]
    if request.what is Rotated.ANCHOR and foreign:
        raise RotationError(
            f"environment {request.name!r} must have no cluster with a Linkerd of others to rotate "
            f"the anchor (got {', '.join(foreign)}). Its issuer would stay signed by the old one, "
            "and calls to and from it would fail. Use: trust=TrustState(...) in the description, "
            "state by state with its owner (docs/guides/rotate.md)"
        )


def _check(request: Request, state: RotationState, rotation: Rotation, planned: list[Step]) -> None:
    if rotation.what is not request.what:
        raise RotationError(
            f"rotation of {request.what.value} must wait for that of {rotation.what.value} (it is"
            f" at step {rotation.step} of {len(planned)}). Use: mesh rotate {request.name} "
            f"{rotation.what.value}"
        )
    if not planned:
        raise RotationError(
            f"environment {request.name!r} must have links to rotate their tokens (it has none)."
        )
    if request.only is not None and request.only != rotation.step:
        raise RotationError(
            f"--step must be the next one, {rotation.step} of {len(planned)} (got {request.only}). "
            "Each step makes the next one safe."
        )
    states = [rotation.trust, *(step.trust for step in planned)]
    expected = states[rotation.step - 1 : rotation.step + 1] if state.rotation else states[:1]
    if state.deployed not in expected:
        stack, found = f"{request.name}.trust", trust_text(state.deployed)
        raise RotationError(
            f"trust of {request.name!r} must be deployed as configured, {trust_text(expected[0])} "
            f"(got {found}). Continuing could leave clusters that do not trust each other. Restore "
            f"Pulumi.{stack}.yaml, or use the deployed state: pulumi config set --stack {stack} "
            f"{TRUST_STATE} '{found}'; or deploy the configured state: mesh up {request.name}"
        )


def _deploy(project: Project, plan: Plan, request: Request, step: Step, console: Console) -> None:
    retry(lambda: _run(project, plan, request, step, console), project, console)


def _run(project: Project, plan: Plan, request: Request, step: Step, console: Console) -> None:
    ordered = waves(plan, step)
    with Progress(console, Operation.UP, list(ordered)) as progress:
        try:
            run(
                project,
                request.name,
                ordered,
                Operation.UP,
                request.parallel,
                progress,
                skipping=Unchanged(project, request.name, plan),
            )
        except RunFailedError as failed:
            text = str(failed).replace(f"mesh up {request.name}", request.command)
            raise RunFailedError(text) from None
    console.print(progress.closing())


def _wait(project: Project, plan: Plan, request: Request, step: Step) -> None:
    """Wait until the next step cannot reject any pod or token in use."""
    _until_none(
        lambda: outdated_pods(project, request.name, plan, step.restart),
        "meshed pods must be restarted before the next step (these are not)",
        "They trust the anchors of the previous step. Use: kubectl rollout restart, "
        f"then: {request.command}",
    )
    _until_none(
        lambda: unused_tokens(project, request.name, plan, step.tokens),
        "new tokens must be in use before the old ones are revoked (these are not)",
        "A mirror controller on the source has not read its credentials. Use: kubectl rollout "
        f"restart deployment --namespace {MULTICLUSTER_NAMESPACE} "
        f"{names.mirror_controller('<target>')}, "
        f"then: {request.command}",
    )


def _until_none(left: Callable[[], list[str]], rule: str, remedy: str) -> None:
    """Wait until nothing is left. Raises: RunFailedError after a time."""
    end = time.monotonic() + WAIT_SECONDS
    while found := left():
        if time.monotonic() > end:
            listed = "\n".join(f"  {each}" for each in found)
            raise RunFailedError(f"{rule}:\n{listed}\n{remedy}")
        time.sleep(2)
