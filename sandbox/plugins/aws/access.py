"""
Who may call a cluster's API server.

ministack takes any text as a principal or a policy; AWS does not.
"""

from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.cluster_configuration import configuration_of
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.iam import role_of_arn
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"

# Those for people, of some twenty.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
POLICIES = frozenset(
    f"AmazonEKS{name}Policy"
    for name in ("Admin", "AdminView", "ClusterAdmin", "Edit", "SecretReader", "View")
)


class AccessEntry(AwsResource):
    """An IAM principal that the cluster knows."""

    schema = Schema(
        required={"clusterName": str, "principalArn": str},
        optional={"type": {"STANDARD"}, **TAGS},
        replace_on={"clusterName", "principalArn", "type"},
        computed={"accessEntryArn", "kubernetesGroups", "userName"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the cluster takes entries and the principal exists."""
        cluster, principal = news["clusterName"], news["principalArn"]
        need_cluster(cloud, cluster)
        if configuration_of(cloud, cluster)["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
            raise AwsRefused(
                "InvalidRequestException",
                "The cluster's authentication mode must be set to one of [API, "
                "API_AND_CONFIG_MAP] to perform this operation.",
                operation="EKS: CreateAccessEntry",
            )
        root = cloud.arn("iam", "root", regional=False)
        if principal != root and role_of_arn(cloud, principal) is None:
            raise AwsRefused(
                "InvalidParameterException",
                f"The specified principalArn is invalid: invalid principal. ({principal})",
                operation="EKS: CreateAccessEntry",
            )
        cloud.call(
            "eks",
            "create_access_entry",
            clusterName=cluster,
            principalArn=principal,
            tags=news["tagsAll"],
            type=news.get("type", "STANDARD"),
        )
        return f"{cluster}:{principal}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster, _, principal = id.partition(":")
        found = cloud.find(
            "eks", "describe_access_entry", clusterName=cluster, principalArn=principal
        )
        if found is None:
            return None
        entry = found["accessEntry"]
        return {
            "accessEntryArn": entry["accessEntryArn"],
            "clusterName": cluster,
            "kubernetesGroups": entry["kubernetesGroups"],
            "principalArn": principal,
            "tagsAll": tags_of(cloud, entry["accessEntryArn"]),
            "type": entry["type"],
            "userName": entry["username"] or principal,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        retag(cloud, olds["accessEntryArn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its policies."""
        cluster, _, principal = id.partition(":")
        cloud.call("eks", "delete_access_entry", clusterName=cluster, principalArn=principal)


class AccessPolicyAssociation(AwsResource):
    """
    A set of rights that an entry has.

    Its id does not name the scope, so another scope in its place is the same association: what is
    made before the old one is deleted goes with that one.
    """

    schema = Schema(
        required={
            "accessScope": Schema(
                required={"type": {"cluster", "namespace"}}, optional={"namespaces": [str]}
            ),
            "clusterName": str,
            "policyArn": str,
            "principalArn": str,
        },
        replace_on={"*"},
        computed={"associatedAt", "modifiedAt"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse policies that are none of EKS'; IAM policies are a frequent mistake."""
        arn, scope = news["policyArn"], news["accessScope"]
        if isinstance(arn, str) and arn.removeprefix(POLICY_PREFIX) not in POLICIES:
            raise Refused(
                f"'policyArn' must be an access policy of EKS (got {arn!r}). "
                f"Use: {POLICY_PREFIX}AmazonEKSClusterAdminPolicy",
                "policyArn",
            )
        if not isinstance(scope, dict) or scope["type"] is UNKNOWN:
            return
        if (scope["type"] == "namespace") != bool(scope.get("namespaces")):
            raise Refused(
                "'accessScope.namespaces' must be set for type namespace, and only for it (type: "
                f"{scope['type']}).",
                "accessScope.namespaces",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Give the entry its rights."""
        need_cluster(cloud, news["clusterName"])
        cloud.call("eks", "associate_access_policy", **{name: news[name] for name in news})
        return "#".join(news[name] for name in ("clusterName", "principalArn", "policyArn"))

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it among the entry's policies."""
        cluster, principal, policy = id.split("#")
        for each in associated_policies(cloud, cluster, principal):
            if each["policyArn"] == policy:
                scope = each["accessScope"]
                return {
                    "accessScope": {key: value for key, value in scope.items() if value},
                    "associatedAt": each["associatedAt"].isoformat(),
                    "clusterName": cluster,
                    "modifiedAt": each["modifiedAt"].isoformat(),
                    "policyArn": policy,
                    "principalArn": principal,
                }
        return None

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take the rights away, whatever their scope is."""
        cluster, principal, policy = id.split("#")
        names = {"clusterName": cluster, "principalArn": principal, "policyArn": policy}
        cloud.call("eks", "disassociate_access_policy", **names)


def associated_policies(cloud: Cloud, cluster: str, principal: str) -> list[dict[str, Any]]:
    """List the policies of an entry; none if there is no entry."""
    found = cloud.find(
        "eks", "list_associated_access_policies", clusterName=cluster, principalArn=principal
    )
    return list(found["associatedAccessPolicies"]) if found else []
