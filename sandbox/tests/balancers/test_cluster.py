"""Which pod runs the controller."""

from typing import Any

from sandbox.balancers.cluster import leader


def pod(uid: str, made: str, *, ready: bool = True) -> dict[str, Any]:
    return {
        "metadata": {"uid": uid, "name": uid, "creationTimestamp": made},
        "status": {"conditions": [{"type": "Ready", "status": str(ready)}]},
    }


def test_the_oldest_ready_pod_leads_and_goes_on_leading() -> None:
    pods = {
        ("k", "b"): pod("b", "2"),
        ("k", "a"): pod("a", "1"),
        ("k", "c"): pod("c", "0", ready=False),
    }

    first, next_one = leader(pods), leader(pods, "b")

    assert first is pods["k", "a"]
    assert next_one is pods["k", "b"]


def test_without_a_ready_pod_nobody_leads() -> None:
    assert leader({("k", "a"): pod("a", "1", ready=False)}) is None
