"""
Meshed pods that are older than their control plane, and so believe what it believed before.

A proxy has the anchors of the moment when its pod was injected. In each step of a new anchor the
control plane is restarted first, so a pod that is older than each pod of Linkerd's identity
controller was not restarted. Pods are looked at on the clusters, since many are somebody else's.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lightkube.resources.core_v1 import Pod

from components import api_server
from components.linkerd.identity.trust_rotation import Restart
from components.linkerd.labels import (
    CONTROL_PLANE_COMPONENT,
    CONTROL_PLANE_NAMESPACE,
    CONTROL_PLANE_NS,
)
from stacks.environment import Environment

from ..runs.run import Project


def unrestarted(
    project: Project, name: str, environment: Environment, restart: Sequence[Restart]
) -> list[str]:
    """List the pods of all clusters that a step must restart and has not; empty if it needs not."""
    if Restart.DATA_PLANE not in restart:
        return []
    found = []
    for cluster in environment.names:
        kubeconfig = project.outputs(f"{name}.{cluster}")["kubeconfig"]
        client = api_server.client(kubeconfig)
        pods = client.list(Pod, namespace="*", labels={CONTROL_PLANE_NS: CONTROL_PLANE_NAMESPACE})
        found += [f"{cluster}: {pod}" for pod in older(pods)]
    return found


def older(pods: Iterable[Any]) -> list[str]:
    """List the pods that were made before the oldest of the identity controller, as `ns/name`."""
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
    """Tell whether a pod has not ended, as that of a Job does."""
    return not (pod.status and pod.status.phase in ("Succeeded", "Failed"))
