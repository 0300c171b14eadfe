"""Nodes as they are described: how few, how small, and of which processor."""

from typing import Any

import pytest

from components.high_availability import HA_NODES
from components.node_group import FEWEST_NODES, Ami, NodeGroup, is_graviton, node_problems


def test_the_ordinary_nodes_are_enough_for_high_availability() -> None:
    assert node_problems(NodeGroup()) == []
    assert NodeGroup().nodes == FEWEST_NODES == HA_NODES


@pytest.mark.parametrize(
    "instance_type",
    ["m7g.large", "c6gn.xlarge", "im4gn.large", "x2gd.medium", "a1.large", "t4g.micro"],
)
def test_graviton_is_detected_by_the_types_name(instance_type: str) -> None:
    assert is_graviton(instance_type)


@pytest.mark.parametrize(
    "instance_type",
    ["m7i.large", "m7i-flex.large", "g5.xlarge", "g4dn.xlarge", "t3.large", "c6a.large"],
)
def test_other_processors_are_not_graviton(instance_type: str) -> None:
    assert not is_graviton(instance_type)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"nodes": 2},
            "nodes must be at least 3 (got 2). Linkerd's high availability needs a node for each "
            "replica. Use: nodes=3",
        ),
        (
            {"disk_gib": 10},
            "disk_gib must be at least 20 (got 10). The image of a node alone needs almost as "
            "much. Use: disk_gib=50",
        ),
        (
            {"instance_types": ()},
            "instance_types must name at least one (got none). EKS would use t3.medium, too small "
            'for Linkerd. Use: instance_types=["m7i.large"]',
        ),
        (
            {"instance_types": ("m7i.large", "m7g.large")},
            "instance_types must be of one architecture (got m7i.large, m7g.large). A node group "
            'has one image. Use: instance_types=["m7g.large", "m6g.large"]',
        ),
        (
            {"ami": "AL2_x86_64"},
            "ami must be one of Ami.AL2023, Ami.BOTTLEROCKET (got 'AL2_x86_64'). EKS has no other"
            " image for the Kubernetes versions we support. Use: ami=Ami.AL2023",
        ),
    ],
)
def test_it_is_an_error(wrong: dict[str, Any], message: str) -> None:
    assert node_problems(NodeGroup(**wrong)) == [message]


def test_amazon_linux_2_is_not_offered() -> None:
    assert {ami.value for ami in Ami} == {"AL2023", "Bottlerocket"}
