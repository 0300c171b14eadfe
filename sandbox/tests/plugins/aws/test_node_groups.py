"""Node groups: which nodes join, and when they are replaced."""

import pytest

from sandbox.home import SandboxError
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.aws.nodes import processor_of
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.fake_clusters import FakeClusters


def test_nodes_join_with_the_labels_of_eks_spread_over_zones(
    program: Program, kwok: FakeClusters
) -> None:
    made = program.one("nodes")

    nodes = list(kwok.nodes["west"].values())
    zone = "topology.kubernetes.io/zone"
    assert [(node.name.partition(".")[0], node.labels[zone]) for node in nodes] == [
        ("ip-10-10-0-10", "eu-west-1a"),
        ("ip-10-10-1-10", "eu-west-1b"),
        ("ip-10-10-0-11", "eu-west-1a"),
    ]
    assert nodes[0].labels["eks.amazonaws.com/nodegroup"] == made["nodeGroupName"]
    assert nodes[0].labels["topology.kubernetes.io/region"] == "eu-west-1"
    assert made["nodeGroupName"].startswith("nodes-")
    [interface] = ec2.interfaces(program.cloud, "node ip-10-10-1-10.")
    assert interface["SubnetId"] == program.one("b").id


def test_scaling_adds_and_removes_nodes(program: Program, kwok: FakeClusters) -> None:
    program.one("nodes")
    first = list(kwok.nodes["west"])

    program.change("nodes", scalingConfig={"minSize": 3, "desiredSize": 4, "maxSize": 4})
    grown = list(kwok.nodes["west"])
    program.change("nodes", scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 4})

    assert (grown[:3], len(grown)) == (first, 4)
    assert list(kwok.nodes["west"]) == first[:2]
    assert program.drift("nodes") == []


def test_another_release_replaces_the_nodes_and_there_is_no_way_back(
    program: Program, kwok: FakeClusters
) -> None:
    program.make("nodes", releaseVersion="1.35.5-20260701")
    before = set(kwok.nodes["west"])

    program.change("nodes", releaseVersion="1.35.6-20260728")

    assert len(kwok.nodes["west"]) == 3
    assert not before & set(kwok.nodes["west"])
    assert program.drift("nodes") == []
    with pytest.raises(Refused, match=r"1.35.5-20260701 must not be older"):
        program.change("nodes", releaseVersion="1.35.5-20260701")


def test_a_group_whose_nodes_do_not_become_ready_leaves_nothing(
    program: Program, kwok: FakeClusters
) -> None:
    program.one("to-nat")
    program.one("west")
    kwok.fails = "add_nodes"

    with pytest.raises(SandboxError, match="no node became ready"):
        program.one("nodes")

    program.destroy()
    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.35.6-20260728", "1.35.10-20260701"),
        ("1.9.0-ffffffff", "1.58.0-c5c37032"),
    ],
)
def test_releases_have_an_order(program: Program, older: str, newer: str) -> None:
    program.make("nodes", releaseVersion=older)
    program.change("nodes", releaseVersion=newer)

    with pytest.raises(Refused, match=f"{older} must not be older than .*{newer}"):
        program.change("nodes", releaseVersion=older)


@pytest.mark.parametrize(
    ("instance_type", "processor"),
    [
        ("m7i.large", "amd64"),
        ("g5.xlarge", "amd64"),
        ("m7g.large", "arm64"),
        ("c8gn.large", "arm64"),
        ("t4g.medium", "arm64"),
    ],
)
def test_a_node_has_the_processors_of_its_instance_type(instance_type: str, processor: str) -> None:
    assert processor_of(instance_type) == processor
