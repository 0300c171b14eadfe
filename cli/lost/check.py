"""Stops a command that would do nothing, or fail, on a cluster that is gone or was replaced."""

from collections.abc import Mapping, Sequence
from typing import Any

from linkmesh.environment import Plan

from ..errors import PreconditionError
from .collect import observe
from .evaluate import problems


def check(
    name: str,
    plan: Plan,
    clusters: Sequence[str],
    outputs: Mapping[str, Mapping[str, Any]],
    *,
    destroys: bool,
) -> None:
    """
    Check that clusters are those that were deployed.

    Args:
        outputs: outputs of the clusters' stacks, secrets included.
        destroys: whether the environment is destroyed.

    Raises: PreconditionError.
    """
    observed = observe(plan, clusters, outputs)
    if found := problems(name, observed, destroys=destroys):
        raise PreconditionError("\n".join(found))
