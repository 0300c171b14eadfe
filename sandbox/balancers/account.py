"""
AWS as the controller's role sees it: each call is checked against the role's policies first.

ministack checks no rights. What AWS itself does meanwhile, such as interfaces of a balancer, is
called on `cloud` directly, without rights.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from sandbox.balancers.rights import Request, allows
from sandbox.plugins.aws.cloud import Answer, Cloud
from sandbox.plugins.aws.ec2 import pairs

NAMES = {"ec2": "EC2", "elbv2": "Elastic Load Balancing v2"}
PREFIXES = {"ec2": "ec2", "elbv2": "elasticloadbalancing"}

TAGGING = {"ec2": "create_tags", "elbv2": "add_tags"}
UNTAGGING = {"ec2": "delete_tags", "elbv2": "remove_tags"}


class DeniedError(Exception):
    """No policy of the role allows an action."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One region of the account, as one role."""

    cloud: Cloud
    policies: Sequence[str]
    """Documents of the role's policies."""
    session: str
    """ARN of the session in which the pod took on the role."""

    def call(
        self,
        service: str,
        operation: str,
        *,
        on: str = "*",
        has: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Answer:
        """Call an operation on a resource, by ARN, that has some tags and gets others."""
        asked = Request(
            action=_action(operation),
            resource=on,
            resource_tags=has or {},
            request_tags=tags or {},
        )
        self.need(service, asked)
        return self.cloud.call(service, operation, **parameters)

    def create(
        self,
        service: str,
        operation: str,
        *,
        on: str,
        tags: Mapping[str, str],
        inside: str | None = None,
        has: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Answer:
        """
        Call an operation that makes a resource with tags, which takes the right to tag too.

        What is made `inside` of another resource, with tags, is a matter of that one's ARN.
        """
        action = _action(operation)
        making = Request(
            action=action, resource=inside or on, request_tags=tags, resource_tags=has or {}
        )
        self.need(service, making)
        tagging = Request(
            action=_action(TAGGING[service]), resource=on, request_tags=tags, create_action=action
        )
        self.need(service, tagging)
        return self.cloud.call(service, operation, **parameters)

    def need(self, service: str, request: Request) -> None:
        """Refuse what the role may not do, in AWS' words."""
        action = f"{PREFIXES[service]}:{request.action}"
        if allows(self.policies, replace(request, action=action)):
            return
        where = "" if request.resource == "*" else f" on resource: {request.resource}"
        code, hint = "AccessDenied", ""
        if service == "ec2":
            code = "UnauthorizedOperation"
            hint = "You are not authorized to perform this operation. "
        raise DeniedError(
            f"operation error {NAMES[service]}: {request.action}, https response error "
            f"StatusCode: 403, api error {code}: {hint}User: {self.session} is not authorized to "
            f"perform: {action}{where} because no identity-based policy allows the {action} action"
        )

    def retag(
        self, service: str, arn: str, id: str, there: Mapping[str, str], wanted: Mapping[str, str]
    ) -> None:
        """Bring the tags of a thing from what they are to what they should be."""
        changed = {key: value for key, value in wanted.items() if there.get(key) != value}
        gone = [key for key in there if key not in wanted]
        on: Answer = {"Resources": [id]} if service == "ec2" else {"ResourceArns": [id]}
        if changed:
            added = {"Tags": pairs(changed), **on}
            self.call(service, TAGGING[service], on=arn, has=there, tags=changed, **added)
        if gone:
            keys: Answer = (
                {"Tags": [{"Key": key} for key in gone]} if service == "ec2" else {"TagKeys": gone}
            )
            self.call(service, UNTAGGING[service], on=arn, has=there, **keys, **on)

    def balancing_arn(self, rest: str) -> str:
        """Make an ARN of Elastic Load Balancing."""
        return self.cloud.arn("elasticloadbalancing", rest)

    def ec2_arn(self, kind: str, id: str) -> str:
        """Make an ARN of EC2."""
        return self.cloud.arn("ec2", f"{kind}/{id}")


def _action(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


def network_arn(arn: str) -> str:
    """Give the ARN that policies speak of; the emulation calls every balancer an application's."""
    return arn.replace("/app/", "/net/")


def policies(cloud: Cloud, role: str) -> Iterator[str]:
    """Give the documents of a role's policies, inline and attached."""
    for name in cloud.call("iam", "list_role_policies", RoleName=role)["PolicyNames"]:
        found = cloud.call("iam", "get_role_policy", RoleName=role, PolicyName=name)
        yield _text(found["PolicyDocument"])
    attached = cloud.call("iam", "list_attached_role_policies", RoleName=role)
    for each in attached["AttachedPolicies"]:
        arn = each["PolicyArn"]
        version = cloud.call("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = cloud.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        yield _text(found["PolicyVersion"]["Document"])


def _text(document: Any) -> str:
    return unquote(document) if isinstance(document, str) else json.dumps(document)
