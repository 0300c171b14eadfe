"""
What AWS demands of a policy: its elements, its statements, its size.

A role's trust policy names principals and no resources; a policy of IAM names resources and no
principal. Conditions are checked in form only. The words in brackets are AWS' own.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.plugins.contract import Refused

Statement = dict[str, Any]

VERSIONS = ("2012-10-17", "2008-10-17")

# White space does not count.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE_LIMIT = 10_240
"""All inline policies of a role together."""

TRUST_LIMIT = 2048

ELEMENTS = {
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
PRINCIPALS = {"Principal", "NotPrincipal"}

SID = re.compile(r"[A-Za-z0-9]*")
ACTION = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
RESOURCE = re.compile(r"\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")

# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS = (
    "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike "
    "StringNotLike NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals "
    "NumericGreaterThan NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan "
    "DateLessThanEquals DateGreaterThan DateGreaterThanEquals Bool BinaryEquals IpAddress "
    "NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike"
)
OPERATORS = {*_OPERATORS.split()}


def statements(policy: str) -> list[Statement]:
    """Give a policy's statements, of which there must be one."""
    document = json.loads(policy)
    found = document.get("Statement") if isinstance(document, dict) else None
    if not found:
        raise Refused("a policy must have a Statement (it has none). AWS: MalformedPolicyDocument")
    return found if isinstance(found, list) else [found]


def listed(value: Any) -> list[Any]:
    """Give a list where one value may stand for it."""
    return value if isinstance(value, list) else [value]


def size(policy: str) -> int:
    """Count the characters that count."""
    return sum(not character.isspace() for character in policy)


def check_policy(name: str, policy: str) -> None:
    """Refuse what is no policy of IAM; all that is wrong is said at once."""
    problems = list(_problems(policy))
    if problems:
        raise Refused(
            f"'{name}' must be a policy of IAM. AWS would call it MalformedPolicyDocument:\n"
            + "\n".join(problems),
            name,
        )


def _problems(policy: str) -> Iterator[str]:
    document = json.loads(policy)
    if not isinstance(document, dict):
        yield "it must be an object (Syntax errors in policy.)"
        return
    if unknown := sorted(set(document) - {"Version", "Id", "Statement"}):
        yield f"{', '.join(unknown)}: no such element (Syntax errors in policy.)"
    if document.get("Version") not in VERSIONS:
        # Without one AWS takes 2008-10-17, in which variables such as ${aws:username} are text.
        yield f"Version must be {VERSIONS[0]} (got {document.get('Version')!r})"
    found = document.get("Statement")
    if not found or not all(isinstance(each, dict) for each in listed(found)):
        yield "Statement must have one statement or more (Syntax errors in policy.)"
        return
    names = [each["Sid"] for each in listed(found) if each.get("Sid")]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Sid {name} must be unique (Statement IDs (SID) in a single policy must be unique.)"
    for number, statement in enumerate(listed(found)):
        where = statement.get("Sid") or f"Statement {number}"
        yield from (f"{where}: {each}" for each in _statement_problems(statement))


def _statement_problems(statement: Statement) -> Iterator[str]:
    if PRINCIPALS & set(statement):
        yield "it must name no principal (Policy document should not specify a principal.)"
    if unknown := sorted(set(statement) - ELEMENTS - PRINCIPALS):
        yield f"{', '.join(unknown)}: no such element (Syntax errors in policy.)"
    if not isinstance(sid := statement.get("Sid", ""), str) or not SID.fullmatch(sid):
        yield "Sid must have letters and digits only (Statement IDs (SID) must be alpha-numeric.)"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"Effect must be Allow or Deny (got {statement.get('Effect')!r})"
    yield from _entries(statement, "Action", ACTION, "service:Action or *")
    yield from _entries(statement, "Resource", RESOURCE, "an ARN or *")
    yield from _condition_problems(statement.get("Condition", {}))


def _entries(statement: Statement, name: str, form: re.Pattern[str], words: str) -> Iterator[str]:
    present = [each for each in (name, f"Not{name}") if each in statement]
    if len(present) != 1:
        what = name.lower()
        yield f"{name} or Not{name} must be set (Policy statement must contain {what}s.)"
        return
    entries = listed(statement[present[0]])
    if not entries:
        yield f"{present[0]} must not be empty (Policy statement must contain {name.lower()}s.)"
    for each in entries:
        if not isinstance(each, str) or not form.fullmatch(each):
            yield f"{present[0]} must be {words} (got {each!r})"


def _condition_problems(condition: Any) -> Iterator[str]:
    if not isinstance(condition, dict):
        yield "Condition must be an object (Syntax errors in policy.)"
        return
    for operator, keys in condition.items():
        plain = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:")
        if plain != "Null" and plain.removesuffix("IfExists") not in OPERATORS:
            yield f"Condition: no such operator: {operator} (Invalid Condition type : {operator}.)"
        elif not isinstance(keys, dict) or not keys:
            yield f"Condition.{operator} must have keys (Syntax errors in policy.)"
        else:
            yield from _key_problems(operator, keys)


def _key_problems(operator: str, keys: dict[str, Any]) -> Iterator[str]:
    for key, values in keys.items():
        if ":" not in key:
            words = "Conditions must be prefaced by a vendor"
            yield f"Condition key {key} must be service:key ({words})"
        if not listed(values) or not all(
            isinstance(each, str | bool | int) for each in listed(values)
        ):
            yield f"Condition.{operator}.{key} must have values (Syntax errors in policy.)"
