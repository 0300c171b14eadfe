"""Nodes as they are described: how few, how small, and of which processor."""

from typing import Any

import pytest

from linkmesh.high_availability import HA_NODES
from linkmesh.node_group import FEWEST_NODES, Ami, NodeGroup, is_graviton, node_problems


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
    "instance_type",
    [
        *(
            "t3.medium",
            "t4g.medium",
            "m7i.large",
            "m7i-flex.large",
            "c6gn.metal",
            "u7i-12tb.224xlarge",
        ),
        *("p6-b200.48xlarge", "m8i.metal-48xl", "im4gn.16xlarge", "a1.large", "u-6tb1.56xlarge"),
    ],
)
def test_types_that_exist_are_taken(instance_type: str) -> None:
    assert node_problems(NodeGroup(instance_types=[instance_type])) == []


@pytest.mark.parametrize(
    "instance_type",
    [
        "t3",
        "large",
        "m7i.huge",
        "m7i.1xlarge",
        "m7i.xxlarge",
        " m7i.large",
        "t3_large",
        "",
        "m.large",
    ],
)
def test_types_that_cannot_exist_are_errors(instance_type: str) -> None:
    [problem] = node_problems(NodeGroup(instance_types=[instance_type]))

    assert problem.startswith("instance_types must be a family, a point and a size (got ")


@pytest.mark.parametrize("instance_type", ["t2.micro", "t3.small", "m7g.medium", "x2gd.medium"])
def test_types_whose_nodes_take_too_few_pods_are_errors(instance_type: str) -> None:
    [problem] = node_problems(NodeGroup(instance_types=[instance_type]))

    assert problem.startswith("instance_types must have addresses for 12 pods")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"nodes": 2},
            "nodes must be at least 3 (got 2). Linkerd's high availability needs a node for each "
            "replica. Use: nodes=3",
        ),
        (
            {"nodes": 451},
            "nodes must be at most 450 (got 451). EKS has no larger node group. Use: larger "
            "instance types, or another cluster",
        ),
        (
            {"instance_types": ("t3.large", "t3.nano")},
            "instance_types must have addresses for 12 pods or more (got t3.nano). EKS and Linkerd "
            "would fill a node, and some of their pods would never start. "
            'Use: instance_types=["m7i.large"], or t3.medium for a trial',
        ),
        (
            {"instance_types": ("M7i-Large",)},
            "instance_types must be a family, a point and a size (got M7i-Large). EC2 has no such "
            'type. Use: instance_types=["m7i.large"]',
        ),
        (
            {"disk_gib": 65537},
            "disk_gib must be at most 65536 (got 65537). EBS has no larger gp3 disk. "
            "Use: disk_gib=50",
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
    ],
)
def test_it_is_an_error(wrong: dict[str, Any], message: str) -> None:
    assert node_problems(NodeGroup(**wrong)) == [message]


def test_amazon_linux_2_is_not_offered() -> None:
    assert {ami.value for ami in Ami} == {"AL2023", "Bottlerocket"}


def test_a_type_that_is_named_twice_is_an_error() -> None:
    group = NodeGroup(instance_types=["m7i.large", "m6i.large", "m7i.large"])

    assert node_problems(group) == [
        "instance_types must name each type once (got m7i.large again). EC2 takes them in their "
        "order. Use: instance_types=['m7i.large', 'm6i.large']"
    ]
