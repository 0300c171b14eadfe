"""
What AWS demands of a policy: its elements, its statements, its size.

A role's trust policy names principals and no resources; a policy of IAM names resources and no
principal. Elements and operators that no component uses are refused, as unknown ones are; what AWS
demands of condition keys is checked in form only.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from typing import Any

from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema, Text

# White space does not count.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE_LIMIT = 10_240
"""All inline policies of a role together; a role has one here."""

TRUST_LIMIT = 2048

ACTION = Text(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+", "service:Action or *")
RESOURCE = Text(r"\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", "an ARN or *")
KEY = Text(".+:.+", "conditions on service:key")

OPERATORS = {name: {KEY: object} for name in ("ArnLike", "Null", "StringEquals")}


def _policy(**required: Any) -> Schema:
    shape = {"Effect": {"Allow"}, "Action": [ACTION], **required}
    statement = Schema(required=shape, optional={"Condition": Schema(optional=OPERATORS)})
    # Without a version AWS takes 2008-10-17, in which variables such as ${aws:username} are text.
    return Schema(required={"Version": {"2012-10-17"}, "Statement": [statement]})


RIGHTS = _policy(Resource=[RESOURCE])
TRUST = _policy(Principal=Schema(required={"Service": str}))


def statements(document: dict[str, Any]) -> list[Any]:
    """Give a policy's statements, with lists where one value may stand for them."""
    return [
        {
            key: _listed(value) if key in ("Action", "Resource") else value
            for key, value in each.items()
        }
        if isinstance(each, dict)
        else each
        for each in _listed(document.get("Statement", []))
    ]


def check(name: str, policy: str, schema: Schema, limit: int) -> None:
    """Refuse what is no such policy, or too long; all that is wrong is said at once."""
    document = json.loads(policy)
    if isinstance(document, dict):
        document["Statement"] = statements(document)
    Schema(required={name: schema}).check({name: document})
    size = sum(not character.isspace() for character in policy)
    if size > limit:
        raise Refused(
            f"'{name}' must have at most {limit} characters without white space (got {size}). AWS "
            "would call it LimitExceeded",
            name,
        )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
