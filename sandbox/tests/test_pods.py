"""Which pod of an account works."""

from sandbox.pods import Pod, leaders


def pod(name: str, created: str, *, ready: bool = True, **metadata: str) -> Pod:
    return {
        "metadata": {"name": name, "uid": name, "creationTimestamp": created, **metadata},
        "spec": {"serviceAccountName": "controller-east"},
        "status": {"conditions": [{"type": "Ready", "status": str(ready)}]},
    }


def chosen(*pods: Pod, leading: str = "") -> list[str]:
    by_key = {("mc", one["metadata"]["name"]): one for one in pods}
    return [one["metadata"]["name"] for one in leaders(by_key, [leading]).values()]


def test_the_newest_ready_pod_works_unless_another_one_leads() -> None:
    old, new, unready = pod("a", "1"), pod("b", "2"), pod("c", "3", ready=False)

    assert chosen(old, new, unready) == ["b"]
    assert chosen(old, new, unready, leading="a") == ["a"]
    assert chosen(old, new, unready, leading="c") == ["b"]
    assert chosen(unready) == []


def test_a_pod_that_is_being_deleted_works_no_more() -> None:
    assert chosen(pod("a", "1"), pod("b", "2", deletionTimestamp="3"), leading="b") == ["a"]
