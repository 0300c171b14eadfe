"""Pods that a step of an anchor rotation has not restarted: older than the identity controller."""

from datetime import UTC, datetime

from lightkube.models.core_v1 import PodStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Pod

from linkmesh.cli.rotation.outdated_pods import older


def pod(name: str, minute: int, *, ended: bool = False, leaving: bool = False) -> Pod:
    """Make a meshed pod, or one of the identity controller."""
    namespace, short = name.split("/")
    at = datetime(2026, 11, 23, 5, minute, tzinfo=UTC)
    component = {"linkerd.io/control-plane-component": "identity"} if short == "identity" else {}
    return Pod(
        metadata=ObjectMeta(
            name=short,
            namespace=namespace,
            labels={"linkerd.io/control-plane-ns": "linkerd", **component},
            creationTimestamp=at,
            deletionTimestamp=at if leaving else None,
        ),
        status=PodStatus(phase="Succeeded" if ended else "Running"),
    )


IDENTITY = pod("linkerd/identity", 10)


def test_a_pod_that_is_older_than_the_identity_controller_was_not_restarted() -> None:
    assert older([IDENTITY, pod("shop/api", 9), pod("shop/db", 11)]) == ["shop/api"]


def test_the_oldest_replica_of_the_controller_counts() -> None:
    assert older([pod("linkerd/identity", 20), IDENTITY, pod("shop/api", 15)]) == []


def test_replicas_that_are_leaving_do_not_count() -> None:
    old = pod("linkerd/identity", 1, leaving=True)

    assert older([old, IDENTITY, pod("shop/api", 9)]) == ["shop/api"]


def test_pods_that_have_ended_or_are_leaving_need_no_restart() -> None:
    gone = [pod("shop/job", 9, ended=True), pod("shop/api", 9, leaving=True)]

    assert older([IDENTITY, *gone]) == []


def test_the_control_plane_is_not_its_own_data_plane() -> None:
    assert older([IDENTITY, pod("linkerd/destination", 9)]) == []


def test_without_a_control_plane_no_pod_is_outdated() -> None:
    assert older([pod("shop/api", 9)]) == []
