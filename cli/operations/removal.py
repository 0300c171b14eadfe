"""
Removal of stacks from an environment, and of orphaned objects that Linkerd leaves behind.

What is no longer described still has its stack. A cluster is destroyed when nothing needs it: after
links to it and its applications, and before its network, which AWS does not delete while it is in
use. So its removal runs in an order of its own, and cannot add clusters at the same time. Stacks of
links, applications and routes of which nothing is described are destroyed in every `mesh up`.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from linkmesh import names
from linkmesh.environment import Plan
from linkmesh.environment.parts import (
    APPS,
    CLUSTER,
    LINKS,
    NETWORK,
    ROUTES,
    TRUST,
    cluster_of,
    kind_of,
)
from linkmesh.linkerd.links import cleanup

from ..errors import PreconditionError
from ..runs.operation import Operation
from ..runs.project import Project
from ..runs.pulumi_command import PULUMI_IN_PARALLEL
from ..runs.waves import Waves, downstream, upstream

Kubeconfigs = Mapping[str, str]
"""The kubeconfig of each cluster; a secret."""

Outputs = Mapping[str, Mapping[str, Any]]
"""Outputs of stacks by part, secrets included."""

# The order in which kinds of parts are destroyed.
_ORDER = (ROUTES, APPS, LINKS, CLUSTER, NETWORK, TRUST)


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
    Return the phases that deploy an environment while stacks are removed from it.

    Args:
        stale: parts that have a stack but are no longer described.
        deleted: parts that lose something in a second run. A cluster loses a namespace then,
            because the Kubernetes provider can revert a patch only while its object exists
            (pulumi-kubernetes, provider/pkg/ssa/actions.go).
    """
    waves = upstream(plan)
    clusters = [part for part in stale if kind_of(part) == CLUSTER]
    if clusters:
        waves = {part: before - {NETWORK} for part, before in waves.items() if part != NETWORK}
    found: list[tuple[Operation, Waves]] = [
        (Operation.UP, waves),
        (Operation.DESTROY, _ordered([part for part in stale if part not in clusters])),
        (Operation.UP, _ordered([*deleted])),
        (Operation.DESTROY, {part: set() for part in clusters}),
        (Operation.UP, {NETWORK: set()} if clusters else {}),
    ]
    return [(operation, parts) for operation, parts in found if parts]


def _ordered(parts: Sequence[str]) -> Waves:
    """Return what parts wait for when they lose something: all those of earlier kinds."""
    return {part: {each for each in parts if _rank(each) < _rank(part)} for part in parts}


def _rank(part: str) -> int:
    return _ORDER.index(kind_of(part))


def problem(name: str, plan: Plan, existing: set[str], *, prune: bool) -> str:
    """Return why clusters cannot be removed or added now; empty if they can."""
    parts = undescribed(name, plan, existing)
    if former := [part for part in parts if kind_of(part) != CLUSTER and not cluster_of(part)]:
        return _former(name, former)
    stale = [part for part in parts if kind_of(part) == CLUSTER]
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


def _former(name: str, parts: Sequence[str]) -> str:
    """Return that the links or applications of all clusters are still one stack."""
    stacks = [f"{name}.{part}" for part in sorted(parts)]  # applications before links
    steps = ", ".join(f"pulumi destroy --remove --stack {stack}" for stack in stacks)
    return (
        f"environment {name!r} must have its links and applications in a stack of each cluster "
        f"(got {', '.join(stacks)}, as older versions made them). Two stacks would have the same "
        f"objects. Use: {steps}; then mesh up {name}"
    )


def destroying(plan: Plan, stale: list[str]) -> Waves:
    """
    Return what each part waits for when everything is destroyed, undescribed parts included.

    An undescribed part is destroyed after all parts of the kinds that come before its own: a
    cluster after links and applications, and before network and trust.
    """
    waves = {**downstream(plan), **{part: set() for part in stale}}
    for part in stale:
        waves[part] |= {each for each in waves if _rank(each) < _rank(part)}
        for each in waves:
            if _rank(each) > _rank(part):
                waves[each].add(part)
    return waves


def remove_stacks(project: Project, name: str, parts: Sequence[str]) -> None:
    """Remove destroyed stacks that are no longer described."""
    for part in parts:
        project.remove_stack(f"{name}.{part}")


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
    """Read the outputs of stacks, secrets of clusters included; empty for a part without one."""

    def of(part: str) -> dict[str, Any]:
        reads = project.reads
        read = reads.outputs if kind_of(part) == CLUSTER else reads.plain_outputs
        return read(f"{name}.{part}")

    with ThreadPoolExecutor(max_workers=PULUMI_IN_PARALLEL) as pool:
        read = pool.map(of, parts)
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
