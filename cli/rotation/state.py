"""The state of a rotation, stored in the configuration of the stacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import automation

from linkmesh.environment import Plan
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks.rotation import (
    ROTATION,
    TOKEN_GENERATIONS,
    TRUST_STATE,
    Rotation,
    Tokens,
    parsed_trust,
    read_rotation,
    read_tokens,
    read_trust,
    rotation_text,
    tokens_text,
    trust_text,
)

from ..errors import PreconditionError
from ..runs.project import Project
from .plan import Step, called


class RotationError(PreconditionError):
    """A rotation cannot start or continue; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class RotationState:
    """The state of trust, tokens and rotation of an environment."""

    trust: TrustState
    """The configured trust."""

    tokens: Tokens
    """The configured tokens, by the cluster that issues them."""

    rotation: Rotation | None
    """The unfinished rotation, if any."""

    deployed: TrustState
    """The trust that was deployed last."""


def read(project: Project, name: str, plan: Plan) -> RotationState:
    """Read the state of an environment. Raises: RotationError if it is not deployed."""
    existing = project.reads.existing()
    missing = [f"{name}.{part}" for part in plan.parts if f"{name}.{part}" not in existing]
    contract = {} if missing else project.outputs(f"{name}.trust").get("trust", {})
    if not contract:
        raise RotationError(
            f"environment {name!r} must be deployed ({', '.join(missing) or 'trust'} is not). There"
            f" is nothing to replace yet. Use: mesh up {name}"
        )
    settings = _settings(project, f"{name}.trust")
    trust, rotation = settings.get(TRUST_STATE), settings.get(ROTATION)
    state = contract.get("state")
    return RotationState(
        trust=plan.environment.trust if trust is None else read_trust(trust),
        tokens={each: _tokens(project, name, each, plan) for each in called(plan)},
        rotation=None if rotation is None else read_rotation(rotation),
        deployed=parsed_trust(state) if state else TrustState(),
    )


def _tokens(project: Project, name: str, part: str, plan: Plan) -> tuple[int, ...]:
    noted = _settings(project, f"{name}.{part}").get(TOKEN_GENERATIONS)
    return tuple(plan.environment.token_generations) if noted is None else read_tokens(noted)


def _settings(project: Project, stack: str) -> Mapping[str, str]:
    return {key: one.value for key, one in project.workspace.get_all_config(stack).items()}


def is_at(state: RotationState, step: Step) -> bool:
    """Return whether a step was stored, and so may have started."""
    return state.trust == step.trust and all(
        state.tokens[name] == numbers for name, numbers in step.tokens.items()
    )


def store_step(project: Project, name: str, rotation: Rotation, step: Step) -> None:
    """Store a step before it starts, trust first."""
    noted = {ROTATION: rotation_text(rotation)}
    if step.trust != rotation.trust:
        noted[TRUST_STATE] = trust_text(step.trust)
    _set(project, f"{name}.trust", noted)
    for part, numbers in step.tokens.items():
        _set(project, f"{name}.{part}", {TOKEN_GENERATIONS: tokens_text(numbers)})


def store_progress(project: Project, name: str, rotation: Rotation, count: int) -> None:
    """
    Store which step is next, or that the rotation is finished.

    Args:
        count: how many steps there are.
    """
    stack = f"{name}.trust"
    if rotation.step > count:
        project.workspace.remove_config(stack, ROTATION)
    else:
        _set(project, stack, {ROTATION: rotation_text(rotation)})


def _set(project: Project, stack: str, noted: Mapping[str, str]) -> None:
    config = {key: automation.ConfigValue(value) for key, value in noted.items()}
    project.workspace.set_all_config(stack, config)
