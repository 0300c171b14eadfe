"""`mesh forget`: removes a cluster that is gone from the state of an environment's stacks."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from linkmesh.environment import Plan
from linkmesh.environment.parts import APPS, LINKS, ROUTES, part_of

from ..errors import PreconditionError
from ..runs.project import Project
from . import state
from .collect import observe


def forget(
    project: Project,
    name: str,
    plan: Plan,
    cluster: str,
    console: Console,
    *,
    confirm: Callable[[], bool],
) -> None:
    """
    Remove from the state what was on a cluster; no existing object is changed.

    Args:
        confirm: asks the user, after what is removed was printed.

    Raises: PreconditionError if the cluster is not described or deployed, or if it is not gone.
    """
    if cluster not in plan.clusters:
        raise PreconditionError(
            f"cluster {cluster!r} must be one of environment {name!r} (its clusters are "
            f"{', '.join(plan.names)}). Use: mesh forget {name} {plan.names[0]}"
        )
    _check_gone(name, plan, cluster, project.outputs(f"{name}.{cluster}"))
    states = read(project, name, plan, cluster)
    if not states:
        raise PreconditionError(
            f"stacks of environment {name!r} must have resources on cluster {cluster!r} (they have "
            f"none). There is nothing to forget. Use: mesh up {name}"
        )
    console.print(f"These resources on {cluster} are removed from the state, and nothing else:")
    for stack, (_, gone) in states.items():
        console.print(f"  {stack}: {len(gone)} resources")
    if not confirm():
        raise PreconditionError("Nothing was forgotten.")
    write(project, {stack: without for stack, (without, _) in states.items()})
    console.print(f"Create it again: mesh up {name}; or remove the rest: mesh destroy {name}")


def _check_gone(name: str, plan: Plan, cluster: str, outputs: Mapping[str, Any]) -> None:
    for observed in observe(plan, [cluster], {cluster: outputs}):
        if observed.is_the_same:
            raise PreconditionError(
                f"cluster {cluster!r} must be gone (it answers, and what was deployed is on it). "
                "What is on it would stay, but no stack would manage it. To remove the cluster: "
                f"take it out of the description, then mesh up {name} --prune"
            )


def rebuild(
    project: Project,
    name: str,
    plan: Plan,
    cluster: str,
    outputs: Mapping[str, Any],
    console: Console,
) -> None:
    """
    Remove from the state what was on a cluster, so that the next `up` creates it again.

    Args:
        outputs: outputs of the cluster's stack, secrets included.

    Raises: PreconditionError if the cluster is not gone.
    """
    _check_gone(name, plan, cluster, outputs)
    states = read(project, name, plan, cluster)
    write(project, {stack: without for stack, (without, _) in states.items()})
    count = sum(len(gone) for _, gone in states.values())
    console.print(f"{cluster}: {count} resources are created again")


States = dict[str, tuple[dict[str, Any], list[str]]]
"""By stack: its state without what was on a cluster, and the URNs of what is left out."""


def read(project: Project, name: str, plan: Plan, cluster: str) -> States:
    """Read the states of the stacks that have something on a cluster."""
    found: States = {}
    existing = project.reads.existing()
    for part in (cluster, *(part_of(kind, cluster) for kind in (LINKS, APPS, ROUTES))):
        stack = f"{name}.{part}"
        if stack in existing:
            without, gone = state.without(
                project.reads.state(stack), cluster, is_its_own=part == cluster
            )
            if gone:
                found[stack] = (without, gone)
    return found


def write(project: Project, states: Mapping[str, Mapping[str, Any]]) -> None:
    """Write states, one stack after the other."""
    for stack, one in states.items():
        project.import_state(stack, one)
