"""When the pods of a workload roll because Linkerd below them changes."""

from itertools import pairwise

from linkmesh.cli.rotation.trust_steps import anchor_rotation_steps, issuer_rotation_steps
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.linkerd.installation.data_plane import (
    control_plane_annotations,
    data_plane_annotations,
)


def test_pods_tell_the_release_and_the_trust_that_they_were_made_with() -> None:
    assert data_plane_annotations() == {
        "linkmesh.io/linkerd": "edge-26.6.3",
        "linkmesh.io/trust": "anchors-1-signing-1",
    }


def test_pods_roll_with_a_new_release() -> None:
    assert data_plane_annotations(version="2026.8.3") != data_plane_annotations()


def test_pods_roll_with_each_step_of_a_new_anchor() -> None:
    start = TrustState()
    states = [start, *(step.state for step in anchor_rotation_steps(start))]

    for before, after in pairwise(states):
        assert data_plane_annotations(trust=before) != data_plane_annotations(trust=after)


def test_pods_stay_when_only_the_issuers_keys_are_new() -> None:
    (step,) = issuer_rotation_steps(TrustState())

    assert data_plane_annotations(trust=step.state) == data_plane_annotations()


def test_the_control_plane_rolls_with_its_issuers_key_too() -> None:
    (step,) = issuer_rotation_steps(TrustState())

    assert control_plane_annotations(trust=step.state) == {
        **data_plane_annotations(),
        "linkmesh.io/issuers": "issuers-2",
    }
