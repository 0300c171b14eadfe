"""
What AWS demands of a policy: its elements, its statements, its size.

A role's trust policy names principals and no resources; a policy of IAM names resources and no
principal. Elements and operators that no component uses are refused, as unknown ones are; what AWS
demands of condition keys is checked in form only.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema

Statement = dict[str, Any]

# White space does not count.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE_LIMIT = 10_240
"""All inline policies of a role together; a role has one here."""

TRUST_LIMIT = 2048

_CONDITION = Schema(optional={key: {"*": object} for key in ("ArnLike", "Null", "StringEquals")})


def _policy(**required: Any) -> Schema:
    shape = {"Effect": {"Allow"}, "Action": [str], **required}
    statement = Schema(required=shape, optional={"Condition": _CONDITION})
    # Without a version AWS takes 2008-10-17, in which variables such as ${aws:username} are text.
    return Schema(required={"Version": {"2012-10-17"}, "Statement": [statement]})


RIGHTS = _policy(Resource=[str])
TRUST = _policy(Principal=Schema(required={"Service": str}))

FORMS = {
    "Action": (re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+"), "service:Action or *"),
    "Resource": (re.compile(r"\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+"), "an ARN or *"),
}


def statements(document: dict[str, Any]) -> list[Any]:
    """Give a policy's statements, with lists where one value may stand for them."""
    return [
        {key: _listed(value) if key in FORMS else value for key, value in each.items()}
        if isinstance(each, dict)
        else each
        for each in _listed(document.get("Statement", []))
    ]


def check(name: str, policy: str, schema: Schema, limit: int) -> None:
    """Refuse what is no such policy, or too long; all that is wrong is said at once."""
    if problems := list(_problems(json.loads(policy), schema)):
        raise Refused(
            f"'{name}' must be a policy of IAM. AWS, or its imitation, would call it "
            "MalformedPolicyDocument:\n" + "\n".join(problems),
            name,
        )
    size = sum(not character.isspace() for character in policy)
    if size > limit:
        raise Refused(
            f"'{name}' must have at most {limit} characters without white space (got {size}). AWS "
            "would call it LimitExceeded",
            name,
        )


def _problems(document: Any, schema: Schema) -> Iterator[str]:
    if not isinstance(document, dict):
        yield "it must be an object (Syntax errors in policy.)"
        return
    found = statements(document)
    try:
        schema.check({**document, "Statement": found})
    except Refused as refused:
        yield from (why for _, why in refused.failures)
        return
    if not found:
        yield "Statement must have one statement or more (Syntax errors in policy.)"
    for number, statement in enumerate(found):
        yield from (f"Statement[{number}].{each}" for each in _form_problems(statement))


def _form_problems(statement: Statement) -> Iterator[str]:
    for name, (form, words) in FORMS.items():
        entries: Sequence[str] = statement.get(name, ["*"])
        if not entries:
            yield f"{name} must not be empty (Policy statement must contain {name.lower()}s.)"
        yield from (
            f"{name} must be {words} (got {each!r})" for each in entries if not form.fullmatch(each)
        )
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if ":" not in key or not values:
                yield f"Condition.{operator}.{key} must be service:key and have values"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
