"""
What a role's policies allow, by ministack's own evaluation of IAM; pure.

An action is allowed if a statement allows it for the resource and under the conditions, and none
denies it. Limits: identity policies only (no boundaries, no organization's policies). A condition
on anything but tags of request and resource and the creating action is not met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

CREATE_ACTIONS = ("ec2:createaction", "elasticloadbalancing:createaction")


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


def allows(policies: Sequence[str], request: Request) -> bool:
    """Tell whether policy documents allow a request."""
    context = EvalContext(
        principal_arn="",
        principal_type="AssumedRole",
        principal_account="",
        action=request.action,
        resource_arn=request.resource,
        region="",
        request_tags=dict(request.request_tags),
        service_context={
            **dict.fromkeys(CREATE_ACTIONS, request.create_action),
            **{f"aws:resourcetag/{key}".lower(): tag for key, tag in request.resource_tags.items()},
        },
    )
    found = evaluate(context, [parse_policy_document(each) for each in policies])
    return bool(found.decision == "Allow")
