"""What a controller in a cluster makes holds the network that it stands in."""

import pytest

from sandbox.plugins.aws.account import leftovers
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Program


@pytest.fixture(autouse=True)
def _balancer(program: Program) -> None:
    """Make an internet-facing balancer as a controller does, in a program's network."""
    subnet, group, call = program.one("public"), program.one("endpoints"), program.cloud.call
    program.one("internet")
    [made] = call(
        "elbv2",
        "create_load_balancer",
        Name="gateway",
        Type="network",
        Subnets=[subnet.id],
        SecurityGroups=[group.id],
        Scheme="internet-facing",
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


@pytest.mark.parametrize("name", ["vpc", "internet", "public", "endpoints"])
def test_what_a_balancer_stands_on_cannot_be_deleted(program: Program, name: str) -> None:
    with pytest.raises(Refused, match="DependencyViolation"):
        program.delete(name)


def test_balancers_and_their_targets_are_left_over(program: Program) -> None:
    found = leftovers(program.cloud.endpoint, ["eu-west-1"])

    assert "eu-west-1 load-balancer gateway" in found
    assert "eu-west-1 target-group targets" in found
