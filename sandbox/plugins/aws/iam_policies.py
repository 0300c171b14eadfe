"""
Policies of the account's own: customer managed ones, and those inside of a role.

ministack takes any document with statements and keeps any size; AWS does neither.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from sandbox.plugins.aws import policy_documents as documents
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import inline_policies, pairs
from sandbox.plugins.aws.resource import TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
PATH = re.compile(r"/|/[!-~]*/")
VERSIONS_LIMIT = 5


class Policy(AwsResource):
    """A policy that roles can share; each change is a new version of it."""

    schema = Schema(
        required={"policy": str},
        optional={"name": str, "namePrefix": str, "path": str, "description": str, **TAGS},
        replace_on={"name", "namePrefix", "path", "description"},
        computed={"arn", "attachmentCount", "name", "policyId"},
    )
    policies = ("policy",)
    auto_named = "name"
    prefix_property = "namePrefix"

    def refuse(self, news: Properties) -> None:
        """Refuse names, paths and documents that AWS refuses."""
        _check(news)
        path = news.get("path")
        if isinstance(path, str) and not PATH.fullmatch(path):
            raise Refused(f"'path' must begin and end with / (got {path!r}). Use: /eks/", "path")

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its first version."""
        _check_size(news["policy"], "CreatePolicy")
        made = cloud.call(
            "iam",
            "create_policy",
            PolicyName=self.physical_name(news, limit=128),
            PolicyDocument=news["policy"],
            Tags=pairs(news["tagsAll"]),
            **given(news, {"path": "Path", "description": "Description"}),
        )
        arn: str = made["Policy"]["Arn"]
        return arn

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it as its default version says."""
        try:
            policy = cloud.call("iam", "get_policy", PolicyArn=id)["Policy"]
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise
        version = cloud.call(
            "iam", "get_policy_version", PolicyArn=id, VersionId=policy["DefaultVersionId"]
        )["PolicyVersion"]
        tags = cloud.call("iam", "list_policy_tags", PolicyArn=id)["Tags"]
        return {
            "arn": id,
            "attachmentCount": policy["AttachmentCount"],
            "description": policy.get("Description") or None,
            "name": policy["PolicyName"],
            "path": policy["Path"],
            "policy": _one_form(version["Document"]),
            "policyId": policy["PolicyId"],
            "tagsAll": {tag["Key"]: tag["Value"] for tag in tags},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Make another default version, forgetting the oldest if there are five; change tags."""
        if news["policy"] != olds["policy"]:
            _check_size(news["policy"], "CreatePolicyVersion")
            others = _other_versions(cloud, id)
            if len(others) + 1 >= VERSIONS_LIMIT:
                self._drop(cloud, id, min(others, key=lambda version: int(version[1:])))
            cloud.call(
                "iam",
                "create_policy_version",
                PolicyArn=id,
                PolicyDocument=news["policy"],
                SetAsDefault=True,
            )
        old, new = olds["tagsAll"], news["tagsAll"]
        if removed := [key for key in old if key not in new]:
            cloud.call("iam", "untag_policy", PolicyArn=id, TagKeys=removed)
        if new and new != old:
            cloud.call("iam", "tag_policy", PolicyArn=id, Tags=pairs(new))

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its versions, unless something has it."""
        for version in _other_versions(cloud, id):
            self._drop(cloud, id, version)
        cloud.call("iam", "delete_policy", PolicyArn=id)

    def _drop(self, cloud: Cloud, id: str, version: str) -> None:
        cloud.call("iam", "delete_policy_version", PolicyArn=id, VersionId=version)


class RolePolicy(AwsResource):
    """A policy inside of one role."""

    schema = Schema(
        required={"role": str, "policy": str},
        optional={"name": str, "namePrefix": str},
        replace_on={"role", "name", "namePrefix"},
        computed={"name"},
    )
    policies = ("policy",)
    auto_named = "name"
    prefix_property = "namePrefix"

    def refuse(self, news: Properties) -> None:
        """Refuse names and documents that AWS refuses."""
        _check(news)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Put it into its role."""
        name = self.physical_name(news, limit=128)
        self._put(cloud, news["role"], name, news["policy"])
        return f"{news['role']}:{name}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        role, _, name = id.partition(":")
        try:
            found = cloud.call("iam", "get_role_policy", RoleName=role, PolicyName=name)
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise
        return {"name": name, "policy": _one_form(found["PolicyDocument"]), "role": role}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Put another document in its place."""
        role, _, name = id.partition(":")
        self._put(cloud, role, name, news["policy"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take it out of its role."""
        role, _, name = id.partition(":")
        cloud.call("iam", "delete_role_policy", RoleName=role, PolicyName=name)

    def _put(self, cloud: Cloud, role: str, name: str, policy: str) -> None:
        others = (each for other, each in inline_policies(cloud, role).items() if other != name)
        if documents.size(policy) + sum(map(documents.size, others)) > documents.INLINE_LIMIT:
            raise AwsRefused(
                "LimitExceeded",
                f"Maximum policy size of {documents.INLINE_LIMIT} bytes exceeded for role {role}",
                operation="IAM: PutRolePolicy",
            )
        cloud.call("iam", "put_role_policy", RoleName=role, PolicyName=name, PolicyDocument=policy)


def _check(news: Properties) -> None:
    name = news.get("name")
    if isinstance(name, str) and not NAME.fullmatch(name):
        raise Refused(
            f"'name' must have letters, digits and +=,.@-_ only (got {name!r}).",
            "name",
        )
    if isinstance(policy := news["policy"], str):
        documents.check_policy("policy", policy)


def _check_size(policy: str, operation: str) -> None:
    if documents.size(policy) > documents.MANAGED_LIMIT:
        raise AwsRefused(
            "LimitExceeded",
            f"Cannot exceed quota for PolicySize: {documents.MANAGED_LIMIT}",
            operation=f"IAM: {operation}",
        )


def _other_versions(cloud: Cloud, arn: str) -> list[str]:
    versions = cloud.call("iam", "list_policy_versions", PolicyArn=arn)["Versions"]
    return [each["VersionId"] for each in versions if not each["IsDefaultVersion"]]


def _one_form(document: Any) -> str:
    if isinstance(document, str):
        document = json.loads(unquote(document))
    return json.dumps(document, sort_keys=True, separators=(",", ":"))
