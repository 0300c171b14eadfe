"""
How clusters leave an environment, and how what Linkerd leaves behind is swept up.

A cluster that is described no more still has its stack. It goes when nothing needs it: after the
others have taken their links and applications back, and before its network, which AWS does not
delete under it. So a removal is a run of its own order, and adds no cluster at the same time.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from components.environment import Plan
from components.linkerd.links import cleanup

from ..errors import RefusedError
from ..runs.run import Operation, Project
from ..runs.waves import Waves, downstream, upstream

Kubeconfigs = Mapping[str, str]
"""The kubeconfig of each cluster; a secret."""

Outputs = Mapping[str, Mapping[str, Any]]
"""The outputs of each cluster's stack, secrets included."""

# To read outputs is to start `pulumi` once more, which keeps about one processor busy.
READ_AT_ONCE = 4


class RemovalRefusedError(RefusedError):
    """Clusters have left the description, and nobody said that they shall go; or others came."""


def leftovers(name: str, plan: Plan, existing: set[str]) -> list[str]:
    """Name the parts that have a stack and are described no more; pure."""
    prefix = f"{name}."
    parts = {stack.removeprefix(prefix) for stack in existing if stack.startswith(prefix)}
    return sorted(parts - set(plan.parts))


def phases(
    plan: Plan, stale: list[str], gone: Collection[str] = ()
) -> list[tuple[Operation, Waves]]:
    """
    Say in which order an environment is brought up while clusters leave it; pure.

    Args:
        gone: clusters that lose a namespace. It stays at first, for what other stacks have in it:
            the Kubernetes provider can take a patch back only while its object is there
            (pulumi-kubernetes, provider/pkg/ssa/actions.go).
    """
    waves = upstream(plan)
    again: list[tuple[Operation, Waves]] = (
        [(Operation.UP, {part: set() for part in gone})] if gone else []
    )
    if not stale:
        return [(Operation.UP, waves), *again]
    others = {part: before - {"network"} for part, before in waves.items() if part != "network"}
    return [
        (Operation.UP, others),
        *again,
        (Operation.DESTROY, {part: set() for part in stale}),
        (Operation.UP, {"network": set()}),
    ]


def refusal(name: str, plan: Plan, existing: set[str], *, prune: bool) -> str:
    """Say why an environment cannot be brought up as things are; empty if it can; pure."""
    stale = leftovers(name, plan, existing)
    stacks = ", ".join(f"{name}.{part}" for part in stale)
    new = [part for part in plan.names if f"{name}.{part}" not in existing]
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


def destroying(plan: Plan, stale: list[str]) -> Waves:
    """
    Say what each part waits for when everything goes, leftovers included; pure.

    A cluster that is described no more goes as the others do: after whatever calls it or runs on
    it, and before its network and what it trusts.
    """
    waves = downstream(plan)
    waves["trust"] = waves["trust"] | set(stale)
    waves["network"] = waves["network"] | set(stale)
    return {**waves, **{part: {"links"} for part in stale}}


def forget(project: Project, name: str, parts: Sequence[str]) -> None:
    """Remove stacks that have been destroyed and that nobody describes."""
    for part in parts:
        project.workspace.remove_stack(f"{name}.{part}")


def outputs(project: Project, name: str, clusters: Sequence[str]) -> Outputs:
    """Read the outputs of clusters' stacks, secrets included; empty for one without a stack."""
    with ThreadPoolExecutor(max_workers=READ_AT_ONCE) as pool:
        read = pool.map(lambda cluster: project.outputs(f"{name}.{cluster}"), clusters)
        return dict(zip(clusters, read, strict=True))


def kubeconfigs(outputs: Outputs) -> Kubeconfigs:
    """Take the administrators' kubeconfigs of the clusters that are deployed."""
    return {cluster: out["kubeconfig"] for cluster, out in outputs.items() if out.get("kubeconfig")}


def swept(kubeconfigs: Kubeconfigs) -> list[str]:
    """Remove from every cluster what is left of links that are gone; say what it was."""

    def of(cluster: str) -> list[str]:
        try:
            done = cleanup.remove_all_orphans(kubeconfigs[cluster])
        except Exception as error:
            # The deployment is done; what is left is said again by the next run.
            print(f"{cluster} was not swept ({type(error).__name__}).", file=sys.stderr)
            return []
        return [
            f"{cluster}: removed {each}, left of {target}"
            for target, all_ in done.items()
            for each in all_
        ]

    with ThreadPoolExecutor() as pool:
        return [line for lines in pool.map(of, kubeconfigs) for line in lines]
