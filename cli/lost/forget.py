"""`mesh forget`: take a cluster that is gone out of the state of an environment's stacks."""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from components.environment import Plan

from ..errors import RefusedError
from ..runs.run import Project
from . import state
from .collect import look


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
    Take what was on a cluster out of the state; nothing that exists is touched.

    Args:
        confirm: asks a person, who has been told what goes.

    Raises: RefusedError if the cluster is not described or deployed, or if it is not gone.
    """
    _check(project, name, plan, cluster)
    states = read(project, name, plan, cluster)
    if not states:
        raise RefusedError(
            f"stacks of environment {name!r} must have resources on cluster {cluster!r} (they have "
            f"none). There is nothing to forget. Use: mesh up {name}"
        )
    console.print(f"What the state says of {cluster} is forgotten; nothing that exists is touched:")
    for stack, (_, gone) in states.items():
        console.print(f"  {stack}: {len(gone)} resources")
    if not confirm():
        raise RefusedError("Nothing was forgotten.")
    write(project, {stack: without for stack, (without, _) in states.items()})
    console.print(f"Make it again with: mesh up {name}; or remove the rest: mesh destroy {name}")


def _check(project: Project, name: str, plan: Plan, cluster: str) -> None:
    if cluster not in plan.clusters:
        raise RefusedError(
            f"cluster {cluster!r} must be one of environment {name!r} (its clusters are "
            f"{', '.join(plan.names)}). Use: mesh forget {name} {plan.names[0]}"
        )
    outputs = {cluster: project.outputs(f"{name}.{cluster}")}
    for seen in look(plan, [cluster], outputs):
        if seen.is_the_same:
            raise RefusedError(
                f"cluster {cluster!r} must be gone (it answers, and what was deployed is on it). "
                "It would stay there, and nobody would manage it. To remove the cluster: take it "
                f"out of the description, then mesh up {name} --prune"
            )


def rebuild(project: Project, name: str, plan: Plan, cluster: str, console: Console) -> None:
    """
    Take what was on a cluster out of the state, so that the next `up` makes it again.

    Raises: RefusedError if the cluster is not gone.
    """
    _check(project, name, plan, cluster)
    states = read(project, name, plan, cluster)
    write(project, {stack: without for stack, (without, _) in states.items()})
    count = sum(len(gone) for _, gone in states.values())
    console.print(f"{cluster}: {count} resources are made again")


States = dict[str, tuple[dict[str, Any], list[str]]]
"""By stack: its state without what was on a cluster, and the URNs of that."""


def read(project: Project, name: str, plan: Plan, cluster: str) -> States:
    """Read the states of the stacks that have something on a cluster."""
    found: States = {}
    existing = project.existing()
    for part in (cluster, "links", "apps"):
        stack = f"{name}.{part}"
        if stack in existing:
            without, gone = state.without(
                project.exported(stack), cluster, is_its_own=part == cluster
            )
            if gone:
                found[stack] = (without, gone)
    return found


def write(project: Project, states: Mapping[str, Mapping[str, Any]]) -> None:
    """Write states, one stack after the other; secrets in them are encrypted."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (stack, one) in enumerate(states.items()):
            file = Path(folder) / f"{number}.json"
            file.write_text(json.dumps(one), encoding="utf-8")
            project.import_state(stack, file)
