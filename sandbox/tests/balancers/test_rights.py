"""What a role's policies allow."""

import json
from typing import Any

import pytest

from sandbox.balancers.rights import Request, allows

GROUP = "arn:aws:ec2:eu-west-1:1:security-group/sg-1"


def policy(*statements: dict[str, Any]) -> str:
    whole = [{"Effect": "Allow", "Resource": "*", **each} for each in statements]
    return json.dumps({"Statement": whole})


TAG = "elbv2.k8s.aws/cluster"
HERE = {"Action": "ec2:*", "Resource": "arn:aws:ec2:eu-west-1:*:security-group/*"}
OWN = {
    "Action": "ec2:*",
    "Condition": {
        "StringEquals": {f"aws:ResourceTag/{TAG}": "west"},
        "Null": {f"aws:RequestTag/{TAG}": "true"},
    },
}
ALONG = {
    "Action": "ec2:CreateTags",
    "Condition": {"StringEquals": {"ec2:CreateAction": ["CreateSecurityGroup"]}},
}
ELSEWHERE = {"Action": "ec2:X", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}


@pytest.mark.parametrize(
    ("statement", "action", "more", "allowed"),
    [
        ({"Action": "ec2:DescribeVpcs"}, "ec2:DescribeSubnets", {}, False),
        ({"Action": "ec2:Describe*"}, "ec2:DescribeSubnets", {}, True),
        ({"Action": "EC2:describesubnets"}, "ec2:DescribeSubnets", {}, True),
        ({"Action": ["a:B", "ec2:?e*"]}, "ec2:DescribeSubnets", {}, True),
        (HERE, "ec2:CreateTags", {"resource": GROUP}, True),
        (HERE, "ec2:CreateTags", {"resource": GROUP.replace("west", "north")}, False),
        (HERE, "ec2:DescribeSubnets", {}, False),
        (OWN, "ec2:X", {"resource_tags": {TAG: "west"}}, True),
        (OWN, "ec2:X", {"resource_tags": {TAG: "east"}}, False),
        (OWN, "ec2:X", {"resource_tags": {TAG: "west"}, "request_tags": {TAG: "west"}}, False),
        (OWN, "ec2:X", {}, False),
        (ALONG, "ec2:CreateTags", {"create_action": "CreateSecurityGroup"}, True),
        (ALONG, "ec2:CreateTags", {}, False),
        (ELSEWHERE, "ec2:X", {}, False),  # nor is any other condition on what is not known here
    ],
)
def test_a_statement_allows_actions_on_resources_under_conditions(
    statement: dict[str, Any], action: str, more: dict[str, Any], allowed: bool
) -> None:
    assert allows([policy(statement)], Request(action=action, **more)) is allowed


def test_a_denial_wins() -> None:
    both = [
        policy({"Action": "ec2:*"}),
        policy({"Effect": "Deny", "Action": "ec2:DeleteSecurityGroup"}),
    ]

    assert allows(both, Request(action="ec2:CreateSecurityGroup"))
    assert not allows(both, Request(action="ec2:DeleteSecurityGroup"))
