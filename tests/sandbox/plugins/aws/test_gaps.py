"""
What ministack lacks or forgets. A test that fails here says that it learned something: take away
what the imitation does instead, and the line in GAPS.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.plugins import aws
from sandbox.plugins.aws.cloud import AwsRefused
from tests.sandbox.plugins.aws.programs import Program

GAPS = (Path(aws.__file__).parent / "GAPS.md").read_text()

MISSING: list[tuple[str, str, dict[str, Any]]] = [
    ("eks", "update_cluster_config", {"name": "west"}),
    ("eks", "update_cluster_version", {"name": "west", "version": "1.35"}),
    ("eks", "describe_update", {"name": "west", "updateId": "u"}),
    ("eks", "describe_cluster_versions", {}),
    ("eks", "describe_addon_versions", {}),
    ("eks", "list_access_policies", {}),
    ("eks", "update_nodegroup_config", {"clusterName": "west", "nodegroupName": "nodes"}),
    ("eks", "update_nodegroup_version", {"clusterName": "west", "nodegroupName": "nodes"}),
    ("ec2", "modify_vpc_peering_connection_options", {"VpcPeeringConnectionId": "pcx-1"}),
]

CLUSTER = {
    "name": "west",
    "roleArn": "arn:aws:iam::000000000000:role/any",
    "resourcesVpcConfig": {"subnetIds": ["subnet-1"]},
}
GROUP = {
    "clusterName": "west",
    "nodegroupName": "nodes",
    "nodeRole": "arn:aws:iam::000000000000:role/any",
    "subnets": ["subnet-1"],
}


@pytest.mark.parametrize(("service", "operation", "parameters"), MISSING)
def test_the_operation_is_missing(
    program: Program, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(AwsRefused, match=r"No route for|Unknown EC2 action"):
        program.cloud.call(service, operation, **parameters)

    words = "".join(word.capitalize() for word in operation.split("_"))
    assert words in GAPS


def test_a_clusters_settings_are_forgotten(program: Program) -> None:
    settings = {
        "upgradePolicy": {"supportType": "STANDARD"},
        "deletionProtection": True,
        "zonalShiftConfig": {"enabled": True},
    }

    made = program.cloud.call("eks", "create_cluster", **CLUSTER, **settings)["cluster"]

    assert not set(settings) & set(made)
    assert made["resourcesVpcConfig"]["vpcId"] == "vpc-00000000"


def test_a_node_groups_settings_are_forgotten(program: Program) -> None:
    settings = {"updateConfig": {"maxUnavailable": 1}, "nodeRepairConfig": {"enabled": True}}
    program.cloud.call("eks", "create_cluster", **CLUSTER)

    made = program.cloud.call("eks", "create_nodegroup", **GROUP, **settings)["nodegroup"]

    assert not {*settings, "launchTemplate"} & set(made)


def test_a_cluster_with_node_groups_is_deleted_and_leaves_its_addons(program: Program) -> None:
    program.cloud.call("eks", "create_cluster", **CLUSTER)
    program.cloud.call("eks", "create_nodegroup", **GROUP)
    program.cloud.call("eks", "create_addon", clusterName="west", addonName="vpc-cni")

    program.cloud.call("eks", "delete_cluster", name="west")
    program.cloud.call("eks", "create_cluster", **CLUSTER)

    assert program.cloud.call("eks", "list_addons", clusterName="west")["addons"] == ["vpc-cni"]


def test_ids_of_things_that_do_not_exist_are_accepted(program: Program) -> None:
    call = program.cloud.call

    call("ec2", "create_subnet", VpcId="vpc-1", CidrBlock="10.0.0.0/24")
    table = call("ec2", "create_route_table", VpcId="vpc-1")["RouteTable"]["RouteTableId"]
    call("ec2", "associate_route_table", RouteTableId=table, SubnetId="subnet-1")
    call(
        "ec2",
        "create_route",
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId="nat-1",
    )
    call("ec2", "create_nat_gateway", SubnetId="subnet-1", AllocationId="eipalloc-1")


def test_a_nat_gateways_addresses_are_forgotten(program: Program) -> None:
    made = program.cloud.call("ec2", "create_nat_gateway", SubnetId="subnet-1")["NatGateway"]

    assert made["NatGatewayAddresses"] == []
    assert program.cloud.call("ec2", "describe_network_interfaces")["NetworkInterfaces"] == []


def test_a_subnet_with_an_interface_is_deleted(program: Program) -> None:
    vpc = program.cloud.call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = program.cloud.call("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.0.0.0/24")
    id = subnet["Subnet"]["SubnetId"]
    program.cloud.call("ec2", "create_network_interface", SubnetId=id)

    program.cloud.call("ec2", "delete_subnet", SubnetId=id)


def test_of_several_tags_one_is_taken_away(program: Program) -> None:
    tags = {"a": "1", "b": "2"}
    arn = program.cloud.call("eks", "create_cluster", **CLUSTER, tags=tags)["cluster"]["arn"]

    program.cloud.call("eks", "untag_resource", resourceArn=arn, tagKeys=["a", "b"])

    left = program.cloud.call("eks", "list_tags_for_resource", resourceArn=arn)["tags"]
    assert len(left) == 1
    described = program.cloud.call("eks", "describe_cluster", name="west")["cluster"]
    assert described["tags"] == tags
