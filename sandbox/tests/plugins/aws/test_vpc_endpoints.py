"""Interface endpoints, and nodes that have nothing else. Gateways are in `test_routing`."""

from typing import Any

import pytest

from sandbox.plugins.contract import PartialFailure, Refused
from sandbox.tests.plugins.aws.programs import (
    FakeClusters,
    Made,
    Network,
    Program,
    cluster,
    network,
    node_group,
)


def private(program: Program) -> tuple[Network, Made]:
    """Make a network without a way out, with names and a group that lets it in."""
    within = network(program, way_out=False)
    program.change(within.vpc, enableDnsHostnames=True)
    group = program.make("SecurityGroup", "endpoints", vpcId=within.vpc.id)
    return within, group


def endpoint(
    program: Program, within: Network, group: Made, service: str = "ec2", **inputs: Any
) -> Made:
    """Make an interface endpoint in all subnets."""
    given = {
        "vpcId": within.vpc.id,
        "serviceName": f"com.amazonaws.eu-west-1.{service}",
        "vpcEndpointType": "Interface",
        "subnetIds": [subnet.id for subnet in within.subnets],
        "securityGroupIds": [group.id],
        "privateDnsEnabled": True,
    }
    return program.make("VpcEndpoint", service, **{**given, **inputs})


def test_an_endpoint_has_an_interface_in_each_subnet(program: Program) -> None:
    within, group = private(program)
    made = endpoint(program, within, group)

    found = program.cloud.call("ec2", "describe_network_interfaces")["NetworkInterfaces"]

    assert sorted(each["NetworkInterfaceId"] for each in found) == made["networkInterfaceIds"]
    assert {each["SubnetId"] for each in found} == set(made["subnetIds"])
    assert program.drift(made) == []
    assert program.replaces(made, serviceName="com.amazonaws.eu-west-1.sts") == ["serviceName"]
    program.destroy()
    assert program.cloud.call("ec2", "describe_network_interfaces")["NetworkInterfaces"] == []


def test_subnets_groups_and_names_change_in_place(program: Program) -> None:
    within, group = private(program)
    other = program.make("SecurityGroup", "other", vpcId=within.vpc.id)
    made = endpoint(program, within, group)

    program.change(
        made,
        subnetIds=[within.subnets[0].id],
        securityGroupIds=[other.id],
        privateDnsEnabled=False,
    )

    assert len(made["networkInterfaceIds"]) == 1
    assert made["securityGroupIds"] == [other.id]
    assert program.drift(made) == []
    program.delete(group)
    program.destroy()


def test_what_an_endpoint_stands_on_cannot_be_deleted(program: Program) -> None:
    within, group = private(program)
    endpoint(program, within, group)
    program.made = [each for each in program.made if each.kind != "RouteTableAssociation"]

    for made in (within.subnets[0], within.vpc, group):
        with pytest.raises(Refused, match="DependencyViolation"):
            program.delete(made)


def test_without_groups_it_has_the_vpcs_own(program: Program) -> None:
    within, group = private(program)

    made = endpoint(program, within, group, securityGroupIds=None)

    assert made["securityGroupIds"] == [within.vpc["defaultSecurityGroupId"]]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"serviceName": "com.amazonaws.eu-west-1.ec3"}, "InvalidServiceName"),
        ({"serviceName": "com.amazonaws.eu-west-3.ec2"}, "InvalidServiceName"),
        ({"serviceName": "com.amazonaws.eu-west-1.s3"}, "InvalidServiceName"),
        ({"subnetIds": ["subnet-1"]}, "InvalidSubnetID.NotFound"),
        ({"securityGroupIds": ["sg-1"]}, "InvalidGroup.NotFound"),
        ({"routeTableIds": ["rtb-1"]}, "'routeTableIds' must not be set"),
        ({"vpcEndpointType": "Gateway"}, "'privateDnsEnabled' must not be set"),
        ({"vpcEndpointType": "GatewayLoadBalancer"}, "'vpcEndpointType' must be one of"),
    ],
)
def test_a_wrong_endpoint_is_refused(program: Program, inputs: dict[str, Any], reason: str) -> None:
    within, group = private(program)

    with pytest.raises(Refused, match=reason):
        endpoint(program, within, group, **inputs)


def test_two_subnets_of_one_zone_are_refused(program: Program) -> None:
    within, group = private(program)
    twin = program.make(
        "Subnet",
        "twin",
        vpcId=within.vpc.id,
        cidrBlock="10.10.7.0/24",
        availabilityZone="eu-west-1a",
    )

    with pytest.raises(Refused, match="DuplicateSubnetsInSameZone"):
        endpoint(program, within, group, subnetIds=[within.subnets[0].id, twin.id])


def test_private_names_need_the_vpcs_names_and_are_given_once(program: Program) -> None:
    within, group = private(program)
    program.change(within.vpc, enableDnsHostnames=False)

    with pytest.raises(Refused, match="Enabling private DNS requires both"):
        endpoint(program, within, group)
    program.change(within.vpc, enableDnsHostnames=True)
    endpoint(program, within, group)
    with pytest.raises(Refused, match="conflicting DNS domain"):
        endpoint(program, within, group)


def reach(program: Program, within: Network, group: Made, services: list[str]) -> None:
    """Make endpoints, and the add-on that nodes need."""
    for service in services:
        endpoint(program, within, group, service)
    program.make(
        "VpcEndpoint",
        "s3",
        vpcId=within.vpc.id,
        serviceName="com.amazonaws.eu-west-1.s3",
        routeTableIds=[within.table.id],
    )
    program.make("Addon", "cni", clusterName="west", addonName="vpc-cni")


def test_nodes_without_a_way_out_join_by_endpoints(program: Program, kwok: FakeClusters) -> None:
    within, group = private(program)
    program.make(
        "SecurityGroupIngressRule",
        securityGroupId=group.id,
        cidrIpv4="10.10.0.0/16",
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
    )
    of = cluster(program, within)
    reach(program, within, group, ["ec2", "ecr.api", "ecr.dkr"])

    made = node_group(program, of, within)

    assert made["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("services", "reason"),
    [
        (["ec2", "ecr.api"], "lacks: interface endpoint for ecr.dkr"),
        (["ec2", "ecr.api", "ecr.dkr"], "lets nobody in from 10.10.0.0/24 to port 443"),
        ([], "has no way to the internet, from where nodes load their images"),
    ],
)
def test_nodes_whose_endpoints_do_not_serve_them_never_join(
    program: Program, kwok: FakeClusters, services: list[str], reason: str
) -> None:
    within, group = private(program)
    of = cluster(program, within)
    reach(program, within, group, services)

    with pytest.raises(PartialFailure) as failure:
        node_group(program, of, within)

    assert reason in str(failure.value.reasons)
