"""What is on a cluster and not in its environment's description; pure."""

from collections.abc import Iterator

from components import names
from components.linkerd.labels import (
    EXPORTED,
    FEDERATED,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
)
from components.linkerd.links.orphans import targets_of
from stacks.environment import Environment

from .faults import Fault, Finding
from .observations import ClusterSeen


def findings(name: str, environment: Environment, seen: ClusterSeen) -> Iterator[Finding]:
    """List what a cluster has that nobody described."""
    described = {*environment.targets_of(seen.name)}
    for target in sorted({*seen.links} - described):
        yield Finding(
            fault=Fault.UNDESCRIBED,
            subject=seen.name,
            cause=f"a Link to {target!r} is on the cluster and not in the description",
            remedy=f"describe it, or remove it: kubectl -n {MULTICLUSTER_NAMESPACE} delete link "
            f"{target}",
        )
    if not {"links", "services"} & {*seen.unread}:
        for target in sorted(targets_of(seen.left) - {*seen.links} - described):
            yield _stale(seen, target)
    exports = {
        (each.namespace, each.service) for each in environment.exports if each.of == seen.name
    }
    for namespace, service in sorted(seen.exported - exports):
        yield Finding(
            fault=Fault.UNDESCRIBED,
            subject=seen.name,
            cause=f"Service {namespace}/{service} is exported and not in the description",
            remedy="describe it, or take the label off: kubectl -n "
            f"{namespace} label service {service} {EXPORTED}- {FEDERATED}-",
        )


def _stale(seen: ClusterSeen, target: str) -> Finding:
    left = [
        f"{each.namespace}/{each.name}"
        for each in seen.left
        if each.kind == "Service" and target in targets_of([each])
    ]
    shown = ", ".join(sorted(left)[:3]) or "a Lease"
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return Finding(
        fault=Fault.STALE,
        subject=seen.name,
        cause=f"{shown}{more} are left of a link to {target!r} that is gone; calls of them fail",
        remedy="remove them: kubectl delete services,endpoints -A -l "
        f"{REMOTE_CLUSTER_NAME}={target}; kubectl -n {MULTICLUSTER_NAMESPACE} delete "
        "lease "
        f"{names.lease(target)} --ignore-not-found",
    )
