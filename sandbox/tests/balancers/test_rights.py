"""What a role's policies allow."""

import json
from typing import Any

import pytest

from sandbox.balancers.rights import Request, Rights, UnknownPolicyError

GROUP = "arn:aws:ec2:eu-west-1:1:security-group/sg-1"


def rights(*statements: dict[str, Any]) -> Rights:
    whole = [{"Effect": "Allow", "Resource": "*", **each} for each in statements]
    return Rights.of([json.dumps({"Statement": whole})])


def test_what_no_statement_allows_is_denied() -> None:
    assert not Rights().allow(Request(action="ec2:DescribeSubnets"))
    assert not rights({"Action": "ec2:DescribeVpcs"}).allow(Request(action="ec2:DescribeSubnets"))


@pytest.mark.parametrize(
    "action", ["ec2:Describe*", "EC2:describesubnets", "*", ["a:B", "ec2:?e*"]]
)
def test_actions_match_with_wildcards_and_in_any_case(action: object) -> None:
    assert rights({"Action": action}).allow(Request(action="ec2:DescribeSubnets"))


def test_a_denial_wins() -> None:
    both = rights({"Action": "ec2:*"}, {"Effect": "Deny", "Action": "ec2:DeleteSecurityGroup"})

    assert both.allow(Request(action="ec2:CreateSecurityGroup"))
    assert not both.allow(Request(action="ec2:DeleteSecurityGroup"))


def test_a_statement_about_other_resources_allows_nothing() -> None:
    here = rights({"Action": "ec2:*", "Resource": "arn:aws:ec2:eu-west-1:*:security-group/*"})

    assert here.allow(Request(action="ec2:CreateTags", resource=GROUP))
    assert not here.allow(Request(action="ec2:CreateTags", resource=GROUP.replace("west", "north")))
    assert not here.allow(Request(action="ec2:DescribeSubnets"))


def test_conditions_on_tags_are_evaluated() -> None:
    own = {"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": "west"}}
    new = {"Null": {"aws:RequestTag/elbv2.k8s.aws/cluster": "true"}}
    some = rights({"Action": "ec2:*", "Condition": {**own, **new}})
    tags = {"elbv2.k8s.aws/cluster": "west"}

    assert some.allow(Request(action="ec2:X", resource_tags=tags))
    assert not some.allow(Request(action="ec2:X", resource_tags={"elbv2.k8s.aws/cluster": "east"}))
    assert not some.allow(Request(action="ec2:X", resource_tags=tags, request_tags=tags))
    assert not some.allow(Request(action="ec2:X"))


def test_tagging_may_be_allowed_only_along_with_creating() -> None:
    condition = {"StringEquals": {"ec2:CreateAction": ["CreateSecurityGroup"]}}
    some = rights({"Action": "ec2:CreateTags", "Condition": condition})

    assert some.allow(Request(action="ec2:CreateTags", create_action="CreateSecurityGroup"))
    assert not some.allow(Request(action="ec2:CreateTags"))


def test_a_condition_that_is_not_evaluated_counts_as_met() -> None:
    condition = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}

    assert rights({"Action": "ec2:X", "Condition": condition}).allow(Request(action="ec2:X"))


def test_what_would_be_evaluated_wrongly_is_refused() -> None:
    with pytest.raises(UnknownPolicyError, match="must not have NotAction"):
        rights({"NotAction": "iam:*"})
    with pytest.raises(
        UnknownPolicyError, match=r"must use Null or StringEquals \(got StringNotLike\)"
    ):
        rights({"Action": "*", "Condition": {"StringNotLike": {"aws:ResourceTag/a": "b"}}}).allow(
            Request(action="ec2:X")
        )
