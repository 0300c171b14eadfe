"""
The steps that replace trust anchors and identity issuers without a failed request.

A proxy trusts the anchors that it got when its pod was injected, and a controller those it read
when it started. So at each moment every proxy must trust every certificate in use, also the proxies
that were not restarted yet. That takes three steps. Each is a state of the environment that can be
deployed, waited for, and continued from: the plan starts from the environment's present state.

Source: https://linkerd.io/2-edge/tasks/manually-rotating-control-plane-tls-credentials/
"""

from dataclasses import dataclass, replace
from enum import Enum

from linkmesh.linkerd.identity.trust_rotation import TrustState


class Restart(Enum):
    """What to restart on every cluster after a step, in this order."""

    CONTROL_PLANE = "control plane"
    """Reads the anchors when it starts, and injects them."""

    DATA_PLANE = "data plane"
    """Every meshed workload, with gateways and mirror controllers: they get new proxies."""


@dataclass(frozen=True, kw_only=True)
class RotationStep:
    """One step of a rotation."""

    title: str
    """What it does, in words."""

    state: TrustState
    """The state to deploy on every cluster."""

    restart: tuple[Restart, ...] = (Restart.CONTROL_PLANE, Restart.DATA_PLANE)
    """What to restart everywhere before the next step."""


def anchor_rotation_steps(state: TrustState) -> tuple[RotationStep, ...]:
    """Plan the steps from a state to a new anchor; during a rotation, the remaining steps."""
    old = state.anchors[0]
    new = state.anchors[1] if len(state.anchors) == 2 else old + 1
    both = replace(state, anchors=(old, new))
    steps = (
        RotationStep(title="trust the new anchor beside the old one", state=both),
        RotationStep(
            title="sign issuers with the new anchor",
            state=replace(both, signing=new, issuers=state.issuers + (state.signing != new)),
        ),
        RotationStep(
            title="trust the new anchor only",
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

    The identity controller notices a changed Secret by itself; it is restarted because it can miss
    one (linkerd2 issue 15109). Proxies get the new issuer when they renew, within a day.
    """
    step = RotationStep(
        title="give each cluster an issuer with a new key",
        state=replace(state, issuers=state.issuers + 1),
        restart=(Restart.CONTROL_PLANE,),
    )
    return (step,)
