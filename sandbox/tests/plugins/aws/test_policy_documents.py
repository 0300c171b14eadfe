"""What is a policy of IAM."""

import json
from typing import Any

import pytest

from sandbox.plugins.aws.policy_documents import check_policy, size
from sandbox.plugins.contract import Refused

STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}


def policy(*statements: dict[str, Any], **elements: Any) -> str:
    """Write a policy."""
    given = {"Version": "2012-10-17", "Statement": list(statements) or [STATEMENT], **elements}
    return json.dumps({key: value for key, value in given.items() if value is not None})


@pytest.mark.parametrize(
    "text",
    [
        policy(),
        policy(Statement=STATEMENT),
        policy({**STATEMENT, "Sid": "Read1", "Action": ["ec2:Describe*", "*"]}),
        policy({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::bucket/*"}),
        policy({**STATEMENT, "Resource": "arn:aws:ec2:*:*:security-group/*"}),
        policy({**STATEMENT, "Condition": {"Null": {"aws:RequestTag/a": "false"}}}),
        policy({**STATEMENT, "Condition": {"ForAllValues:StringLikeIfExists": {"a:b": ["c"]}}}),
    ],
)
def test_policies_that_aws_takes_are_taken(text: str) -> None:
    check_policy("policy", text)


WRONG: list[tuple[str, str]] = [
    (policy(Version=None), r"Version must be 2012-10-17 \(got None\)"),
    (policy(Version="2012-10-18"), "Version must be 2012-10-17"),
    (policy(Statements=[]), "Statements: no such element"),
    (policy(Statement=[]), "Statement must have one statement or more"),
    ("[]", "it must be an object"),
    (policy({**STATEMENT, "Principal": "*"}), "should not specify a principal"),
    (policy({**STATEMENT, "Actions": "*"}), "Actions: no such element"),
    (policy({**STATEMENT, "Sid": "read-1"}), "alpha-numeric"),
    (policy({**STATEMENT, "Sid": "A"}, {**STATEMENT, "Sid": "A"}), "Sid A must be unique"),
    (policy({**STATEMENT, "Effect": "allow"}), "Effect must be Allow or Deny"),
    (policy({**STATEMENT, "Action": "Describe"}), "Action must be service:Action"),
    (policy({**STATEMENT, "Action": []}), "Policy statement must contain actions"),
    (policy({**STATEMENT, "NotAction": "*"}), "Policy statement must contain actions"),
    (policy({"Effect": "Allow", "Action": "*"}), "Policy statement must contain resources"),
    (policy({**STATEMENT, "Resource": "bucket"}), "Resource must be an ARN"),
    (policy({**STATEMENT, "Condition": []}), "Condition must be an object"),
    (policy({**STATEMENT, "Condition": {"Equals": {"a:b": "c"}}}), "no such operator: Equals"),
    (policy({**STATEMENT, "Condition": {"Bool": {}}}), "Condition.Bool must have keys"),
    (policy({**STATEMENT, "Condition": {"Bool": {"b": "true"}}}), "key b must be service:key"),
    (policy({**STATEMENT, "Condition": {"Bool": {"a:b": []}}}), "must have values"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_what_is_no_policy_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check_policy("policy", text)


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = policy({**STATEMENT, "Sid": "A", "Effect": "No"}, {**STATEMENT, "Resource": "no"})

    with pytest.raises(Refused) as refused:
        check_policy("policy", text)

    assert "A: Effect" in str(refused.value)
    assert "Statement 1: Resource" in str(refused.value)


def test_white_space_does_not_count() -> None:
    assert size(' {"a": \n "b"} ') == len('{"a":"b"}')
