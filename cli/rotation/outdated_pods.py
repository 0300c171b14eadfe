"""
Meshed pods that are older than their control plane, and so trust the former anchors.

A proxy has the anchors of the time when its pod was injected. In each step of an anchor rotation
the control plane restarts first, so a pod that is older than all pods of Linkerd's identity
controller was not restarted. Pods are read from the clusters, because other programs deploy many of
them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lightkube.resources.core_v1 import Pod

from linkmesh import api_server
from linkmesh.environment import Plan
from linkmesh.linkerd.labels import (
    CONTROL_PLANE_COMPONENT,
    CONTROL_PLANE_NAMESPACE,
    CONTROL_PLANE_NS,
)

from ..runs.project import Project
from .trust_steps import Restart


def outdated_pods(project: Project, name: str, plan: Plan, restart: Sequence[Restart]) -> list[str]:
    """List the pods of all clusters that a step must restart but has not yet restarted."""
    if Restart.DATA_PLANE not in restart:
        return []
    found = []
    for cluster in plan.names:
        kubeconfig = project.outputs(f"{name}.{cluster}")["kubeconfig"]
        client = api_server.client(kubeconfig)
        pods = client.list(Pod, namespace="*", labels={CONTROL_PLANE_NS: CONTROL_PLANE_NAMESPACE})
        found += [f"{cluster}: {pod}" for pod in older(pods)]
    return found


def older(pods: Iterable[Any]) -> list[str]:
    """List the pods that are older than the identity controller's, as `namespace/name`."""
    living = [pod for pod in pods if not pod.metadata.deletionTimestamp and _runs(pod)]
    since = [
        pod.metadata.creationTimestamp
        for pod in living
        if pod.metadata.namespace == CONTROL_PLANE_NAMESPACE
        and (pod.metadata.labels or {}).get(CONTROL_PLANE_COMPONENT) == "identity"
    ]
    if not since:
        return []
    return sorted(
        f"{pod.metadata.namespace}/{pod.metadata.name}"
        for pod in living
        if pod.metadata.namespace != CONTROL_PLANE_NAMESPACE
        and pod.metadata.creationTimestamp < min(since)
    )


def _runs(pod: Any) -> bool:
    """Return whether a pod still runs; those of finished Jobs do not."""
    return not (pod.status and pod.status.phase in ("Succeeded", "Failed"))
