"""
Nodes: what KWOK is given to play.
"""

from itertools import islice
from typing import Any

from sandbox.nodes import _free_node_addresses, _takes_pods


def seen(*, ready: str, taints: list[str]) -> dict[str, Any]:
    return {
        "spec": {"taints": [{"key": key, "effect": "NoSchedule"} for key in taints]},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }


def test_a_node_takes_pods_when_it_is_ready_and_no_longer_tainted_so() -> None:
    not_ready = "node.kubernetes.io/not-ready"

    assert _takes_pods(seen(ready="True", taints=["dedicated"]))
    assert not _takes_pods(seen(ready="True", taints=[not_ready]))
    assert not _takes_pods(seen(ready="Unknown", taints=[]))


def test_two_nodes_never_share_an_address() -> None:
    taken = [{"status": {"addresses": [{"type": "InternalIP", "address": "198.18.0.3"}]}}]
    addresses = list(islice(_free_node_addresses(taken), 600))

    assert len(set(addresses)) == 600
    assert "198.18.0.3" not in addresses


def test_small_clusters_share_no_address() -> None:
    first, second = (set(islice(_free_node_addresses([], first=n), 250)) for n in (0, 1))

    assert not first & second
    assert next(_free_node_addresses([], first=300)) == "198.18.44.1"
