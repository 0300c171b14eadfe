"""
What an environment is, from its description alone; pure.

It tells what the comment on a pull request compares, as facts. Where only a deployment knows an
address, a name stands for it.
"""

from collections.abc import Iterable

from stacks import costs, record
from stacks.environment import Environment

from .advice import advice
from .facts import facts


def text(name: str, environment: Environment) -> str:
    """Describe everything that will be so, a line each, and what it costs."""
    lines = [f"environment {name}: {len(environment.parts)} stacks"]
    for topic, told in facts(record.described(environment)).items():
        lines += _section(topic.value, (fact.text for fact in told))
    lines += _section("to be looked at", advice(name, environment))
    lines += _section("costs", costs.table(costs.estimate(environment)))
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    indented = [f"  {line}" for line in lines]
    return ["", title, *indented] if indented else []
