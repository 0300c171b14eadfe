"""
Single resources of an environment, as `--target` names them; pure.

A URN names its stack, so only that stack is touched:
`urn:pulumi:demo.west::linkmesh::<type>::<name>`. Pulumi shows it in every preview.
"""

from collections.abc import Sequence

from ..errors import RefusedError
from .waves import Waves

Targets = dict[str, list[str]]
"""The URNs of each part that is touched."""

_PREFIX = "urn:pulumi:"
_EXAMPLE = "pulumi stack --stack {name}.{part} --show-urns"


def targets(name: str, parts: Sequence[str], urns: Sequence[str]) -> Targets:
    """
    Say in which part each target is.

    Args:
        parts: parts of the environment that have, or will have, a stack.

    Raises: RefusedError, with a line for each target that is none of this environment.
    """
    found: Targets = {}
    refused = []
    for urn in urns:
        stack, parted, rest = urn.removeprefix(_PREFIX).partition("::")
        of, _, part = stack.partition(".")
        if not urn.startswith(_PREFIX) or not parted or rest.count("::") < 2:
            refused.append(_refusal(urn, f"URN of a resource of environment {name!r}", name, parts))
        elif of != name or part not in parts:
            refused.append(
                _refusal(urn, f"resource of environment {name!r}, and not of {stack}", name, parts)
            )
        else:
            found.setdefault(part, []).append(urn)
    if refused:
        raise RefusedError("\n".join(refused))
    return found


def _refusal(urn: str, rule: str, name: str, parts: Sequence[str]) -> str:
    return (
        f"--target must be a {rule} (got {urn}). Other stacks are not touched. "
        f"Use: {_EXAMPLE.format(name=name, part=parts[0])}, which lists them"
    )


def only(waves: Waves, parts: set[str]) -> Waves:
    """Keep some parts, each after those that it waits for, also through parts that are left out."""

    def before(part: str) -> set[str]:
        return {part}.union(*(before(earlier) for earlier in waves[part]))

    return {part: (before(part) - {part}) & parts for part in waves if part in parts}
