"""Security groups and their rules."""

from typing import Any

import pytest

from sandbox.plugins.aws import security_groups
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.programs import Made, Program

RULE: dict[str, Any] = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}


def group(program: Program) -> Made:
    """Make a group in a VPC of its own."""
    vpc = program.make("Vpc", "vpc", cidrBlock="10.10.0.0/16")
    return program.make("SecurityGroup", "group", vpcId=vpc.id)


def rule(program: Program, of: Made, cidr: str, name: str = "rule") -> Made:
    """Let a range in."""
    wanted = {"securityGroupId": of.id, "cidrIpv4": cidr, **RULE}
    return program.make("SecurityGroupIngressRule", name, **wanted)


def test_a_group_is_named_after_its_resource_and_lets_nothing_out(program: Program) -> None:
    made = group(program)

    answer = program.cloud.call("ec2", "describe_security_groups", GroupIds=[made.id])

    assert made["name"].startswith("group-")
    assert len(made["name"]) == len("group-") + 7
    assert answer["SecurityGroups"][0]["IpPermissionsEgress"] == []


def test_a_rule_is_made_changed_and_deleted(program: Program) -> None:
    made = rule(program, group(program), "0.0.0.0/0")

    program.change(made, toPort=444, cidrIpv4="10.20.0.0/16", description="API", tags={"a": "b"})

    assert (made["toPort"], made["cidrIpv4"]) == (444, "10.20.0.0/16")
    assert made["description"] == "API"
    assert made["tagsAll"] == {"environment": "demo", "a": "b"}
    assert program.drift(made) == []
    program.destroy()


def test_an_ipv6_range_can_be_let_in(program: Program) -> None:
    wanted = {"securityGroupId": group(program).id, "cidrIpv6": "2001:db8::/32", **RULE}

    made = program.make("SecurityGroupIngressRule", **wanted)

    assert made["cidrIpv6"] == "2001:db8::/32"
    assert program.drift(made) == []


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"cidrIpv4": "10.0.0.0/8", "cidrIpv6": "2001:db8::/32"}, "exactly one of"),
        ({}, "exactly one of"),
        ({"cidrIpv4": "10.0.0.1/8"}, "has host bits set"),
        ({"cidrIpv4": "10.0.0.0/8", "fromPort": None}, "'fromPort' must be set"),
        ({"cidrIpv4": "10.0.0.0/8", "securityGroupId": "sg-0123456789abcdef0"}, "NotFound"),
    ],
)
def test_a_wrong_rule_is_refused(program: Program, inputs: dict[str, str], reason: str) -> None:
    wanted = {"securityGroupId": group(program).id, **RULE, **inputs}

    program.refuses(reason, "SecurityGroupIngressRule", **wanted)


def test_a_rule_cannot_be_made_or_become_the_same_as_another(program: Program) -> None:
    of = group(program)
    first, second = rule(program, of, "10.98.0.0/16"), rule(program, of, "10.99.0.0/16", "second")

    with pytest.raises(Refused, match=r"Authorize.*InvalidPermission.Duplicate"):
        rule(program, of, "10.98.0.0/16", "third")
    with pytest.raises(Refused, match=rf"Modify.*InvalidPermission.Duplicate.*{second.id}"):
        program.change(first, cidrIpv4="10.99.0.0/16")
    program.change(first, description="itself again")


def test_a_group_that_another_refers_to_cannot_be_deleted(program: Program) -> None:
    made = group(program)
    other = program.make("SecurityGroup", "other", vpcId=made["vpcId"])
    pairs = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": made.id}]}]
    operation = "authorize_security_group_ingress"
    program.cloud.call("ec2", operation, GroupId=other.id, IpPermissions=pairs)

    with pytest.raises(Refused, match="DependencyViolation"):
        program.delete(made)


def test_the_rules_of_a_group_are_limited(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_groups, "RULES_LIMIT", 1)
    of = group(program)
    rule(program, of, "10.98.0.0/16")

    with pytest.raises(Refused, match="RulesPerSecurityGroupLimitExceeded"):
        rule(program, of, "10.99.0.0/16", "second")
