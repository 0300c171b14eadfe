"""How anchors and issuers are replaced: at no moment is a certificate in use not believed."""

from itertools import pairwise

import pytest

from components.generations import named
from components.linkerd.identity.trust_rotation import (
    Restart,
    RotationStep,
    TrustState,
    anchor_rotation_steps,
    issuer_rotation_steps,
)

STATES = [
    TrustState(),
    TrustState(anchors=(4,), signing=4, issuers=9),
    TrustState(anchors=(1, 2), signing=1),
    TrustState(anchors=(1, 2), signing=2, issuers=2),
    TrustState(anchors=(3, 7), signing=3, issuers=5),
]


def states(start: TrustState, steps: tuple[RotationStep, ...]) -> list[TrustState]:
    """List the states on the way, the first included."""
    return [start, *(step.state for step in steps)]


def test_a_new_anchor_comes_in_three_steps() -> None:
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
def test_whoever_is_a_step_behind_believes_and_is_believed(start: TrustState) -> None:
    for before, after in pairwise(states(start, anchor_rotation_steps(start))):
        assert before.signing in after.anchors
        assert after.signing in before.anchors


@pytest.mark.parametrize("start", STATES)
def test_a_rotation_ends_with_one_new_anchor_that_signs(start: TrustState) -> None:
    end = anchor_rotation_steps(start)[-1].state

    assert end.anchors == (end.signing,)
    assert end.signing > start.anchors[0]


@pytest.mark.parametrize("start", STATES)
def test_a_rotation_goes_on_wherever_it_was_left(start: TrustState) -> None:
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


def test_the_first_generation_has_the_plain_name() -> None:
    assert [named("anchor", number) for number in (1, 2)] == ["anchor", "anchor-2"]


@pytest.mark.parametrize("anchors", [(), (2, 1), (1, 1), (1, 2, 3), (0,)])
def test_anchors_that_no_step_leads_to_are_errors(anchors: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="anchors must be one generation"):
        TrustState(anchors=anchors, signing=anchors[0] if anchors else 1)


def test_everything_that_is_wrong_with_a_state_is_told() -> None:
    with pytest.raises(ValueError, match="signing") as error:
        TrustState(anchors=(1,), signing=2, issuers=0)

    assert str(error.value).splitlines() == [
        "signing must be one of the anchors (got 2 of (1,)). No proxy would trust the issuers.",
        "issuers must be at least 1 (got 0).",
    ]
