"""Security groups and their rules."""

from __future__ import annotations

import pytest

from sandbox.plugins.framework import Refused
from sandbox.tests.plugins.aws.programs import Made, Program


def group(program: Program, **inputs: object) -> Made:
    """Make a group in a VPC of its own."""
    vpc = program.make("Vpc", "vpc", cidrBlock="10.10.0.0/16")
    return program.make("SecurityGroup", "group", vpcId=vpc.id, **inputs)


def test_a_group_is_named_after_its_resource_and_lets_nothing_out(program: Program) -> None:
    made = group(program)

    [found] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[made.id])[
        "SecurityGroups"
    ]

    assert made["name"].startswith("group-")
    assert len(made["name"]) == len("group-") + 7
    assert found["IpPermissionsEgress"] == []


def test_rules_inside_of_a_group_change_in_place(program: Program) -> None:
    rule = {"fromPort": 443, "toPort": 443, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8"]}
    made = group(program, ingress=[rule])

    program.change(made, ingress=[{**rule, "toPort": 444}])

    [found] = program.cloud.call("ec2", "describe_security_groups", GroupIds=[made.id])[
        "SecurityGroups"
    ]
    assert [(each["FromPort"], each["ToPort"]) for each in found["IpPermissions"]] == [(443, 444)]


def test_a_rule_is_made_changed_and_deleted(program: Program) -> None:
    made = group(program)
    rule = program.make(
        "SecurityGroupIngressRule",
        securityGroupId=made.id,
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
        cidrIpv4="10.20.0.0/16",
        tags={"a": "b"},
    )

    program.change(rule, toPort=444, description="API", tags=None)

    assert (rule["toPort"], rule["description"]) == (444, "API")
    assert rule["tagsAll"] == {"environment": "demo"}
    assert program.drift(rule) == []
    program.destroy()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            {"cidrIpv4": "10.0.0.0/8", "referencedSecurityGroupId": "sg-0123456789abcdef0"},
            "exactly one of",
        ),
        ({}, "exactly one of"),
        ({"cidrIpv4": "10.0.0.1/8"}, "has host bits set"),
        ({"cidrIpv4": "10.0.0.0/8", "ipProtocol": "-1"}, "for ipProtocol -1 neither"),
        ({"referencedSecurityGroupId": "sg-0123456789abcdef0"}, r"InvalidGroup.NotFound"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(
    program: Program, inputs: dict[str, str], reason: str
) -> None:
    made = group(program)
    ports = {"securityGroupId": made.id, "ipProtocol": "tcp", "fromPort": 1, "toPort": 2}

    with pytest.raises(Refused, match=reason):
        program.make("SecurityGroupIngressRule", **{**ports, **inputs})


def test_the_same_rule_twice_is_refused(program: Program) -> None:
    rule = {"ipProtocol": "-1", "cidrIpv4": "10.20.0.0/16"}
    made = group(program)
    program.make("SecurityGroupIngressRule", securityGroupId=made.id, **rule)

    with pytest.raises(Refused, match=r"InvalidPermission.Duplicate"):
        program.make("SecurityGroupIngressRule", "again", securityGroupId=made.id, **rule)


def test_a_group_that_another_refers_to_cannot_be_deleted(program: Program) -> None:
    made = group(program)
    other = program.make("SecurityGroup", "other", vpcId=made["vpcId"])
    program.make(
        "SecurityGroupIngressRule",
        securityGroupId=other.id,
        ipProtocol="-1",
        referencedSecurityGroupId=made.id,
    )

    with pytest.raises(Refused, match="DependencyViolation"):
        program.delete(made)


def test_a_group_has_sixty_rules(program: Program) -> None:
    rule = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
    cidrs = [f"52.0.{number}.0/24" for number in range(60)]
    made = group(program, ingress=[{**rule, "cidrBlocks": cidrs}])

    with pytest.raises(Refused, match="RulesPerSecurityGroupLimitExceeded"):
        program.make(
            "SecurityGroupIngressRule",
            securityGroupId=made.id,
            ipProtocol="-1",
            cidrIpv4="10.20.0.0/16",
        )
    with pytest.raises(Refused, match="RulesPerSecurityGroupLimitExceeded"):
        program.make(
            "SecurityGroup",
            "other",
            vpcId=made["vpcId"],
            egress=[{**rule, "cidrBlocks": [*cidrs, "10.0.0.0/8"]}],
        )


def test_a_rule_may_let_in_everybody(program: Program) -> None:
    rule = {"ipProtocol": "tcp", "fromPort": 4143, "toPort": 4143, "cidrIpv4": "0.0.0.0/0"}

    made = program.make("SecurityGroupIngressRule", securityGroupId=group(program).id, **rule)

    assert made["cidrIpv4"] == "0.0.0.0/0"
