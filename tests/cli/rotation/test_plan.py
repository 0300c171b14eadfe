"""The steps of a rotation: what each deploys, that trust is never lost, and the description."""

from itertools import pairwise, product

import pytest

from linkmesh.cli.rotation.plan import Step, steps, text, waves
from linkmesh.environment import Export, Kind, LinkMode, chain
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.stacks.rotation import Rotated, Rotation
from tests.components.environment.described import on_aws, planned

DESCRIBED = planned(
    Kind("local"),
    on_aws("west", block=10),
    on_aws("east", block=20),
    links=chain("local", "west", "east"),
    exports=[Export("api", namespace="shop", of="east")],
)


def rotation(what: Rotated, *, trust: TrustState | None = None, step: int = 1) -> Rotation:
    """Begin a rotation."""
    return Rotation(
        what=what, trust=trust or TrustState(), tokens={"west": (1,), "east": (1,)}, step=step
    )


def steps_of(what: Rotated) -> list[Step]:
    """Plan a rotation from the first state."""
    return steps(DESCRIBED, rotation(what))


@pytest.mark.parametrize("what", [Rotated.ANCHOR, Rotated.ISSUERS])
def test_all_clusters_trust_each_other_at_each_step_and_one_step_apart(what: Rotated) -> None:
    states = [TrustState(), *(step.trust for step in steps_of(what))]

    for earlier, later in pairwise(states):
        for one, other in product((earlier, later), repeat=2):
            assert other.signing in one.anchors


def test_a_token_in_use_is_valid_at_each_step_and_one_step_apart() -> None:
    states = [{"west": (1,), "east": (1,)}, *(step.tokens for step in steps_of(Rotated.TOKENS))]

    for earlier, later in pairwise(states):
        for target in ("west", "east"):
            assert earlier[target][-1] in later[target]


def test_a_new_anchor_reaches_clusters_before_workloads() -> None:
    for step in steps_of(Rotated.ANCHOR):
        order = waves(DESCRIBED, step)

        assert order == {
            "trust": set(),
            "local": {"trust"},
            "west": {"trust"},
            "east": {"trust"},
            "apps.east": {"east"},
        }


def test_new_issuers_need_neither_links_nor_workloads() -> None:
    [step] = steps_of(Rotated.ISSUERS)

    assert step.parts == {"trust", "local", "west", "east"}


def test_a_new_token_is_taken_before_the_old_one_is_revoked() -> None:
    first, second = steps_of(Rotated.TOKENS)

    assert waves(DESCRIBED, first) == {
        "west": set(),
        "east": set(),
        "links.local": {"west"},
        "links.west": {"west", "east"},
    }
    assert first.tokens == {"west": (1, 2), "east": (1, 2)}
    assert waves(DESCRIBED, second) == {"west": set(), "east": set()}
    assert second.tokens == {"west": (2,), "east": (2,)}


def test_each_cluster_counts_its_own_tokens() -> None:
    begun = Rotation(
        what=Rotated.TOKENS, trust=TrustState(), tokens={"west": (3,), "east": (1, 2)}, step=1
    )
    _, second = steps(DESCRIBED, begun)

    assert second.tokens == {"west": (4,), "east": (3,)}


def test_without_links_there_are_no_tokens_to_replace() -> None:
    alone = planned(Kind("local"))

    assert steps(alone, rotation(Rotated.TOKENS)) == []


def test_a_plan_says_what_changes_what_restarts_and_what_an_interruption_costs() -> None:
    assert text("demo", DESCRIBED, rotation(Rotated.ANCHOR), begun=False) == (
        "rotate the trust anchor of demo, 3 steps:\n"
        "\n"
        "1. trust the new anchor beside the old one\n"
        "   changes: anchors 1 -> 1, 2\n"
        "   deploys: trust, local, west, east, apps.east\n"
        "   restarts: control plane, then data plane\n"
        "   fails if interrupted: nothing\n"
        "2. sign issuers with the new anchor\n"
        "   changes: signing anchor 1 -> 2; issuers 1 -> 2\n"
        "   deploys: trust, local, west, east, apps.east\n"
        "   restarts: control plane, then data plane\n"
        "   fails if interrupted: nothing\n"
        "3. trust the new anchor only\n"
        "   changes: anchors 1, 2 -> 2\n"
        "   deploys: trust, local, west, east, apps.east\n"
        "   restarts: control plane, then data plane\n"
        "   fails if interrupted: nothing\n"
        "\n"
        "Meshed workloads that this environment does not deploy must be restarted by their owners "
        "in each step; the next step waits for them.\n"
        "All other differences from the description are deployed too: see mesh preview demo"
    )


def test_a_plan_of_tokens_names_each_target() -> None:
    shown = text("demo", DESCRIBED, rotation(Rotated.TOKENS), begun=False)

    assert "changes: tokens of west 1 -> 1, 2; tokens of east 1 -> 1, 2\n" in shown
    assert "restarts: nothing\n" in shown


def test_a_plan_says_that_new_calls_of_pods_fail_while_their_credentials_are_replaced() -> None:
    flat = planned(
        on_aws("west", block=10),
        on_aws("east", block=20),
        links=chain("west", "east"),
        exports=[Export("api", namespace="shop", of="east", mode=LinkMode.FLAT)],
    )

    issued, revoked = text("demo", flat, rotation(Rotated.TOKENS), begun=False).split("\n2. ")

    assert (
        "fails if interrupted: new calls pod to pod over west -> east, while their credentials are "
        "replaced; services that a proxy calls already continue"
    ) in issued
    assert "fails if interrupted: nothing\n" in revoked


def test_a_plan_shows_the_state_of_a_rotation() -> None:
    interrupted = text("demo", DESCRIBED, rotation(Rotated.ANCHOR, step=2), begun=True)
    between = text("demo", DESCRIBED, rotation(Rotated.ANCHOR, step=3), begun=False)

    assert "1. trust the new anchor beside the old one (done)\n" in interrupted
    assert "2. sign issuers with the new anchor (interrupted, will be repeated)\n" in interrupted
    assert "2. sign issuers with the new anchor (done)\n" in between
    assert "3. trust the new anchor only (next)\n" in between
