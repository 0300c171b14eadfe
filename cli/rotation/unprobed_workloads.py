"""
Meshed workloads without a readiness probe, which lose calls when they are restarted.

Kubernetes sends calls to a pod as soon as it is ready, and without a probe that is before its
process listens. In each step of a new anchor every meshed workload is restarted.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lightkube.resources.core_v1 import Pod

from linkmesh import api_server
from linkmesh.environment import Plan
from linkmesh.linkerd.labels import (
    CONTROL_PLANE_NAMESPACE,
    CONTROL_PLANE_NS,
    MULTICLUSTER_NAMESPACE,
    VIZ_NAMESPACE,
)

from ..runs.project import Project
from .trust_steps import Restart

# Linkerd's own pods, whose charts decide about their probes.
_LINKERDS = {CONTROL_PLANE_NAMESPACE, MULTICLUSTER_NAMESPACE, VIZ_NAMESPACE}

# The containers that Linkerd injects, which are not the workload's own.
_INJECTED = "linkerd-"


def unprobed_workloads(
    project: Project, name: str, plan: Plan, restart: Sequence[Restart]
) -> list[str]:
    """List the workloads that steps restart and that have no readiness probe, by cluster."""
    if Restart.DATA_PLANE not in restart:
        return []
    found = []
    for cluster in plan.names:
        kubeconfig = project.outputs(f"{name}.{cluster}").get("kubeconfig")
        if kubeconfig is None:
            continue
        pods = api_server.client(kubeconfig).list(
            Pod, namespace="*", labels={CONTROL_PLANE_NS: CONTROL_PLANE_NAMESPACE}
        )
        found += [f"{cluster}: {workload}" for workload in without_probe(pods)]
    return found


def without_probe(pods: Iterable[Any]) -> list[str]:
    """List the workloads whose pods have no readiness probe, as `namespace/workload`."""
    return sorted(
        {
            f"{pod.metadata.namespace}/{_workload(pod)}"
            for pod in pods
            if pod.metadata.namespace not in _LINKERDS and not _is_of_a_job(pod)
            if not any(container.readinessProbe for container in _own_containers(pod))
        }
    )


def _own_containers(pod: Any) -> list[Any]:
    return [each for each in pod.spec.containers if not each.name.startswith(_INJECTED)]


def _is_of_a_job(pod: Any) -> bool:
    """Return whether a pod belongs to a Job, which has no callers."""
    return any(owner.kind == "Job" for owner in pod.metadata.ownerReferences or [])


def _workload(pod: Any) -> str:
    """Return the workload of a pod; a Deployment's ReplicaSet is named after it and a hash."""
    owners = pod.metadata.ownerReferences or []
    if not owners:
        return str(pod.metadata.name)
    owner = owners[0]
    return str(owner.name.rpartition("-")[0] if owner.kind == "ReplicaSet" else owner.name)


def warning(workloads: Sequence[str]) -> str:
    """Return which workloads lose calls in a rotation; empty if none does."""
    if not workloads:
        return ""
    return "\n".join(
        (
            "Without a readiness probe these workloads lose a call or two in each restart. Give "
            "them one first:",
            *(f"  {each}" for each in workloads),
        )
    )
