"""
When an object counts as ready, for each kind that is awaited, and what is said if it never is.

Each rule is a pure function: the live object, the one before this operation (None after a create), and a way to
list objects of its namespace go in, a verdict comes out. Kinds without a rule are ready once the API server has
them: namespaces, roles, and custom resources, whose definitions may not even be established yet.
Source: pulumi-kubernetes provider/pkg/await/{awaiters,deployment,statefulset,daemonset,service,job,pod}.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.plugins.kubernetes.manifests import Object, metadata, name_of

Look = Callable[[str, str], "list[Object]"]
"""Lists the objects of an apiVersion and kind in the namespace of the object that is judged."""

REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an object is ready, and if not, what is missing."""

    ready: bool
    reasons: list[str] = field(default_factory=list)
    failed: bool = False
    """It never will be ready: waiting longer is useless."""


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


def deployment(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Deployment: rolled out, and available."""
    status, conditions = _status(live), _conditions(live)
    revision = _annotation(live, REVISION)
    available = conditions.get("Available", {}).get("status") == "True"
    progressing = conditions.get("Progressing", {})
    progressed = progressing.get("status") == "True" and progressing.get("reason") == "NewReplicaSetAvailable"
    if previous is not None and _annotation(previous, REVISION) == "" and revision == "":
        return Verdict(ready=False, reasons=["Minimum number of live Pods was not attained"])
    rolled_out = _replica_set_is_ready(live, revision, look)
    unbound = _unbound_claims(live, look)
    first = revision in ("", "1")
    observed = status.get("observedGeneration") == metadata(live).get("generation")
    ready = observed and available and rolled_out and (first or progressed) and not unbound
    reasons = [
        f"[{one.get('reason')}] {one.get('message')}"
        for one in (progressing, conditions.get("Available", {}))
        if one.get("status") not in (None, "True") and one.get("reason") and one.get("message")
    ]
    if unbound:
        reasons.append(f'Failed to bind PersistentVolumeClaim(s): "{",".join(unbound)}"')
    if not available:
        reasons.append("Minimum number of live Pods was not attained")
    elif (first and not rolled_out) or (not first and not progressed):
        reasons.append("Minimum number of Pods to consider the application live was not attained")
    elif not rolled_out:
        reasons.append(
            "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
        )
    return Verdict(ready=ready, reasons=[] if ready else reasons)


def stateful_set(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a StatefulSet: all replicas ready, of the wanted revision."""
    status, spec = _status(live), live.get("spec") or {}
    generation = metadata(live).get("generation") or 0
    wanted = spec.get("replicas", 0)
    have = {key: status.get(key, 0) for key in ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas")}
    current, update = status.get("currentRevision", ""), status.get("updateRevision", "")
    on_delete = (spec.get("updateStrategy") or {}).get("type") == "OnDelete"
    revised = bool(current) and current == update
    counted = wanted == have["replicas"] == have["readyReplicas"] == have["currentReplicas"]
    if generation > 1 and on_delete:
        revised, counted = True, wanted == have["replicas"] == have["readyReplicas"]
    observed = (status.get("observedGeneration") or 0) >= generation
    reasons = []
    if not (counted and observed):
        ready_now = have["readyReplicas"] if revised else min(have["readyReplicas"], have["updatedReplicas"])
        reasons.append(f"{ready_now} out of {wanted} replicas succeeded readiness checks")
    if not (revised and observed):
        reasons.append(
            f'StatefulSet controller failed to advance from revision "{current}" to revision "{update}"'
        )
    return Verdict(ready=observed and revised and counted, reasons=reasons)


def daemon_set(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a DaemonSet: a pod of the wanted template is ready on every node."""
    status = _status(live)
    if status.get("observedGeneration") != metadata(live).get("generation"):
        return Verdict(ready=False, reasons=["DaemonSet generation is not yet observed"])
    wanted = status.get("desiredNumberScheduled", 0)
    reasons = [
        f"{words}: {status.get(key, 0)}/{wanted}"
        for key, words in (
            ("currentNumberScheduled", "Current"),
            ("updatedNumberScheduled", "Updated"),
            ("numberAvailable", "Available"),
            ("numberReady", "Ready"),
        )
        if status.get(key, 0) < wanted
    ]
    return Verdict(ready=not reasons, reasons=reasons)


def service(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Service: an address if it is a load balancer, and no endpoint that is not ready."""
    spec = live.get("spec") or {}
    kind = spec.get("type", "ClusterIP")
    headless, external = spec.get("clusterIP") == "None", kind == "ExternalName"
    addressed = kind != "LoadBalancer" or bool((_status(live).get("loadBalancer") or {}).get("ingress"))
    needs_pods = bool(spec.get("selector")) and not headless and not external
    found = [one for one in look("v1", "Endpoints") if name_of(one) == name_of(live)] if needs_pods else []
    subsets = [subset for one in found for subset in one.get("subsets") or []]
    reached = any(subset.get("addresses") for subset in subsets)
    pending = any(subset.get("notReadyAddresses") for subset in subsets)
    ready = addressed and (not needs_pods or (bool(found) and not pending))
    reasons = []
    if not ready and not headless and not external:
        if not reached:
            reasons.append(
                "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may "
                "not match labels on any Pods"
            )
        if not addressed:
            reasons.append("Service was not allocated an IP address; does your cloud provider support this?")
    return Verdict(ready=ready, reasons=reasons)


def job(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Job: it has run to its end."""
    conditions = _conditions(live)
    failed = conditions.get("Failed", {})
    if failed.get("status") == "True" and failed.get("reason") in ("BackoffLimitExceeded", "DeadlineExceeded"):
        return Verdict(ready=False, failed=True, reasons=[f"[{failed['reason']}] {failed.get('message', '')}"])
    complete = conditions.get("Complete", {}).get("status") == "True"
    return Verdict(ready=complete and bool(_status(live).get("startTime")))


def pod(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Pod: scheduled, initialized, ready or succeeded."""
    conditions = {kind: one.get("status") == "True" for kind, one in _conditions(live).items()}
    ready = conditions.get("Ready", False) or _status(live).get("phase") == "Succeeded"
    ready = ready and conditions.get("PodScheduled", False) and conditions.get("Initialized", False)
    return Verdict(ready=ready, reasons=[] if ready else pod_trouble(live))


def claim(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a PersistentVolumeClaim: bound, unless its class waits for the first consumer."""
    phase = _status(live).get("phase")
    if phase == "Pending" and previous is None:
        wanted = (live.get("spec") or {}).get("storageClassName")
        classes = {name_of(one): one for one in look("storage.k8s.io/v1", "StorageClass")}
        mode = classes.get(wanted, {}).get("volumeBindingMode")
        return Verdict(ready=mode == "WaitForFirstConsumer")
    return Verdict(ready=phase == "Bound")


def volume(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a PersistentVolume."""
    return Verdict(ready=_status(live).get("phase") in ("Available", "Bound"))


def replication_controller(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a ReplicationController."""
    wanted = (live.get("spec") or {}).get("replicas")
    return Verdict(ready=wanted is not None and _status(live).get("availableReplicas") == wanted)


def quota(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a ResourceQuota."""
    hard = (live.get("spec") or {}).get("hard")
    return Verdict(ready=hard is not None and hard == _status(live).get("hard"))


def secret(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Secret: that of a service account has to be filled by a controller."""
    filled = live.get("type") != "kubernetes.io/service-account-token" or bool(live.get("data"))
    return Verdict(ready=filled)


def ingress(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge an Ingress by its address; whether its backends have endpoints is not looked at."""
    ready = bool((_status(live).get("loadBalancer") or {}).get("ingress"))
    reason = "Ingress .status.loadBalancer field was not updated with a hostname/IP address. "
    more = "\n    for more information about this error, see https://pulumi.io/xdv72s"
    return Verdict(ready=ready, reasons=[] if ready else [reason + more])


def pod_trouble(live: Object) -> list[str]:
    """Say what keeps a pod from being ready, as far as it says so itself."""
    conditions = _conditions(live)
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") not in (None, "True"):
        return [scheduled["message"]] if scheduled.get("reason") and scheduled.get("message") else []
    space = metadata(live).get("namespace")
    name = f"{space}/{name_of(live)}" if space not in (None, "", "default") else name_of(live)
    for kind in ("Initialized", "Ready"):
        condition = conditions.get(kind, {})
        if condition.get("status") in (None, "True"):
            continue
        said = condition.get("message", "") if condition.get("reason") else ""
        errors = "\n".join(_container_trouble(live))
        if said or errors:
            return [f"[Pod {name}]: {said}{errors}"]
    return []


def is_owned(obj: Object, owner: Object) -> bool:
    """Tell whether an object belongs to another."""
    references = metadata(obj).get("ownerReferences") or []
    return any(one.get("uid") == metadata(owner).get("uid") for one in references)


def _replica_set_is_ready(live: Object, revision: str, look: Look) -> bool:
    if not revision:
        return False
    for one in look("apps/v1", "ReplicaSet"):
        if is_owned(one, live) and _annotation(one, REVISION) == revision:
            wanted = (one.get("spec") or {}).get("replicas", 1)
            return bool(_status(one).get("readyReplicas", 0) >= wanted)
    return False


def _unbound_claims(live: Object, look: Look) -> list[str]:
    template = ((live.get("spec") or {}).get("template") or {}).get("spec") or {}
    volumes = template.get("volumes") or []
    wanted = {one["persistentVolumeClaim"]["claimName"] for one in volumes if "persistentVolumeClaim" in one}
    if not wanted:
        return []
    claims = [one for one in look("v1", "PersistentVolumeClaim") if name_of(one) in wanted]
    return sorted(name_of(one) for one in claims if _status(one).get("phase") != "Bound")


def _container_trouble(live: Object) -> list[str]:
    troubles = []
    for container in _status(live).get("containerStatuses") or []:
        waiting = (container.get("state") or {}).get("waiting") or {}
        if not container.get("ready") and waiting and waiting.get("reason") != "ContainerCreating":
            troubles.append(f"[{waiting.get('reason')}] {waiting.get('message', '')}")
    return troubles


def _annotation(obj: Object, key: str) -> str:
    return str((metadata(obj).get("annotations") or {}).get(key, ""))


def _status(obj: Object) -> Object:
    return obj.get("status") or {}


def _conditions(obj: Object) -> dict[str, dict[str, Any]]:
    return {one["type"]: one for one in _status(obj).get("conditions") or []}


_POLLED = "Timeout occurred polling for '{name}'"

RULES = {
    "apps/v1/DaemonSet": Rule(
        judge=daemon_set, on_read=True, has_pods=True, timeout_message="timed out waiting for the condition"
    ),
    "apps/v1/Deployment": Rule(judge=deployment, on_read=True, has_pods=True),
    "apps/v1/StatefulSet": Rule(judge=stateful_set, on_read=True, has_pods=True),
    "batch/v1/Job": Rule(judge=job, on_read=True, has_pods=True),
    "networking.k8s.io/v1/Ingress": Rule(judge=ingress, on_read=True),
    "v1/PersistentVolume": Rule(judge=volume, timeout_seconds=300, timeout_message=_POLLED),
    "v1/PersistentVolumeClaim": Rule(judge=claim, timeout_seconds=300, timeout_message=_POLLED),
    "v1/Pod": Rule(judge=pod, on_read=True),
    "v1/ReplicationController": Rule(
        judge=replication_controller, timeout_seconds=600, timeout_message=_POLLED
    ),
    "v1/ResourceQuota": Rule(judge=quota, timeout_seconds=60, timeout_message=_POLLED),
    # The genuine provider gives up after 5 s, which a busy machine of six clusters may need.
    "v1/Secret": Rule(judge=secret, timeout_seconds=15, timeout_message=_POLLED),
    # The genuine provider waits 10 s after each change of the endpoints.
    "v1/Service": Rule(judge=service, on_read=True, settle_seconds=0.3),
}
