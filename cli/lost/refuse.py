"""Stops a command that would do nothing, or fail, on a cluster that is gone or another one."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.environment import Plan

from ..errors import RefusedError
from .collect import look
from .evaluate import refusals


def refuse(
    name: str,
    plan: Plan,
    clusters: Sequence[str],
    outputs: Mapping[str, Mapping[str, Any]],
    *,
    destroys: bool,
) -> None:
    """
    Look at clusters, and refuse if one of them is not there any more.

    Args:
        outputs: of the clusters' stacks.

    Raises: RefusedError.
    """
    seen = look(plan, clusters, outputs)
    if refused := refusals(name, seen, destroys=destroys):
        raise RefusedError("\n".join(refused))
