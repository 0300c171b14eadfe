"""The steps of a rotation of trust: every certificate in use is trusted at every time."""

from itertools import pairwise

import pytest

from linkmesh.cli.rotation.trust_steps import (
    Restart,
    RotationStep,
    anchor_rotation_steps,
    issuer_rotation_steps,
)
from linkmesh.linkerd.identity.trust_rotation import TrustState

STATES = [
    TrustState(),
    TrustState(anchors=(4,), signing=4, issuers=9),
    TrustState(anchors=(1, 2), signing=1),
    TrustState(anchors=(1, 2), signing=2, issuers=2),
    TrustState(anchors=(3, 7), signing=3, issuers=5),
]


def states(start: TrustState, steps: tuple[RotationStep, ...]) -> list[TrustState]:
    """List all states, the first included."""
    return [start, *(step.state for step in steps)]


def test_a_new_anchor_takes_three_steps() -> None:
    steps = anchor_rotation_steps(TrustState())

    assert [step.state for step in steps] == [
        TrustState(anchors=(1, 2), signing=1, issuers=1),
        TrustState(anchors=(1, 2), signing=2, issuers=2),
        TrustState(anchors=(2,), signing=2, issuers=2),
    ]
    assert [step.title for step in steps] == [
        "trust the new anchor beside the old one",
        "sign issuers with the new anchor",
        "trust the new anchor only",
    ]


@pytest.mark.parametrize("start", STATES)
def test_a_cluster_that_is_one_step_behind_trusts_and_is_trusted(start: TrustState) -> None:
    for before, after in pairwise(states(start, anchor_rotation_steps(start))):
        assert before.signing in after.anchors
        assert after.signing in before.anchors


@pytest.mark.parametrize("start", STATES)
def test_a_rotation_ends_with_one_new_anchor_that_signs(start: TrustState) -> None:
    end = anchor_rotation_steps(start)[-1].state

    assert end.anchors == (end.signing,)
    assert end.signing > start.anchors[0]


@pytest.mark.parametrize("start", STATES)
def test_a_rotation_continues_from_each_state(start: TrustState) -> None:
    steps = anchor_rotation_steps(start)

    for done, step in enumerate(steps[:-1], start=1):
        assert anchor_rotation_steps(step.state) == steps[done:]


def test_everything_is_restarted_before_the_next_step() -> None:
    for step in anchor_rotation_steps(TrustState()):
        assert step.restart == (Restart.CONTROL_PLANE, Restart.DATA_PLANE)


def test_new_issuers_take_one_step_and_no_restart_of_workloads() -> None:
    (step,) = issuer_rotation_steps(TrustState(anchors=(2,), signing=2, issuers=3))

    assert step.state == TrustState(anchors=(2,), signing=2, issuers=4)
    assert step.restart == (Restart.CONTROL_PLANE,)
