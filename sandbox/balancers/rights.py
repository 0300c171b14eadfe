"""
What a role's policies allow: a small evaluation of IAM; pure.

An action is allowed if a statement allows it for the resource and under the conditions, and none
denies it. Limits: identity policies only (no boundaries, no organization's policies); conditions on
tags of request and resource and on the creating action are evaluated, every other condition key
counts as met; NotAction, NotResource and policy variables are refused by name.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Statement = Mapping[str, Any]

EVALUATED = ("aws:RequestTag/", "aws:ResourceTag/", "ec2:ResourceTag/")
CREATE_ACTIONS = ("ec2:CreateAction", "elasticloadbalancing:CreateAction")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One action on one resource."""

    action: str
    """Such as ec2:CreateSecurityGroup."""
    resource: str = "*"
    """Its ARN; a star for actions that know no resources, which describing ones do not."""
    request_tags: Mapping[str, str] = field(default_factory=dict)
    resource_tags: Mapping[str, str] = field(default_factory=dict)
    create_action: str | None = None
    """For tagging along with creating: what creates."""


class UnknownPolicyError(Exception):
    """A policy uses what this evaluation does not know."""


@dataclass(frozen=True, kw_only=True)
class Rights:
    """The statements of all policies of a role."""

    statements: Sequence[Statement] = ()

    @classmethod
    def of(cls, documents: Sequence[str]) -> "Rights":
        """Read policy documents."""
        found: list[Statement] = []
        for document in documents:
            statements = json.loads(document)["Statement"]
            found += statements if isinstance(statements, list) else [statements]
        for statement in found:
            for unknown in {"NotAction", "NotResource", "Principal"} & set(statement):
                raise UnknownPolicyError(
                    f"a statement must not have {unknown} (it has). The sandbox does not evaluate "
                    "it. Use: Action and Resource"
                )
        return cls(statements=found)

    def allow(self, request: Request) -> bool:
        """Tell whether a request is allowed."""
        fitting = [each["Effect"] for each in self.statements if _fits(each, request)]
        return "Allow" in fitting and "Deny" not in fitting


def _fits(statement: Statement, request: Request) -> bool:
    return (
        any(_matches(one, request.action, blind=True) for one in _listed(statement["Action"]))
        and any(_matches(one, request.resource) for one in _listed(statement.get("Resource", [])))
        and all(
            _holds(operator, key, _listed(values), request)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, key: str, values: list[str], request: Request) -> bool:
    """Tell whether a condition holds; one about what we do not know counts as met."""
    known, found = _value(key, request)
    if not known:
        return True
    match operator:
        case "Null":
            return (found is None) == (str(values[0]).lower() == "true")
        case "StringEquals":
            return found in values
        case _:
            raise UnknownPolicyError(
                f"a condition on {key} must use Null or StringEquals (got {operator}). The sandbox "
                "does not evaluate others"
            )


def _value(key: str, request: Request) -> tuple[bool, str | None]:
    """Give a condition key's value, after whether it is one that we know."""
    if key in CREATE_ACTIONS:
        return True, request.create_action
    for prefix in EVALUATED:
        if key.lower().startswith(prefix.lower()):
            of_request = prefix == "aws:RequestTag/"
            tags = request.request_tags if of_request else request.resource_tags
            return True, tags.get(key[len(prefix) :])
    return False, None


def _matches(pattern: str, text: str, *, blind: bool = False) -> bool:
    """Match with * and ?, as policies do; actions without regard to case."""
    if "${" in pattern:
        raise UnknownPolicyError(f"a policy must not use variables (got {pattern})")
    shape = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(shape, text, re.IGNORECASE if blind else 0) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
