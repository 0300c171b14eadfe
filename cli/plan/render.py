"""
The output of `mesh plan`.

It shows the statements that the comment on a pull request compares. A name replaces each address
that is known only after the deployment.
"""

from collections.abc import Iterable

from linkmesh.environment import Plan, costs
from linkmesh.stacks import snapshot

from .advice import advice
from .statements import statements


def text(name: str, plan: Plan) -> str:
    """Return all statements about an environment, one on each line, and its costs."""
    lines = [f"environment {name}: {len(plan.parts)} stacks"]
    for topic, listed in statements(snapshot.described(plan)).items():
        lines += _section(topic.value, (statement.text for statement in listed))
    lines += _section("to check", advice(name, plan))
    lines += _section("costs", costs.table(costs.estimate(plan)))
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    indented = [f"  {line}" for line in lines]
    return ["", title, *indented] if indented else []
