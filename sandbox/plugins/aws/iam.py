"""
IAM roles and the policies attached to them.

ministack knows only some of AWS' own policies and attaches any; here an attached policy must exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.policy_documents import TRUST_LIMIT, listed, size, statements
from sandbox.plugins.aws.resource import TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

# AWS' own policies that EKS clusters, nodes and add-ons use and ministack does not know.
# Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
AWS_POLICIES = frozenset(
    f"arn:aws:iam::aws:policy/{name}"
    for name in (
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
        "AmazonEKSVPCResourceController",
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonPrometheusRemoteWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "service-role/AmazonEBSCSIDriverPolicy",
        "service-role/AmazonEBSCSIDriverPolicyV2",
        "service-role/AmazonEFSCSIDriverPolicy",
    )
)


class Role(AwsResource):
    """A role that a service or a pod takes on."""

    schema = Schema(
        required={"assumeRolePolicy": str},
        optional={
            "name": str,
            "namePrefix": str,
            "path": str,
            "description": str,
            "maxSessionDuration": int,
            "forceDetachPolicies": bool,
            **TAGS,
        },
        replace_on={"name", "namePrefix", "path"},
        computed={"arn", "createDate", "name", "uniqueId"},
    )
    policies = ("assumeRolePolicy",)
    auto_named = "name"
    prefix_property = "namePrefix"

    def refuse(self, news: Properties) -> None:
        """Refuse a trust policy without statements."""
        if isinstance(policy := news["assumeRolePolicy"], str):
            for statement in statements(policy):
                missing = {"Effect", "Principal", "Action"} - set(statement)
                if missing:
                    raise Refused(
                        "each statement of 'assumeRolePolicy' must have Effect, Principal and "
                        f"Action (missing: {', '.join(sorted(missing))}). AWS would call it "
                        "MalformedPolicyDocument.",
                        "assumeRolePolicy",
                    )
            if size(policy) > TRUST_LIMIT:
                raise Refused(
                    f"'assumeRolePolicy' must have at most {TRUST_LIMIT} characters without white "
                    f"space (got {size(policy)}). AWS: Cannot exceed quota for ACLSizePerRole: "
                    f"{TRUST_LIMIT}",
                    "assumeRolePolicy",
                )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it."""
        name = self.physical_name(news, limit=64)
        names = {
            "description": "Description",
            "maxSessionDuration": "MaxSessionDuration",
            "path": "Path",
        }
        cloud.call(
            "iam",
            "create_role",
            RoleName=name,
            AssumeRolePolicyDocument=news["assumeRolePolicy"],
            Tags=pairs(news["tagsAll"]),
            **given(news, names),
        )
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        role = find_role(cloud, id)
        if role is None:
            return None
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(
                role["AssumeRolePolicyDocument"], sort_keys=True, separators=(",", ":")
            ),
            "createDate": role["CreateDate"].isoformat(),
            "description": role.get("Description") or None,
            "maxSessionDuration": role["MaxSessionDuration"],
            "name": role["RoleName"],
            "path": role["Path"],
            "tagsAll": {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
            "uniqueId": role["RoleId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change trust, description, duration and tags."""
        if news["assumeRolePolicy"] != olds["assumeRolePolicy"]:
            cloud.call(
                "iam",
                "update_assume_role_policy",
                RoleName=id,
                PolicyDocument=news["assumeRolePolicy"],
            )
        cloud.call(
            "iam",
            "update_role",
            RoleName=id,
            Description=news.get("description", ""),
            MaxSessionDuration=news.get("maxSessionDuration", 3600),
        )
        old, new = olds["tagsAll"], news["tagsAll"]
        if removed := [key for key in old if key not in new]:
            cloud.call("iam", "untag_role", RoleName=id, TagKeys=removed)
        if new:
            cloud.call("iam", "tag_role", RoleName=id, Tags=pairs(new))

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless it has policies."""
        if olds.get("forceDetachPolicies"):
            for arn in attached_policies(cloud, id):
                cloud.call("iam", "detach_role_policy", RoleName=id, PolicyArn=arn)
            for name in inline_policies(cloud, id):
                cloud.call("iam", "delete_role_policy", RoleName=id, PolicyName=name)
        cloud.call("iam", "delete_role", RoleName=id)


class RolePolicyAttachment(AwsResource):
    """A policy that a role has."""

    schema = Schema(required={"role": str, "policyArn": str}, replace_on={"role", "policyArn"})

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Attach it, if both exist."""
        arn = news["policyArn"]
        if arn not in AWS_POLICIES:
            cloud.call("iam", "get_policy", PolicyArn=arn)
        cloud.call("iam", "attach_role_policy", RoleName=news["role"], PolicyArn=arn)
        return f"{news['role']}/{arn}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look whether it is attached."""
        role, _, arn = id.partition("/")
        if find_role(cloud, role) is None or arn not in attached_policies(cloud, role):
            return None
        return {"role": role, "policyArn": arn}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Detach it."""
        cloud.call("iam", "detach_role_policy", RoleName=olds["role"], PolicyArn=olds["policyArn"])


def find_role(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a role by its name."""
    try:
        role: dict[str, Any] = cloud.call("iam", "get_role", RoleName=name)["Role"]
    except AwsRefused as refused:
        if refused.means_gone:
            return None
        raise
    document = role["AssumeRolePolicyDocument"]
    if isinstance(document, str):
        role["AssumeRolePolicyDocument"] = json.loads(unquote(document))
    return role


def attached_policies(cloud: Cloud, name: str) -> list[str]:
    """List the ARNs of a role's policies."""
    answer = cloud.call("iam", "list_attached_role_policies", RoleName=name)
    return [each["PolicyArn"] for each in answer["AttachedPolicies"]]


def role_of_arn(cloud: Cloud, arn: str) -> dict[str, Any] | None:
    """Look for the role that an ARN names."""
    prefix = cloud.arn("iam", "role/", regional=False)
    if not arn.startswith(prefix):
        return None
    role = find_role(cloud, arn.rpartition("/")[2])
    return role if role is not None and role["Arn"] == arn else None


def trusts(role: dict[str, Any], service: str, actions: Iterable[str]) -> bool:
    """Tell whether a role lets an AWS service do all the actions of taking it on."""
    allowed: set[str] = set()
    for statement in statements(json.dumps(role["AssumeRolePolicyDocument"])):
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and service in listed(services):
            allowed |= set(listed(statement.get("Action", [])))
    return "sts:*" in allowed or "*" in allowed or set(actions) <= allowed


def inline_policies(cloud: Cloud, name: str) -> dict[str, str]:
    """Give the policies inside of a role, by their names."""
    found = {}
    for policy in cloud.call("iam", "list_role_policies", RoleName=name)["PolicyNames"]:
        answer = cloud.call("iam", "get_role_policy", RoleName=name, PolicyName=policy)
        document = answer["PolicyDocument"]
        found[policy] = document if isinstance(document, str) else json.dumps(document)
    return found


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    """Write tags as IAM takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
