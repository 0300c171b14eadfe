"""Counts meshed pods of each workload."""

from collections import Counter
from collections.abc import Container, Iterable
from typing import Any

from linkmesh.linkerd.labels import CONTROL_PLANE_NS

from .promql import By

# Ended pods do not count; pending ones do.
ENDED = {"Succeeded", "Failed"}

Workload = tuple[str, str]
"""Namespace and name."""


def meshed(
    pods: Iterable[Any], by: By, namespaces: Container[str], *, only: str | None = None
) -> dict[Workload, tuple[int, int]]:
    """
    Count the meshed pods and all pods of each workload.

    Args:
        namespaces: shown even without meshed pods; others only with meshed pods.
        only: the only namespace to show, even without meshed pods.
    """
    meshed_pods: Counter[Workload] = Counter()
    all_pods: Counter[Workload] = Counter()
    living = set()
    for pod in pods:
        if pod.status and pod.status.phase in ENDED:
            continue
        name = pod.metadata.name if by is By.POD else deployment(pod)
        is_meshed = CONTROL_PLANE_NS in (pod.metadata.labels or {})
        if is_meshed:
            living.add(pod.metadata.namespace)
        if name:
            all_pods[pod.metadata.namespace, name] += 1
            meshed_pods[pod.metadata.namespace, name] += is_meshed

    def shown(namespace: str) -> bool:
        return namespace == only if only else namespace in living or namespace in namespaces

    return {key: (meshed_pods[key], count) for key, count in all_pods.items() if shown(key[0])}


def deployment(pod: Any) -> str:
    """Return the Deployment of a pod, from its ReplicaSet's name; empty if it has none."""
    template = (pod.metadata.labels or {}).get("pod-template-hash", "")
    for owner in pod.metadata.ownerReferences or []:
        if owner.kind == "ReplicaSet" and template and owner.name.endswith(f"-{template}"):
            return str(owner.name.removesuffix(f"-{template}"))
    return ""
