"""
When the objects that run pods count as ready: rolled out, and with every pod ready.

Source: pulumi-kubernetes provider/pkg/await/{deployment,statefulset,daemonset,job,pod}.go
"""

from __future__ import annotations

from sandbox.plugins.kubernetes.manifests import Object, metadata, name_of
from sandbox.plugins.kubernetes.verdicts import (
    Look,
    Verdict,
    conditions_of,
    is_owned,
    pod_trouble,
    status_of,
)

REVISION = "deployment.kubernetes.io/revision"


def deployment(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Deployment: rolled out, and available."""
    status, conditions = status_of(live), conditions_of(live)
    revision = _annotation(live, REVISION)
    available = conditions.get("Available", {}).get("status") == "True"
    progressing = conditions.get("Progressing", {})
    progressed = (
        progressing.get("status") == "True"
        and progressing.get("reason") == "NewReplicaSetAvailable"
    )
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
            "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not "
            "become live"
        )
    return Verdict(ready=ready, reasons=[] if ready else reasons)


def stateful_set(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a StatefulSet: all replicas ready, of the wanted revision."""
    status, spec = status_of(live), live.get("spec") or {}
    generation = metadata(live).get("generation") or 0
    wanted = spec.get("replicas", 0)
    have = {
        key: status.get(key, 0)
        for key in ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas")
    }
    current, update = status.get("currentRevision", ""), status.get("updateRevision", "")
    on_delete = (spec.get("updateStrategy") or {}).get("type") == "OnDelete"
    revised = bool(current) and current == update
    counted = wanted == have["replicas"] == have["readyReplicas"] == have["currentReplicas"]
    if generation > 1 and on_delete:
        revised, counted = True, wanted == have["replicas"] == have["readyReplicas"]
    observed = (status.get("observedGeneration") or 0) >= generation
    reasons = []
    if not (counted and observed):
        ready_now = (
            have["readyReplicas"]
            if revised
            else min(have["readyReplicas"], have["updatedReplicas"])
        )
        reasons.append(f"{ready_now} out of {wanted} replicas succeeded readiness checks")
    if not (revised and observed):
        reasons.append(
            f'StatefulSet controller failed to advance from revision "{current}" to revision '
            f'"{update}"'
        )
    return Verdict(ready=observed and revised and counted, reasons=reasons)


def daemon_set(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a DaemonSet: a pod of the wanted template is ready on every node."""
    status = status_of(live)
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


def job(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Job: it has run to its end."""
    conditions = conditions_of(live)
    failed = conditions.get("Failed", {})
    if failed.get("status") == "True" and failed.get("reason") in (
        "BackoffLimitExceeded",
        "DeadlineExceeded",
    ):
        return Verdict(
            ready=False, failed=True, reasons=[f"[{failed['reason']}] {failed.get('message', '')}"]
        )
    complete = conditions.get("Complete", {}).get("status") == "True"
    return Verdict(ready=complete and bool(status_of(live).get("startTime")))


def pod(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a Pod: scheduled, initialized, ready or succeeded."""
    conditions = {kind: one.get("status") == "True" for kind, one in conditions_of(live).items()}
    ready = conditions.get("Ready", False) or status_of(live).get("phase") == "Succeeded"
    ready = ready and conditions.get("PodScheduled", False) and conditions.get("Initialized", False)
    return Verdict(ready=ready, reasons=[] if ready else pod_trouble(live))


def replication_controller(live: Object, previous: Object | None, look: Look) -> Verdict:
    """Judge a ReplicationController."""
    wanted = (live.get("spec") or {}).get("replicas")
    return Verdict(ready=wanted is not None and status_of(live).get("availableReplicas") == wanted)


def _replica_set_is_ready(live: Object, revision: str, look: Look) -> bool:
    if not revision:
        return False
    for one in look("apps/v1", "ReplicaSet"):
        if is_owned(one, live) and _annotation(one, REVISION) == revision:
            wanted = (one.get("spec") or {}).get("replicas", 1)
            return bool(status_of(one).get("readyReplicas", 0) >= wanted)
    return False


def _unbound_claims(live: Object, look: Look) -> list[str]:
    template = ((live.get("spec") or {}).get("template") or {}).get("spec") or {}
    volumes = template.get("volumes") or []
    wanted = {
        one["persistentVolumeClaim"]["claimName"]
        for one in volumes
        if "persistentVolumeClaim" in one
    }
    if not wanted:
        return []
    claims = [one for one in look("v1", "PersistentVolumeClaim") if name_of(one) in wanted]
    return sorted(name_of(one) for one in claims if status_of(one).get("phase") != "Bound")


def _annotation(obj: Object, key: str) -> str:
    return str((metadata(obj).get("annotations") or {}).get(key, ""))
