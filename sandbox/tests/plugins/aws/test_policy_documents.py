"""What is a policy of IAM."""

import json
from typing import Any

import pytest

from sandbox.plugins.aws.policy_documents import INLINE_LIMIT, RIGHTS, TRUST, check
from sandbox.plugins.contract import Refused
from sandbox.tests.plugins.aws.world import trust

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
        policy({**STATEMENT, "Action": ["ec2:Describe*", "*"]}),
        policy({**STATEMENT, "Resource": "arn:aws:ec2:*:*:security-group/*"}),
        policy({**STATEMENT, "Condition": {"Null": {"aws:RequestTag/a": "false"}}}),
        policy({**STATEMENT, "Condition": {"StringEquals": {"a:b": ["c", "d"]}}}),
    ],
)
def test_policies_that_aws_takes_are_taken(text: str) -> None:
    check("policy", text, RIGHTS, INLINE_LIMIT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (policy(Version=None), "'policy.Version' must be set"),
        (policy(Version="2012-10-18"), "Version' must be one of 2012-10-17"),
        (policy(Statements=[]), "Statements' must be a property that"),
        (policy(Statement="all"), r"'policy.Statement\[0\]' must be an object"),
        ("[]", "'policy' must be an object"),
        (policy({**STATEMENT, "Principal": "*"}), r"Statement\[0\].Principal' must be a property"),
        (policy({**STATEMENT, "NotAction": "*"}), r"Statement\[0\].NotAction' must be a property"),
        (policy({**STATEMENT, "Effect": "allow"}), "Effect' must be one of Allow"),
        (policy({**STATEMENT, "Action": "Describe"}), r"Action\[0\]' must be service:Action"),
        (policy({"Effect": "Allow", "Action": "*"}), "Resource' must be set"),
        (policy({**STATEMENT, "Resource": "bucket"}), r"Resource\[0\]' must be an ARN"),
        (policy({**STATEMENT, "Condition": []}), "Condition' must be an object"),
        (policy({**STATEMENT, "Condition": {"Equals": {"a:b": "c"}}}), "Condition.Equals' must be"),
        (
            policy({**STATEMENT, "Condition": {"Null": {"b": "true"}}}),
            "must be conditions on service:key",
        ),
    ],
)
def test_what_is_no_policy_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check("policy", text, RIGHTS, INLINE_LIMIT)


def test_trust_names_a_service_and_no_resource() -> None:
    check("trust", trust("ec2"), TRUST, INLINE_LIMIT)
    with pytest.raises(Refused, match=r"'trust.Statement\[0\].Resource' must be a property that"):
        check("trust", policy(), TRUST, INLINE_LIMIT)


def test_white_space_does_not_count() -> None:
    text = json.dumps(json.loads(policy()), separators=(",", ":"))

    check("policy", policy().replace(" ", "   \n"), RIGHTS, len(text))
    with pytest.raises(Refused, match=f"at most {len(text) - 1} characters.*got {len(text)}"):
        check("policy", policy(), RIGHTS, len(text) - 1)
