"""Networks and clusters on EKS, of the package."""

from typing import Any

import pulumi

from tests import engine
from tests.components.package.constructed import constructed, refused

CLUSTER: dict[str, Any] = {
    "region": "eu-west-1",
    "vpcId": lambda: pulumi.Output.from_input("vpc-1"),
    "privateSubnetIds": lambda: pulumi.Output.from_input(["private-a", "private-b"]),
    "controlPlaneSubnetIds": ["control-a", "control-b"],
    "accessEntries": [{"principalArn": "arn:aws:iam::111122223333:role/operators"}],
    "nodeGroup": {"nodes": 4.0, "ami": "Bottlerocket"},
}


def test_a_network_tells_its_subnets() -> None:
    notes = constructed("Network", region="eu-west-1", cidrBlock="10.10.0.0/16", natGateways="one")

    assert len(notes.of("aws:ec2/natGateway:NatGateway")) == 1
    assert len(notes.outputs["privateSubnetIds"]) == 3
    assert notes.outputs["natPublicIps"] == ["203.0.113.7"]


def test_all_rules_of_a_network_hold_in_its_words() -> None:
    problems = refused(
        "Network", region="eu-west-1", cidrBlock="10.0.0.0/24", flowLogRetentionDays=2.0
    )[""].splitlines()

    assert [each.partition(" must ")[0] for each in problems] == [
        "cidrBlock of a network",
        "flowLogRetentionDays",
    ]


def test_a_cluster_takes_outputs_of_a_network() -> None:
    notes = constructed("EksCluster", **CLUSTER)

    nodes = notes.one("aws:eks/nodeGroup:NodeGroup").inputs
    assert nodes["subnetIds"] == ["private-a", "private-b"]
    assert nodes["scalingConfig"]["desiredSize"] == 4
    assert isinstance(notes.outputs["kubeconfig"], engine.Secret)
    assert notes.outputs["apiServer"] == "https://it.eks.test"
    assert "oidcIssuerUrl" not in notes.outputs


def test_a_wrong_property_of_its_nodes_is_named() -> None:
    given = {**CLUSTER, "nodeGroup": {"ami": "bottle rocket"}}

    assert refused("EksCluster", **given) == {
        "nodeGroup.ami": "must be 'AL2023' or 'Bottlerocket' (got 'bottle rocket'). Use: "
        "'Bottlerocket'"
    }
