"""
What a state looks like: a color, and a sign for those who see none.
"""

from collections.abc import Sequence

from ..status.evaluate import Evaluation, State
from ..status.render import summary
from .markup import Html, joined, tag

SIGNS = {State.OK: "✓", State.FAULTY: "✗", State.UNKNOWN: "?"}

WORDS = {State.OK: "healthy", State.FAULTY: "failed", State.UNKNOWN: "not known"}


def badge(state: State, text: str) -> Html:
    """Write a text with the color and the sign of a state."""
    return tag("span", tag("b", SIGNS[state], aria_hidden="true"), f" {text}", class_=state.value)


def evaluated(evaluation: Evaluation) -> Html:
    """Write the state of an evaluation."""
    return badge(evaluation.state, summary(evaluation))


def count(evaluations: Sequence[Evaluation], what: str) -> str:
    """Return how many are healthy; empty if there are none."""
    healthy = sum(each.state is State.OK for each in evaluations)
    return f"{what} {healthy} of {len(evaluations)} ok" if evaluations else ""


def legend(states: Sequence[State]) -> Html:
    """Explain the signs."""
    keys = (badge(state, WORDS[state]) for state in states)
    return tag("p", joined(tag("span", key) for key in keys), class_="legend")
