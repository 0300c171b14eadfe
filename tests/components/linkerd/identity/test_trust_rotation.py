"""The generations of anchors and issuers: which states are valid."""

import pytest

from linkmesh.generations import named
from linkmesh.linkerd.identity.trust_rotation import TrustState


def test_the_first_generation_has_the_plain_name() -> None:
    assert [named("anchor", number) for number in (1, 2)] == ["anchor", "anchor-2"]


@pytest.mark.parametrize("anchors", [(), (2, 1), (1, 1), (1, 2, 3), (0,)])
def test_anchors_that_no_step_leads_to_are_errors(anchors: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="anchors must be one generation"):
        TrustState(anchors=anchors, signing=anchors[0] if anchors else 1)


def test_all_problems_of_a_state_are_reported() -> None:
    with pytest.raises(ValueError, match="signing") as error:
        TrustState(anchors=(1,), signing=2, issuers=0)

    assert str(error.value).splitlines() == [
        "signing must be one of the anchors (got 2 of (1,)). No proxy would trust the issuers. "
        "Use: the last of the anchors",
        "issuers must be at least 1 (got 0). Use: issuers=1",
    ]
