"""
Removal of clusters from an environment, and of orphaned objects that Linkerd leaves behind.

A cluster that is no longer described still has its stack. It is destroyed when nothing needs it:
after links to it and its applications, and before its network, which AWS does not delete while it
is in use. So a removal runs in an order of its own, and cannot add clusters at the same time.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from linkmesh import names
from linkmesh.environment import Plan
from linkmesh.linkerd.links import cleanup

from ..errors import PreconditionError
from ..runs.run import PULUMI_IN_PARALLEL, Operation, Project
from ..runs.waves import Waves, downstream, upstream

Kubeconfigs = Mapping[str, str]
"""The kubeconfig of each cluster; a secret."""

Outputs = Mapping[str, Mapping[str, Any]]
"""Outputs of stacks by part, secrets included."""


class RemovalError(PreconditionError):
    """Clusters have left the description without `--prune`, or while others were added."""


def undescribed(name: str, plan: Plan, existing: set[str]) -> list[str]:
    """List the parts that have a stack but are no longer described."""
    prefix = f"{name}."
    parts = {stack.removeprefix(prefix) for stack in existing if stack.startswith(prefix)}
    return sorted(parts - set(plan.parts))


def phases(
    plan: Plan, stale: list[str], deleted: Collection[str] = ()
) -> list[tuple[Operation, Waves]]:
    """
    Return the phases that deploy an environment while clusters are removed from it.

    Args:
        deleted: clusters that lose a namespace. It is deleted in a second phase, because the
            Kubernetes provider can revert a patch only while its object exists
            (pulumi-kubernetes, provider/pkg/ssa/actions.go).
    """
    waves = upstream(plan)
    again: list[tuple[Operation, Waves]] = (
        [(Operation.UP, {part: set() for part in deleted})] if deleted else []
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


def problem(name: str, plan: Plan, existing: set[str], *, prune: bool) -> str:
    """Return why clusters cannot be removed or added now; empty if they can."""
    stale = undescribed(name, plan, existing)
    stacks = ", ".join(f"{name}.{part}" for part in stale)
    new = [part for part in plan.names if f"{name}.{part}" not in existing]
    if stale and not prune:
        return (
            f"environment {name!r} must describe the clusters that it has (stacks {stacks} are "
            "deployed, but no longer described). Their networks would be deleted while in use. "
            f"Use: mesh up {name} --prune, which destroys them, or describe them again"
        )
    if stale and new:
        return (
            f"environment {name!r} must not gain clusters while others are removed (got "
            f"{', '.join(new)} new, {stacks} removed). Each needs the network stack at another "
            f"time. Use: mesh up {name} --prune without the new ones, then describe them and run "
            f"mesh up {name}"
        )
    return ""


def destroying(plan: Plan, stale: list[str]) -> Waves:
    """
    Return what each part waits for when everything is destroyed, undescribed parts included.

    An undescribed cluster is destroyed as the others are: after links to it and its applications,
    and before its network and trust.
    """
    waves = downstream(plan)
    waves["trust"] = waves["trust"] | set(stale)
    waves["network"] = waves["network"] | set(stale)
    return {**waves, **{part: {"links"} for part in stale}}


def remove_stacks(project: Project, name: str, parts: Sequence[str]) -> None:
    """Remove destroyed stacks that are no longer described."""
    for part in parts:
        project.workspace.remove_stack(f"{name}.{part}")


def late_logs(plan: Plan) -> list[str]:
    """
    Return where AWS may store the last logs of clusters that were destroyed.

    EKS flushes them for minutes after the deletion, into a log group that it creates again.
    """
    return [
        f"{cluster.name}: if AWS stores its last logs after the deletion, their group has no "
        f"retention: aws logs delete-log-group --region {cluster.region} --log-group-name "
        f"{names.control_plane_log_group(cluster.name)}"
        for cluster in plan.environment.eks
    ]


def outputs(project: Project, name: str, parts: Sequence[str]) -> Outputs:
    """Read the outputs of stacks, secrets included; empty for a part without a stack."""
    with ThreadPoolExecutor(max_workers=PULUMI_IN_PARALLEL) as pool:
        read = pool.map(lambda part: project.outputs(f"{name}.{part}"), parts)
        return dict(zip(parts, read, strict=True))


def kubeconfigs(outputs: Outputs) -> Kubeconfigs:
    """Return the administrators' kubeconfigs of the clusters that are deployed."""
    return {cluster: out["kubeconfig"] for cluster, out in outputs.items() if out.get("kubeconfig")}


def remove_orphans(kubeconfigs: Kubeconfigs) -> list[str]:
    """Remove the orphaned objects of removed links from all clusters; return what was removed."""

    def of(cluster: str) -> list[str]:
        try:
            done = cleanup.remove_all_orphans(kubeconfigs[cluster])
        except Exception as error:
            # Everything is deployed; the next run tries again.
            text = f"{cluster}: orphaned mirrors were not removed ({type(error).__name__})."
            print(text, file=sys.stderr)
            return []
        return [
            f"{cluster}: removed {each} of the removed link to {target}"
            for target, all_ in done.items()
            for each in all_
        ]

    with ThreadPoolExecutor() as pool:
        return [line for lines in pool.map(of, kubeconfigs) for line in lines]
