"""
Nodes are named, labelled and tainted as kind does it.
"""

import pytest

from sandbox.plugins.contract import Refused
from sandbox.plugins.kind_nodes import nodes_of

TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}


def nodes(*roles: str) -> list[tuple[str, bool]]:
    config = {"name": "west", "kindConfig": {"nodes": [{"role": role} for role in roles]}}
    return [(node.name, node.taints == [TAINT]) for node in nodes_of(config)]


def test_a_cluster_without_named_nodes_is_one_control_plane_that_takes_pods() -> None:
    assert nodes() == [("west-control-plane", False)]
    assert [node.name for node in nodes_of({"name": "west"})] == ["west-control-plane"]


def test_control_planes_are_tainted_as_soon_as_there_are_other_nodes() -> None:
    assert nodes("control-plane", "worker", "worker", "control-plane") == [
        ("west-control-plane", True),
        ("west-worker", False),
        ("west-worker2", False),
        ("west-control-plane2", True),
    ]


def test_a_cluster_needs_a_control_plane() -> None:
    with pytest.raises(Refused, match="must have at least one control-plane node"):
        nodes("worker")
