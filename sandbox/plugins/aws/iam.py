"""
IAM roles, the policies inside of them, and AWS' own policies attached to them.

ministack knows only some of AWS' own policies and attaches any; it takes any document and any size.
"""

from collections.abc import Iterable
from typing import Any

from sandbox.plugins.aws import policy_documents as documents
from sandbox.plugins.aws.cloud import Cloud, invalid
from sandbox.plugins.aws.ec2 import pairs
from sandbox.plugins.aws.resource import TAGS, AwsResource, name_up_to, one_form
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

# AWS' own policies that EKS clusters, nodes and add-ons use and ministack does not know.
# Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
AWS_POLICIES = frozenset(
    f"arn:aws:iam::aws:policy/{name}"
    for name in (
        "AmazonEC2ContainerRegistryPullOnly",
        "service-role/AmazonEBSCSIDriverPolicy",
    )
)


class Role(AwsResource):
    """A role that a service or a pod takes on."""

    schema = Schema(
        required={"assumeRolePolicy": str},
        optional={"name": name_up_to(64), **TAGS},
        replace_on={"name"},
        computed={"arn", "name"},
    )
    policies = ("assumeRolePolicy",)
    in_place = policies
    auto_named = "name"

    def refuse(self, news: Properties) -> None:
        """Refuse what is no trust policy, or too long."""
        policy = news["assumeRolePolicy"]
        if not isinstance(policy, str):
            return
        documents.check("assumeRolePolicy", policy, documents.TRUST, documents.TRUST_LIMIT)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it."""
        name: str = news["name"]
        cloud.call(
            "iam",
            "create_role",
            RoleName=name,
            AssumeRolePolicyDocument=news["assumeRolePolicy"],
            Tags=pairs(news["tagsAll"]),
        )
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        role = find_role(cloud, id)
        if role is None:
            return None
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": one_form(role["AssumeRolePolicyDocument"]),
            "name": role["RoleName"],
            "tagsAll": {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change trust and tags."""
        policy, old, new = news["assumeRolePolicy"], olds["tagsAll"], news["tagsAll"]
        if policy != olds["assumeRolePolicy"]:
            cloud.call("iam", "update_assume_role_policy", RoleName=id, PolicyDocument=policy)
        if removed := [key for key in old if key not in new]:
            cloud.call("iam", "untag_role", RoleName=id, TagKeys=removed)
        if new:
            cloud.call("iam", "tag_role", RoleName=id, Tags=pairs(new))

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless it has policies."""
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


class RolePolicy(AwsResource):
    """A policy inside of one role."""

    schema = Schema(
        required={"role": str, "policy": str},
        optional={"name": name_up_to(128)},
        replace_on={"role", "name"},
        computed={"name"},
    )
    policies = ("policy",)
    in_place = policies
    auto_named = "name"

    def refuse(self, news: Properties) -> None:
        """Refuse documents that AWS refuses."""
        if isinstance(policy := news["policy"], str):
            documents.check("policy", policy, documents.RIGHTS, documents.INLINE_LIMIT)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Put it into its role."""
        self._put(cloud, news["role"], news["name"], news["policy"])
        return f"{news['role']}:{news['name']}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        role, _, name = id.partition(":")
        found = cloud.find("iam", "get_role_policy", RoleName=role, PolicyName=name)
        if found is None:
            return None
        return {"name": name, "policy": one_form(found["PolicyDocument"]), "role": role}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Put another document in its place."""
        role, _, name = id.partition(":")
        self._put(cloud, role, name, news["policy"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take it out of its role."""
        role, _, name = id.partition(":")
        cloud.call("iam", "delete_role_policy", RoleName=role, PolicyName=name)

    def _put(self, cloud: Cloud, role: str, name: str, policy: str) -> None:
        cloud.call("iam", "put_role_policy", RoleName=role, PolicyName=name, PolicyDocument=policy)


def find_role(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a role by its name."""
    found = cloud.find("iam", "get_role", RoleName=name)
    return found and dict(found["Role"])


def attached_policies(cloud: Cloud, name: str) -> list[str]:
    """List the ARNs of a role's policies."""
    answer = cloud.call("iam", "list_attached_role_policies", RoleName=name)
    return [each["PolicyArn"] for each in answer["AttachedPolicies"]]


def role_of_arn(cloud: Cloud, arn: str) -> dict[str, Any] | None:
    """Look for the role that an ARN names."""
    prefix = cloud.arn("iam", "role/", regional=False)
    role = find_role(cloud, arn.rpartition("/")[2]) if arn.startswith(prefix) else None
    return role if role is not None and role["Arn"] == arn else None


def trusts(role: dict[str, Any], service: str, actions: Iterable[str]) -> bool:
    """Tell whether a role lets an AWS service do all the actions of taking it on."""
    found = documents.statements(role["AssumeRolePolicyDocument"])
    trusting = (each for each in found if each["Principal"] == {"Service": service})
    return set(actions) <= {action for each in trusting for action in each["Action"]}


def check_service_role(cloud: Cloud, arn: str, service: str, policies: Iterable[str]) -> None:
    """Refuse a role that a service of EKS could not take on, or that allows too little."""
    role = role_of_arn(cloud, arn)
    if role is None or not trusts(role, service, ["sts:AssumeRole"]):
        raise invalid(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted "
            f"entity is not correct ({service})"
        )
    names = {each.rpartition("/")[2] for each in attached_policies(cloud, role["RoleName"])}
    if missing := [each for each in policies if each not in names]:
        raise invalid(
            "The provided role doesn't have the Amazon EKS Managed Policies associated with it. "
            f"Please ensure the following policies are attached: {', '.join(missing)}"
        )
