"""Which pod of a controller works."""

from sandbox.mirror.link import Object
from sandbox.mirror.source import leaders


def pod(name: str, created: str, *, ready: bool = True, **metadata: str) -> Object:
    return {
        "metadata": {
            "name": name,
            "namespace": "mc",
            "labels": {"component": "controller"},
            "creationTimestamp": created,
            **metadata,
        },
        "spec": {"serviceAccountName": "controller-east"},
        "status": {"conditions": [{"type": "Ready", "status": "True" if ready else "False"}]},
    }


def chosen(*pods: Object) -> list[str]:
    by_key = {("mc", one["metadata"]["name"]): one for one in pods}
    return [one["metadata"]["name"] for one in leaders(by_key).values()]


def test_the_newest_ready_pod_works() -> None:
    assert chosen(pod("a", "1"), pod("b", "2"), pod("c", "3", ready=False)) == ["b"]


def test_a_pod_that_is_being_deleted_works_no_more() -> None:
    assert chosen(pod("a", "1"), pod("b", "2", deletionTimestamp="3")) == ["a"]


def test_without_a_ready_pod_nobody_works() -> None:
    assert chosen(pod("a", "1", ready=False)) == []


def test_the_gateways_pods_are_no_controllers() -> None:
    gateway = pod("a", "1")
    gateway["metadata"]["labels"] = {"app": "linkerd-gateway"}

    assert chosen(gateway) == []
