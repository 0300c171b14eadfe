"""What a controller in a cluster makes holds the network that it stands in."""

from typing import Any

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Made, Program


@pytest.fixture
def placed(program: Program) -> dict[str, Made]:
    """Make an internet-facing balancer as a controller does, in a program's network."""
    vpc = program.make("Vpc", "vpc", cidrBlock="10.10.0.0/16")
    internet = program.make("InternetGateway", "internet", vpcId=vpc.id)
    subnet = program.make("Subnet", "a", vpcId=vpc.id, cidrBlock="10.10.0.0/24")
    group = program.make("SecurityGroup", "balancer", vpcId=vpc.id)
    balancer(program, subnet, group, Scheme="internet-facing")
    return {"vpc": vpc, "internet": internet, "subnet": subnet, "group": group}


def balancer(program: Program, subnet: Made, group: Made, **settings: Any) -> None:
    """Call AWS as the controller does."""
    call = program.cloud.call
    [made] = call(
        "elbv2",
        "create_load_balancer",
        Name="gateway",
        Type="network",
        Subnets=[subnet.id],
        SecurityGroups=[group.id],
        **settings,
    )["LoadBalancers"]
    name = made["LoadBalancerArn"].partition(":loadbalancer/")[2]
    call(
        "ec2",
        "create_network_interface",
        SubnetId=subnet.id,
        Groups=[group.id],
        Description=f"ELB {name}",
    )
    vpc = subnet["vpcId"]
    call("elbv2", "create_target_group", Name="targets", Protocol="TCP", Port=4143, VpcId=vpc)


@pytest.mark.parametrize("kind", ["vpc", "internet", "subnet", "group"])
def test_what_a_balancer_stands_on_cannot_be_deleted(
    program: Program, placed: dict[str, Made], kind: str
) -> None:
    with pytest.raises(Refused, match="DependencyViolation"):
        program.delete(placed[kind])


def test_balancers_and_their_targets_are_left_over(
    program: Program, placed: dict[str, Made]
) -> None:
    found = leftovers(program.cloud.endpoint, ["eu-west-1"])

    assert "eu-west-1 load-balancer gateway" in found
    assert "eu-west-1 target-group targets" in found


def test_without_the_balancer_everything_goes(program: Program, placed: dict[str, Made]) -> None:
    call = program.cloud.call
    for each in call("ec2", "describe_network_interfaces")["NetworkInterfaces"]:
        id = each["NetworkInterfaceId"]
        call("ec2", "delete_network_interface", NetworkInterfaceId=id)
    for each in call("elbv2", "describe_load_balancers")["LoadBalancers"]:
        call("elbv2", "delete_load_balancer", LoadBalancerArn=each["LoadBalancerArn"])
    for each in call("elbv2", "describe_target_groups")["TargetGroups"]:
        call("elbv2", "delete_target_group", TargetGroupArn=each["TargetGroupArn"])

    program.destroy()

    assert leftovers(program.cloud.endpoint, ["eu-west-1"]) == []
