"""Rules for drift: objects on a cluster that the description does not contain."""

from collections.abc import Iterator

from linkmesh import names
from linkmesh.environment import Plan
from linkmesh.linkerd.labels import (
    EXPORTED,
    FEDERATED,
    MULTICLUSTER_NAMESPACE,
    REMOTE_CLUSTER_NAME,
)
from linkmesh.linkerd.links.orphans import targets_of

from .faults import Fault, Finding
from .observations import ObservedCluster


def findings(name: str, plan: Plan, observed: ObservedCluster) -> Iterator[Finding]:
    """List the Links, exports and mirrors of a cluster that are not described."""
    described = {*plan.clusters[observed.name].targets}
    for target in sorted({*observed.links} - described):
        yield Finding(
            fault=Fault.UNDESCRIBED,
            subject=observed.name,
            cause=f"a Link to {target!r} exists but is not described",
            remedy=f"describe it, or remove it: kubectl -n {MULTICLUSTER_NAMESPACE} delete link "
            f"{target}",
        )
    if not {"links", "services"} & {*observed.unread}:
        for target in sorted(targets_of(observed.left) - {*observed.links} - described):
            yield _stale(observed, target)
    exports = {
        (each.namespace, each.service)
        for each in plan.environment.exports
        if each.of == observed.name
    }
    for namespace, service in sorted(observed.exported - exports):
        yield Finding(
            fault=Fault.UNDESCRIBED,
            subject=observed.name,
            cause=f"Service {namespace}/{service} is exported but not described",
            remedy="describe it, or remove the label: kubectl -n "
            f"{namespace} label service {service} {EXPORTED}- {FEDERATED}-",
        )


def _stale(observed: ObservedCluster, target: str) -> Finding:
    left = [
        f"{each.namespace}/{each.name}"
        for each in observed.left
        if each.kind == "Service" and target in targets_of([each])
    ]
    shown = ", ".join(sorted(left)[:3]) or "a Lease"
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return Finding(
        fault=Fault.STALE,
        subject=observed.name,
        cause=f"{shown}{more} are left of a removed link to {target!r}; calls to them fail",
        remedy="remove them: kubectl delete services,endpoints -A -l "
        f"{REMOTE_CLUSTER_NAME}={target}; kubectl -n {MULTICLUSTER_NAMESPACE} delete "
        "lease "
        f"{names.lease(target)} --ignore-not-found",
    )
