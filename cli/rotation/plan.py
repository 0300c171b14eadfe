"""
The steps of a rotation: what each deploys, and its description.

Each step can be repeated. All clusters trust each other at each step, also a cluster that is one
step behind, so nothing fails if a rotation is interrupted, except new calls pod to pod while the
credentials of the destination controller are replaced
(docs/decisions/0020-discovery-credentials.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from linkmesh.environment import Plan
from linkmesh.environment.parts import TRUST
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.linkerd.links.rights import calls_pods
from linkmesh.stacks.rotation import Rotated, Rotation, Tokens

from ..runs.waves import Waves, upstream
from .trust_steps import Restart, RotationStep, anchor_rotation_steps, issuer_rotation_steps

TITLES = {
    Rotated.ANCHOR: "the trust anchor",
    Rotated.ISSUERS: "the identity issuers",
    Rotated.TOKENS: "the tokens of the links",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its resulting state, and the stacks that it deploys."""

    title: str
    """What it does, as a sentence."""

    changes: str
    """Which generations change."""

    trust: TrustState
    """The resulting trust."""

    tokens: Tokens
    """The resulting tokens; empty if they stay."""

    parts: frozenset[str]
    """The parts of the environment that it deploys."""

    restart: tuple[Restart, ...]
    """What it restarts, in this order."""


def called(plan: Plan) -> list[str]:
    """List the clusters that others call; these issue tokens."""
    return [name for name in plan.names if plan.clusters[name].inbound]


def steps(plan: Plan, rotation: Rotation) -> list[Step]:
    """Plan all steps of a rotation from its initial state."""
    if rotation.what is Rotated.TOKENS:
        return _token_steps(plan, rotation)
    if rotation.what is Rotated.ANCHOR:
        # Pods of applications restart with the trust of their cluster; links and routes have none.
        parts = frozenset({TRUST, *plan.names, *plan.app_parts})
        found = anchor_rotation_steps(rotation.trust)
    else:
        parts = frozenset({TRUST, *plan.names})
        found = issuer_rotation_steps(rotation.trust)
    befores = [rotation.trust, *(step.state for step in found)]
    return [_step(before, step, parts) for before, step in zip(befores, found, strict=False)]


def _step(before: TrustState, step: RotationStep, parts: frozenset[str]) -> Step:
    return Step(
        title=step.title,
        changes="; ".join(_changes(before, step.state)),
        trust=step.state,
        tokens={},
        parts=parts,
        restart=step.restart,
    )


def _changes(before: TrustState, after: TrustState) -> Iterator[str]:
    if before.anchors != after.anchors:
        yield f"anchors {_numbers(before.anchors)} -> {_numbers(after.anchors)}"
    if before.signing != after.signing:
        yield f"signing anchor {before.signing} -> {after.signing}"
    if before.issuers != after.issuers:
        yield f"issuers {before.issuers} -> {after.issuers}"


def _token_steps(plan: Plan, rotation: Rotation) -> list[Step]:
    first = tuple(plan.environment.token_generations)
    old = {name: rotation.tokens.get(name, first) for name in called(plan)}
    both = {name: (numbers[-1], numbers[-1] + 1) for name, numbers in old.items()}
    new = {name: numbers[-1:] for name, numbers in both.items()}
    if not old:
        return []
    return [
        Step(
            title="issue new tokens beside the old ones, and copy them to the sources",
            changes=_token_changes(old, both),
            trust=rotation.trust,
            tokens=both,
            parts=frozenset({*old, *plan.link_parts}),
            restart=(),
        ),
        Step(
            title="revoke the old tokens",
            changes=_token_changes(both, new),
            trust=rotation.trust,
            tokens=new,
            parts=frozenset(old),
            restart=(),
        ),
    ]


def _token_changes(before: Tokens, after: Tokens) -> str:
    return "; ".join(
        f"tokens of {name} {_numbers(before[name])} -> {_numbers(after[name])}" for name in after
    )


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def waves(plan: Plan, step: Step) -> Waves:
    """Return what each part of a step waits for."""
    order = upstream(plan)
    return {part: before & step.parts for part, before in order.items() if part in step.parts}


def text(name: str, plan: Plan, rotation: Rotation, *, begun: bool) -> str:
    """
    Describe a rotation before it runs.

    Args:
        begun: whether its next step was started but not finished.
    """
    planned = steps(plan, rotation)
    lines = [f"rotate {TITLES[rotation.what]} of {name}, {_count(planned)}:", ""]
    for number, step in enumerate(planned, start=1):
        state = "done" if number < rotation.step else ""
        if number == rotation.step and (begun or number > 1):
            state = "interrupted, will be repeated" if begun else "next"
        lines += [f"{number}. {step.title}" + (f" ({state})" if state else "")]
        lines += [f"   {line}" for line in _details(plan, step)]
    lines += ["", *_limits(rotation.what, name)]
    return "\n".join(lines)


def _count(planned: list[Step]) -> str:
    return "1 step" if len(planned) == 1 else f"{len(planned)} steps"


def _details(plan: Plan, step: Step) -> Iterator[str]:
    yield f"changes: {step.changes}"
    yield f"deploys: {', '.join(part for part in plan.parts if part in step.parts)}"
    restarts = ", then ".join(restart.value for restart in step.restart)
    yield f"restarts: {restarts or 'nothing'}"
    yield f"fails if interrupted: {_interrupted(plan, step) or 'nothing'}"


def _interrupted(plan: Plan, step: Step) -> str:
    """Return what fails while the destination controller's Secret is replaced."""
    if not step.tokens or step.parts.isdisjoint(plan.link_parts):
        return ""
    links = [str(link) for link in plan.links if calls_pods(link.modes)]
    if not links:
        return ""
    return (
        f"new calls pod to pod over {', '.join(links)}, while their credentials are replaced; "
        "services that a proxy calls already continue"
    )


def _limits(what: Rotated, name: str) -> Iterator[str]:
    """Return what a rotation does not do itself."""
    if what is Rotated.ANCHOR:
        yield (
            "Meshed workloads that this environment does not deploy must be restarted by their "
            "owners in each step; the next step waits for them."
        )
    if what is Rotated.TOKENS:
        yield ("Proxies that call a federated service may use known addresses for up to an hour.")
    yield f"All other differences from the description are deployed too: see mesh preview {name}"
