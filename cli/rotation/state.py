"""Where a rotation stands: read from, and noted in, the configuration of the stacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import automation

from components.linkerd.identity.trust_rotation import TrustState
from stacks.environment import Environment
from stacks.rotation import (
    ROTATION,
    TOKEN_GENERATIONS,
    TRUST_STATE,
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

from ..errors import RefusedError
from ..runs.run import Project
from .plan import Step, called


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


def is_at(standing: Standing, step: Step) -> bool:
    """Tell whether a step was noted, and so may have begun."""
    return standing.trust == step.trust and all(
        standing.tokens[name] == numbers for name, numbers in step.tokens.items()
    )


def note(project: Project, name: str, rotation: Rotation, step: Step) -> None:
    """Note a step before it begins; first that of trust, which leads."""
    noted = {ROTATION: rotation_text(rotation)}
    if step.trust != rotation.trust:
        noted[TRUST_STATE] = trust_text(step.trust)
    _set(project, f"{name}.trust", noted)
    for part, numbers in step.tokens.items():
        _set(project, f"{name}.{part}", {TOKEN_GENERATIONS: tokens_text(numbers)})


def note_done(project: Project, name: str, rotation: Rotation, count: int) -> None:
    """
    Note which step is next, or that the rotation has ended.

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
