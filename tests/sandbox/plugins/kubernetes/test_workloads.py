"""When deployments and other objects that run pods are ready."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.plugins.kubernetes import workloads
from sandbox.plugins.kubernetes.verdicts import Look

Object = dict[str, Any]
REVISION = "deployment.kubernetes.io/revision"


def nothing(api_version: str, kind: str) -> list[Object]:
    return []


def listing(*objects: Object) -> Look:
    return lambda _, kind: [one for one in objects if one["kind"] == kind]


def condition(kind: str, status: str = "True", **more: str) -> Object:
    return {"type": kind, "status": status, **more}


AVAILABLE = condition("Available")
PROGRESSED = condition("Progressing", reason="NewReplicaSetAvailable")


def deployment(
    revision: str = "1", *conditions: Object, generation: int = 1, **spec: Any
) -> Object:
    return {
        "metadata": {
            "name": "web",
            "uid": "d",
            "generation": generation,
            "annotations": {REVISION: revision},
        },
        "spec": {"replicas": 2, **spec},
        "status": {"observedGeneration": 1, "conditions": list(conditions)},
    }


def replica_set(revision: str = "1", ready: int = 2, owner: str = "d") -> Object:
    return {
        "kind": "ReplicaSet",
        "metadata": {"annotations": {REVISION: revision}, "ownerReferences": [{"uid": owner}]},
        "spec": {"replicas": 2},
        "status": {"readyReplicas": ready},
    }


def test_a_new_deployment_is_ready_when_available_and_its_pods_are() -> None:
    assert workloads.deployment(deployment("1", AVAILABLE), None, listing(replica_set())).ready


def test_a_changed_deployment_has_to_be_rolled_out() -> None:
    rolling = condition("Progressing", reason="ReplicaSetUpdated")
    look = listing(replica_set("1"), replica_set("2"))

    assert not workloads.deployment(deployment("2", AVAILABLE, rolling), None, look).ready
    assert workloads.deployment(deployment("2", AVAILABLE, PROGRESSED), None, look).ready


def test_a_deployment_that_the_controller_has_not_seen_is_not_ready() -> None:
    newer = deployment("1", AVAILABLE, generation=2)

    assert not workloads.deployment(newer, None, listing(replica_set())).ready


@pytest.mark.parametrize(
    ("live", "sets", "said"),
    [
        (deployment(""), [], "Minimum number of live Pods was not attained"),
        (
            deployment("1", AVAILABLE),
            [replica_set(ready=1)],
            "Minimum number of Pods to consider the application live was not attained",
        ),
        (
            deployment("1", AVAILABLE),
            [replica_set(owner="somebody")],
            "Minimum number of Pods to consider the application live was not attained",
        ),
        (
            deployment("2", AVAILABLE, PROGRESSED),
            [replica_set("1"), replica_set("2", ready=0)],
            "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not "
            "become live",
        ),
    ],
)
def test_a_deployment_says_what_is_missing(live: Object, sets: list[Object], said: str) -> None:
    assert workloads.deployment(live, None, listing(*sets)).reasons == [said]


def test_a_deployment_tells_its_own_trouble() -> None:
    stuck = condition("Progressing", "False", reason="DeadlineExceeded", message="too slow")

    verdict = workloads.deployment(deployment("1", stuck), None, nothing)

    assert verdict.reasons[0] == "[DeadlineExceeded] too slow"


def test_a_deployment_waits_for_its_claims() -> None:
    volumes = [{"persistentVolumeClaim": {"claimName": "data"}}]
    live = deployment("1", AVAILABLE, template={"spec": {"volumes": volumes}})
    claim = {"kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "status": {}}

    verdict = workloads.deployment(live, None, listing(replica_set(), claim))

    assert verdict.reasons == ['Failed to bind PersistentVolumeClaim(s): "data"']


def stateful_set(**status: Any) -> Object:
    ready = dict.fromkeys(("replicas", "readyReplicas", "currentReplicas", "updatedReplicas"), 2)
    revisions = {"currentRevision": "a", "updateRevision": "a", "observedGeneration": 1}
    return {
        "metadata": {"generation": 1},
        "spec": {"replicas": 2},
        "status": {**ready, **revisions, **status},
    }


def test_a_stateful_set_is_ready_with_all_replicas_of_one_revision() -> None:
    assert workloads.stateful_set(stateful_set(), None, nothing).ready


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ({"readyReplicas": 1}, "1 out of 2 replicas succeeded readiness checks"),
        (
            {"updateRevision": "b"},
            'StatefulSet controller failed to advance from revision "a" to revision "b"',
        ),
    ],
)
def test_a_stateful_set_says_what_is_missing(status: Object, said: str) -> None:
    assert workloads.stateful_set(stateful_set(**status), None, nothing).reasons == [said]


def test_a_daemon_set_is_ready_on_every_node() -> None:
    counts = ("currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady")
    status = {"observedGeneration": 1, "desiredNumberScheduled": 2, **dict.fromkeys(counts, 2)}
    live = {"metadata": {"generation": 1}, "status": status}

    assert workloads.daemon_set(live, None, nothing).ready
    status["numberReady"] = 1
    assert workloads.daemon_set(live, None, nothing).reasons == ["Ready: 1/2"]


def test_a_job_is_ready_when_complete_and_fails_for_good() -> None:
    def job(*conditions: Object) -> Object:
        return {"status": {"startTime": "now", "conditions": list(conditions)}}

    limit = condition("Failed", reason="BackoffLimitExceeded", message="too often")

    assert workloads.job(job(condition("Complete")), None, nothing).ready
    assert not workloads.job(job(), None, nothing).ready
    assert workloads.job(job(limit), None, nothing).failed


def test_a_pod_is_ready_or_tells_its_trouble() -> None:
    fine = [condition(kind) for kind in ("PodScheduled", "Initialized", "Ready")]
    unready = condition("Ready", "False", reason="ContainersNotReady", message="c is not")
    waiting = {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}
    bad = {
        "metadata": {"name": "p", "namespace": "yelb"},
        "status": {
            "conditions": [*fine[:2], unready],
            "containerStatuses": [{"ready": False, "state": waiting}],
        },
    }

    assert workloads.pod({"status": {"conditions": fine}}, None, nothing).ready
    assert workloads.pod(bad, None, nothing).reasons == [
        "[Pod yelb/p]: c is not[ErrImagePull] no such image"
    ]


def test_a_pod_that_finds_no_node_says_why() -> None:
    alone = condition("PodScheduled", "False", reason="Unschedulable", message="0/2 nodes")

    assert workloads.pod({"status": {"conditions": [alone]}}, None, nothing).reasons == [
        "0/2 nodes"
    ]
