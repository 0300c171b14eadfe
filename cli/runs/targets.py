"""
Parses `--target`: URNs of single resources.

A URN names its stack, so only that stack runs:
`urn:pulumi:demo.west::linkmesh::<type>::<name>`. Pulumi shows it in every preview.
"""

from collections.abc import Sequence

from ..errors import PreconditionError
from .waves import Waves

Targets = dict[str, list[str]]
"""The URNs of resources to change, by part."""

_PREFIX = "urn:pulumi:"
_EXAMPLE = "pulumi stack --stack {name}.{part} --show-urns"


def targets(name: str, parts: Sequence[str], urns: Sequence[str]) -> Targets:
    """
    Group targets by part.

    Args:
        parts: parts of the environment that have, or will have, a stack.

    Raises: PreconditionError, with a line for each target outside of this environment.
    """
    found: Targets = {}
    problems = []
    for urn in urns:
        stack, parted, rest = urn.removeprefix(_PREFIX).partition("::")
        of, _, part = stack.partition(".")
        if not urn.startswith(_PREFIX) or not parted or rest.count("::") < 2:
            problems.append(
                _problem(urn, f"URN of a resource of environment {name!r}", name, parts)
            )
        elif of != name or part not in parts:
            problems.append(
                _problem(urn, f"resource of environment {name!r}, and not of {stack}", name, parts)
            )
        else:
            found.setdefault(part, []).append(urn)
    if problems:
        raise PreconditionError("\n".join(problems))
    return found


def _problem(urn: str, rule: str, name: str, parts: Sequence[str]) -> str:
    return (
        f"--target must be a {rule} (got {urn}). Other stacks are not changed. "
        f"Use: {_EXAMPLE.format(name=name, part=parts[0])}, which lists them"
    )


def only(waves: Waves, parts: set[str]) -> Waves:
    """Select some parts; indirect dependencies through parts that are left out remain."""

    def before(part: str) -> set[str]:
        return {part}.union(*(before(earlier) for earlier in waves[part]))

    return {part: (before(part) - {part}) & parts for part in waves if part in parts}
