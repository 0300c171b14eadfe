"""
How trust anchors and issuers are replaced without a failed request: a plan as data; pure.

A proxy believes the anchors that it got when its pod was injected, and a controller those it read
when it started. So at each moment every certificate in use must be believed by everybody, also by
who has not been restarted yet. That takes three steps, each of which is a state of the environment
that can be deployed, waited for, and gone on from: the plan starts wherever the environment is.

Source: https://linkerd.io/2-edge/tasks/manually-rotating-control-plane-tls-credentials/
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum


def are_generations(numbers: Sequence[int]) -> bool:
    """Tell whether numbers are generations: at least one, rising, the first of them 1 or more."""
    return bool(numbers) and list(numbers) == sorted({*numbers}) and numbers[0] >= 1


class Restart(Enum):
    """What must be restarted on every cluster after a step, in this order."""

    CONTROL_PLANE = "control plane"
    """It reads the anchors when it starts, and injects what it has read."""

    DATA_PLANE = "data plane"
    """Each meshed workload, gateways and mirror controllers too: new proxies, new certificates."""


@dataclass(frozen=True, kw_only=True)
class TrustState:
    """Which generations of anchors and issuers an environment has; the first of each is 1."""

    anchors: tuple[int, ...] = (1,)
    """Generations of the anchors that everybody believes, oldest first; two while rotating."""

    signing: int = 1
    """Generation of the anchor that signs the issuers; one of `anchors`."""

    issuers: int = 1
    """Generation of the issuers' keys."""

    def __post_init__(self) -> None:
        problems = []
        if not are_generations(self.anchors) or len(self.anchors) > 2:
            problems.append(
                f"anchors must be one generation, or an older and a newer one (got {self.anchors})."
                " Each more would be an authority that nobody needs. Use: (1,) or (1, 2)"
            )
        if self.signing not in self.anchors:
            problems.append(
                f"signing must be one of the anchors (got {self.signing} of {self.anchors}). "
                "Nobody would believe the issuers."
            )
        if self.issuers < 1:
            problems.append(f"issuers must be at least 1 (got {self.issuers}).")
        if problems:
            raise ValueError("\n".join(problems))


@dataclass(frozen=True, kw_only=True)
class RotationStep:
    """One step: what it does, the state it leads to, and what is restarted before the next."""

    title: str
    """What it does, for people."""

    state: TrustState
    """The state to deploy on every cluster."""

    restart: tuple[Restart, ...] = (Restart.CONTROL_PLANE, Restart.DATA_PLANE)
    """What must then be restarted everywhere, before the next step."""


def generation(name: str, number: int) -> str:
    """Name a generation of something; the first has the plain name, as before any rotation."""
    return name if number == 1 else f"{name}-{number}"


def anchor_rotation_steps(state: TrustState) -> tuple[RotationStep, ...]:
    """Plan the way from a state to a new anchor alone; from amid a rotation, what is left of it."""
    old = state.anchors[0]
    new = state.anchors[1] if len(state.anchors) == 2 else old + 1
    both = replace(state, anchors=(old, new))
    steps = (
        RotationStep(title="believe the new anchor beside the old one", state=both),
        RotationStep(
            title="sign issuers with the new anchor",
            state=replace(both, signing=new, issuers=state.issuers + (state.signing != new)),
        ),
        RotationStep(
            title="believe the new anchor only",
            state=replace(
                both,
                anchors=(new,),
                signing=new,
                issuers=state.issuers + (state.signing != new),
            ),
        ),
    )
    done = 0 if len(state.anchors) == 1 else 1 if state.signing == old else 2
    return steps[done:]


def issuer_rotation_steps(state: TrustState) -> tuple[RotationStep, ...]:
    """
    Plan new keys for the issuers, below the same anchor.

    The identity controller sees a changed Secret by itself; it is restarted because it was seen to
    miss one (linkerd2 issue 15109). Proxies get the new issuer when they renew, within a day.
    """
    step = RotationStep(
        title="give each cluster an issuer with a new key",
        state=replace(state, issuers=state.issuers + 1),
        restart=(Restart.CONTROL_PLANE,),
    )
    return (step,)
