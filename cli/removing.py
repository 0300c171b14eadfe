"""
How clusters leave an environment, and how what Linkerd leaves behind is swept up.

A cluster that is described no more still has its stack. It goes when nothing needs it: after the
others have taken their links and applications back, and before its network, which AWS does not
delete under it. So a removal is a run of its own order, and adds no cluster at the same time.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console

from components.linkerd import sweep
from stacks.environment import Environment

from .progress import Progress
from .runs import Operation, Project, run
from .terminal import RefusedError
from .waves import Waves, upstream


class RemovalRefusedError(RefusedError):
    """Clusters have left the description, and nobody said that they shall go; or others came."""


def leftovers(name: str, environment: Environment, existing: set[str]) -> list[str]:
    """Name the parts that have a stack and are described no more; pure."""
    prefix = f"{name}."
    parts = {stack.removeprefix(prefix) for stack in existing if stack.startswith(prefix)}
    return sorted(parts - set(environment.parts))


def phases(environment: Environment, stale: list[str]) -> list[tuple[Operation, Waves]]:
    """Say in which order an environment is brought up while clusters leave it; pure."""
    waves = upstream(environment)
    if not stale:
        return [(Operation.UP, waves)]
    others = {part: before - {"network"} for part, before in waves.items() if part != "network"}
    return [
        (Operation.UP, others),
        (Operation.DESTROY, {part: set() for part in stale}),
        (Operation.UP, {"network": set()}),
    ]


def refusal(name: str, environment: Environment, existing: set[str], *, prune: bool) -> str:
    """Say why an environment cannot be brought up as things are; empty if it can; pure."""
    stale = leftovers(name, environment, existing)
    stacks = ", ".join(f"{name}.{part}" for part in stale)
    new = [part for part in environment.names if f"{name}.{part}" not in existing]
    if stale and not prune:
        return (
            f"environment {name!r} must describe the clusters that it has (stacks {stacks} are "
            "there, and are described no more). Their networks would be taken from under them. "
            f"Use: mesh up {name} --prune, which destroys them, or describe them again"
        )
    if stale and new:
        return (
            f"environment {name!r} must not gain clusters while others leave (got {', '.join(new)} "
            f"new, {stacks} leaving). Each needs the network stack at another time. "
            f"Use: mesh up {name} --prune without the new ones, then describe them, then mesh up"
        )
    return ""


def up(
    name: str,
    environment: Environment,
    project: Project,
    parallel: int,
    console: Console,
    *,
    prune: bool,
) -> None:
    """
    Deploy every stack, destroy those that are described no more if asked, and sweep the sources.

    Raises: RemovalRefusedError, RunFailedError.
    """
    existing = project.existing()
    if refused := refusal(name, environment, existing, prune=prune):
        raise RemovalRefusedError(refused)
    stale = leftovers(name, environment, existing)
    for operation, waves in phases(environment, stale):
        with Progress(console, operation, list(waves)) as progress:
            run(project, name, waves, operation, parallel, progress)
        if operation is Operation.DESTROY:
            for part in stale:
                project.workspace.remove_stack(f"{name}.{part}")
        console.print(progress.closing())
    for line in swept(name, environment, project):
        console.print(line)


def swept(name: str, environment: Environment, project: Project) -> list[str]:
    """Remove from every cluster what is left of links that are gone; say what it was."""

    def of(part: str) -> list[str]:
        kubeconfig = project.outputs(f"{name}.{part}").get("kubeconfig")
        if not kubeconfig:
            return []
        try:
            done = sweep.sweep_all(kubeconfig)
        except Exception as error:
            # The deployment is done; what is left is said again by the next run.
            print(f"{part} was not swept ({type(error).__name__}).", file=sys.stderr)
            return []
        return [
            f"{part}: removed {each}, left of {target}"
            for target, all_ in done.items()
            for each in all_
        ]

    with ThreadPoolExecutor() as pool:
        return [line for lines in pool.map(of, environment.names) for line in lines]
