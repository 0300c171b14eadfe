"""The group that came with a VPC."""

from typing import Any

from sandbox.tests.plugins.aws.programs import Made, Program


def adopted(program: Program, **inputs: Any) -> Made:
    """Take over the group of a VPC of its own."""
    vpc = program.make("Vpc", "vpc", cidrBlock="10.10.0.0/16")
    return program.make("DefaultSecurityGroup", "default", vpcId=vpc.id, **inputs)


def rules_of(program: Program, made: Made) -> tuple[list[Any], list[Any]]:
    """Give its rules as EC2 has them."""
    [found] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[made.id])[
        "SecurityGroups"
    ]
    return found["IpPermissions"], found["IpPermissionsEgress"]


def test_the_group_is_the_vpcs_and_loses_all_rules(program: Program) -> None:
    made = adopted(program, ingress=[], egress=[])

    assert made.id == program.made[0]["defaultSecurityGroupId"]
    assert made["name"] == "default"
    assert rules_of(program, made) == ([], [])
    assert made["tagsAll"] == {"environment": "demo"}
    assert program.drift(made) == []


def test_a_rule_that_somebody_added_is_seen(program: Program) -> None:
    made = adopted(program, ingress=[], egress=[])

    program.cloud.call(
        "ec2",
        "authorize_security_group_ingress",
        GroupId=made.id,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )

    assert program.drift(made) == ["ingress[0]"]
    program.change(made, tags={"a": "b"})
    assert rules_of(program, made) == ([], [])
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}


def test_it_is_only_forgotten_and_goes_with_its_vpc(program: Program) -> None:
    made = adopted(program)

    program.delete(made)

    assert rules_of(program, made) == ([], [])
    program.destroy()


def test_another_vpc_replaces_it_and_a_missing_one_is_refused(program: Program) -> None:
    made = adopted(program)

    assert program.replaces(made, vpcId="vpc-2") == ["vpcId"]
    program.refuses(r"InvalidVpcID.NotFound", "DefaultSecurityGroup", vpcId="vpc-2")
    program.refuses("'name' must be a property", "DefaultSecurityGroup", vpcId="v", name="mine")
    program.refuses("'ingress' must be empty", "DefaultSecurityGroup", vpcId="v", ingress=[{}])
