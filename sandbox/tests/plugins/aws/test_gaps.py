"""
What ministack lacks or forgets. A test that fails here says that it learned something: take away
what the imitation does instead, and the line in sandbox/docs/gaps.md.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.plugins.aws.cloud import AwsRefused
from sandbox.tests.plugins.aws.programs import Program
from tests.project import PROJECT

GAPS = (PROJECT / "sandbox" / "docs" / "gaps.md").read_text()

PROVIDER = {"OpenIDConnectProviderArn": "arn:aws:iam::000000000000:oidc-provider/a.example"}

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
    ("ec2", "modify_network_interface_attribute", {"NetworkInterfaceId": "eni-1"}),
    ("iam", "add_client_id_to_open_id_connect_provider", {**PROVIDER, "ClientID": "a"}),
    ("iam", "remove_client_id_from_open_id_connect_provider", {**PROVIDER, "ClientID": "a"}),
    ("iam", "tag_open_id_connect_provider", {**PROVIDER, "Tags": []}),
    ("iam", "update_open_id_connect_provider_thumbprint", {**PROVIDER, "ThumbprintList": []}),
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
    with pytest.raises(AwsRefused, match=r"No route for|Unknown (EC2|IAM) action"):
        program.cloud.call(service, operation, **parameters)

    words = "".join(word.capitalize() for word in operation.split("_"))
    assert words.lower() in GAPS.lower()


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


def test_a_policy_of_any_form_and_size_is_taken(program: Program) -> None:
    actions = [f"ec2:Action{number}" for number in range(1000)]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "everything", "Principal": "*"}
    document = json.dumps({"Version": "2000-01-01", "Statement": [statement]})

    program.cloud.call("iam", "create_policy", PolicyName="any", PolicyDocument=document)


def test_an_identity_provider_is_taken_without_https_and_has_no_thumbprint(
    program: Program,
) -> None:
    call = program.cloud.call
    arn = call("iam", "create_open_id_connect_provider", Url="http://a.example")[
        "OpenIDConnectProviderArn"
    ]

    found = call("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=arn)

    assert found["ThumbprintList"] == []


def test_a_flow_logs_role_format_interval_and_tags_are_forgotten(program: Program) -> None:
    tags = {"ResourceType": "vpc-flow-log", "Tags": [{"Key": "a", "Value": "b"}]}
    wanted = {
        "ResourceIds": ["vpc-1"],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestination": "arn:aws:logs:eu-west-1:000000000000:log-group:a",
        "DeliverLogsPermissionArn": "arn:aws:iam::000000000000:role/no",
        "LogFormat": "${srcaddr}",
        "MaxAggregationInterval": 60,
        "TagSpecifications": [tags],
    }
    for _ in range(2):
        program.cloud.call("ec2", "create_flow_logs", **wanted)

    [made, _] = program.cloud.call("ec2", "describe_flow_logs")["FlowLogs"]

    forgotten = {"DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval"}
    assert not forgotten & set(made)
    assert made["Tags"] == []


def test_an_interface_endpoint_has_neither_interfaces_nor_groups_nor_names(
    program: Program,
) -> None:
    made = program.cloud.call(
        "ec2",
        "create_vpc_endpoint",
        VpcId="vpc-1",
        ServiceName="com.amazonaws.eu-west-1.no-such-service",
        VpcEndpointType="Interface",
        SubnetIds=["subnet-1"],
        SecurityGroupIds=["sg-1"],
        PrivateDnsEnabled=True,
        PolicyDocument="{}",
    )["VpcEndpoint"]

    forgotten = {"Groups", "NetworkInterfaceIds", "PrivateDnsEnabled", "PolicyDocument"}
    assert not forgotten & set(made)
    assert program.cloud.call("ec2", "describe_network_interfaces")["NetworkInterfaces"] == []


def test_a_balancer_has_no_interfaces(program: Program) -> None:
    call = program.cloud.call
    vpc = call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = call("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]

    [made] = call(
        "elbv2", "create_load_balancer", Name="a", Type="network", Subnets=[subnet["SubnetId"]]
    )["LoadBalancers"]

    assert made["VpcId"] != vpc
    assert call("ec2", "describe_network_interfaces")["NetworkInterfaces"] == []


def test_roles_of_an_addons_service_accounts_are_only_wished_for(program: Program) -> None:
    program.cloud.call("eks", "create_cluster", **CLUSTER)
    wanted = [{"serviceAccount": "a", "roleArn": "arn:aws:iam::000000000000:role/any"}]
    program.cloud.call(
        "eks",
        "create_addon",
        clusterName="west",
        addonName="vpc-cni",
        podIdentityAssociations=wanted,
    )

    answer = program.cloud.call("eks", "list_pod_identity_associations", clusterName="west")

    assert answer["associations"] == []


def test_a_release_of_any_form_and_other_processors_are_taken(program: Program) -> None:
    program.cloud.call("eks", "create_cluster", **CLUSTER)

    program.cloud.call(
        "eks",
        "create_nodegroup",
        **GROUP,
        releaseVersion="any",
        amiType="AL2023_x86_64_STANDARD",
        instanceTypes=["m7g.large"],
    )


def test_there_are_no_quotas(program: Program) -> None:
    call = program.cloud.call
    vpc = call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = call("ec2", "create_security_group", GroupName="a", Description="a", VpcId=vpc)
    table = call("ec2", "create_route_table", VpcId=vpc)["RouteTable"]["RouteTableId"]

    ranges = [{"CidrIp": f"52.0.{number}.0/24"} for number in range(61)]
    call(
        "ec2",
        "authorize_security_group_ingress",
        GroupId=group["GroupId"],
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": ranges}],
    )
    for each in ranges[:51]:
        call(
            "ec2",
            "create_route",
            RouteTableId=table,
            DestinationCidrBlock=each["CidrIp"],
            GatewayId="igw-1",
        )
