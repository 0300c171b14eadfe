"""
When an object counts as ready, for each kind that is awaited, and what is said if it never is.

Each rule is a pure function: the live object, the one before this operation (None after a create),
and a way to list objects of its namespace go in, a verdict comes out. Kinds without a rule are
ready once the API server has them: namespaces, roles, and custom resources, whose definitions may
not even be established yet.
Source: pulumi-kubernetes provider/pkg/await/{awaiters,service,ingress}.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.plugins.kubernetes import workloads
from sandbox.plugins.kubernetes.manifests import Object, name_of
from sandbox.plugins.kubernetes.verdicts import Look, Verdict, status_of


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a kind is awaited."""

    judge: Callable[[Object, Object | None, Look], Verdict]
    timeout_seconds: float | None = None
    """A limit of its own, that no annotation changes; None for the operation's."""
    timeout_message: str = "'{name}' timed out waiting to be Ready"
    settle_seconds: float = 0.0
    """How long it must stay ready: a Service's endpoints come one after another."""
    on_read: bool = False
    """Whether a refresh judges it, too."""
    has_pods: bool = False
    """Whether the trouble of its pods is worth telling."""


def rule_for(obj: Object) -> Rule | None:
    """Find the rule for an object's kind; None if nothing is awaited."""
    return RULES.get(f"{obj.get('apiVersion')}/{obj.get('kind')}")


def service(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Service: an address if it is a load balancer, and no endpoint that is not ready."""
    spec = live.get("spec") or {}
    kind = spec.get("type", "ClusterIP")
    headless, external = spec.get("clusterIP") == "None", kind == "ExternalName"
    addressed = kind != "LoadBalancer" or bool(
        (status_of(live).get("loadBalancer") or {}).get("ingress")
    )
    needs_pods = bool(spec.get("selector")) and not headless and not external
    found = (
        [one for one in look("v1", "Endpoints") if name_of(one) == name_of(live)]
        if needs_pods
        else []
    )
    subsets = [subset for one in found for subset in one.get("subsets") or []]
    reached = any(subset.get("addresses") for subset in subsets)
    pending = any(subset.get("notReadyAddresses") for subset in subsets)
    ready = addressed and (not needs_pods or (bool(found) and not pending))
    reasons = []
    if not ready and not headless and not external:
        if not reached:
            reasons.append(
                "Service does not target any Pods. Selected Pods may not be ready, or field "
                "'.spec.selector' may "
                "not match labels on any Pods"
            )
        if not addressed:
            reasons.append(
                "Service was not allocated an IP address; does your cloud provider support this?"
            )
    return Verdict(ready=ready, reasons=reasons)


def claim(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a PersistentVolumeClaim: bound, unless its class waits for the first consumer."""
    phase = status_of(live).get("phase")
    if phase == "Pending" and previous is None:
        wanted = str((live.get("spec") or {}).get("storageClassName"))
        classes = {name_of(one): one for one in look("storage.k8s.io/v1", "StorageClass")}
        mode = classes.get(wanted, {}).get("volumeBindingMode")
        return Verdict(ready=mode == "WaitForFirstConsumer")
    return Verdict(ready=phase == "Bound")


def volume(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a PersistentVolume."""
    return Verdict(ready=status_of(live).get("phase") in ("Available", "Bound"))


def quota(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a ResourceQuota."""
    hard = (live.get("spec") or {}).get("hard")
    return Verdict(ready=hard is not None and hard == status_of(live).get("hard"))


def secret(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Secret: that of a service account has to be filled by a controller."""
    filled = live.get("type") != "kubernetes.io/service-account-token" or bool(live.get("data"))
    return Verdict(ready=filled)


def ingress(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge an Ingress by its address; whether its backends have endpoints is not looked at."""
    ready = bool((status_of(live).get("loadBalancer") or {}).get("ingress"))
    reason = "Ingress .status.loadBalancer field was not updated with a hostname/IP address. "
    more = "\n    for more information about this error, see https://pulumi.io/xdv72s"
    return Verdict(ready=ready, reasons=[] if ready else [reason + more])


_POLLED = "Timeout occurred polling for '{name}'"

RULES = {
    "apps/v1/DaemonSet": Rule(
        judge=workloads.daemon_set,
        on_read=True,
        has_pods=True,
        timeout_message="timed out waiting for the condition",
    ),
    "apps/v1/Deployment": Rule(judge=workloads.deployment, on_read=True, has_pods=True),
    "apps/v1/StatefulSet": Rule(judge=workloads.stateful_set, on_read=True, has_pods=True),
    "batch/v1/Job": Rule(judge=workloads.job, on_read=True, has_pods=True),
    "networking.k8s.io/v1/Ingress": Rule(judge=ingress, on_read=True),
    "v1/PersistentVolume": Rule(judge=volume, timeout_seconds=300, timeout_message=_POLLED),
    "v1/PersistentVolumeClaim": Rule(judge=claim, timeout_seconds=300, timeout_message=_POLLED),
    "v1/Pod": Rule(judge=workloads.pod, on_read=True),
    "v1/ReplicationController": Rule(
        judge=workloads.replication_controller, timeout_seconds=600, timeout_message=_POLLED
    ),
    "v1/ResourceQuota": Rule(judge=quota, timeout_seconds=60, timeout_message=_POLLED),
    # The genuine provider gives up after 5 s, which a busy machine of six clusters may need.
    "v1/Secret": Rule(judge=secret, timeout_seconds=15, timeout_message=_POLLED),
    # The genuine provider waits 10 s after each change of the endpoints.
    "v1/Service": Rule(judge=service, on_read=True, settle_seconds=0.3),
}
