"""Stops a command that would do nothing, or fail, on a cluster that is gone or was replaced."""

from collections.abc import Mapping, Sequence
from typing import Any

from linkmesh.environment import Plan

from ..errors import PreconditionError
from ..runs.project import Project
from .collect import observe
from .evaluate import problems
from .state import has_control_plane


def check(
    project: Project,
    name: str,
    plan: Plan,
    clusters: Sequence[str],
    outputs: Mapping[str, Mapping[str, Any]],
    *,
    destroys: bool,
) -> None:
    """
    Check that clusters are those that were deployed.

    One whose removal was interrupted lacks what was deployed, as its state says: it is not lost.

    Args:
        outputs: outputs of the clusters' stacks, secrets included.
        destroys: whether the environment is destroyed.

    Raises: PreconditionError.
    """
    observed = observe(plan, clusters, outputs)
    if problems(name, observed, destroys=destroys):
        observed = [
            each
            for each in observed
            if has_control_plane(project.reads.state(f"{name}.{each.cluster}"))
        ]
    if found := problems(name, observed, destroys=destroys):
        raise PreconditionError("\n".join(found))
