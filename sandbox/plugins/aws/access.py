"""
Who may call a cluster's API server.

ministack takes any text as a principal or a policy; AWS does not.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.cluster_configuration import configuration_of
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.iam import role_of_arn
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import UNKNOWN, Properties, Refused, Schema

POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/"

# Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
POLICIES = frozenset(
    {
        "AmazonAIOpsAssistantPolicy",
        "AmazonEKSACKPolicy",
        "AmazonEKSAdminPolicy",
        "AmazonEKSAdminViewPolicy",
        "AmazonEKSArgoCDClusterPolicy",
        "AmazonEKSArgoCDPolicy",
        "AmazonEKSAutoNodePolicy",
        "AmazonEKSBlockStorageClusterPolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSClusterAdminPolicy",
        "AmazonEKSClusterInsightsPolicy",
        "AmazonEKSComputeClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSEditPolicy",
        "AmazonEKSEventPolicy",
        "AmazonEKSHybridPolicy",
        "AmazonEKSKROPolicy",
        "AmazonEKSLoadBalancingClusterPolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingClusterPolicy",
        "AmazonEKSNetworkingPolicy",
        "AmazonEKSSecretReaderPolicy",
        "AmazonEKSViewPolicy",
    }
)


class AccessEntry(AwsResource):
    """An IAM principal that the cluster knows."""

    schema = Schema(
        required={"clusterName": str, "principalArn": str},
        optional={
            "kubernetesGroups": [str],
            "type": {"EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "STANDARD"},
            "userName": str,
            **TAGS,
            **REGION,
        },
        replace_on={"clusterName", "principalArn", "type"},
        computed={"accessEntryArn", "createdAt", "kubernetesGroups", "modifiedAt", "userName"},
    )
    sets = ("kubernetesGroups",)

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
        if not _exists(cloud, principal):
            raise AwsRefused(
                "InvalidParameterException",
                f"The specified principalArn is invalid: invalid principal. ({principal})",
                operation="EKS: CreateAccessEntry",
            )
        if news.get("kubernetesGroups") and news.get("type", "STANDARD") != "STANDARD":
            raise AwsRefused(
                "InvalidParameterException",
                f"Kubernetes groups must not be set for an access entry of type {news['type']}",
                operation="EKS: CreateAccessEntry",
            )
        if any(group.startswith("system:") for group in news.get("kubernetesGroups", [])):
            raise AwsRefused(
                "InvalidParameterException",
                "The kubernetes group name must not start with system:",
                operation="EKS: CreateAccessEntry",
            )
        names = {"kubernetesGroups": "kubernetesGroups", "type": "type", "userName": "username"}
        cloud.call(
            "eks",
            "create_access_entry",
            clusterName=cluster,
            principalArn=principal,
            tags=news["tagsAll"],
            **given(news, names),
        )
        return f"{cluster}:{principal}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster, _, principal = id.partition(":")
        entry = find_entry(cloud, cluster, principal)
        if entry is None:
            return None
        return {
            "accessEntryArn": entry["accessEntryArn"],
            "clusterName": cluster,
            "createdAt": entry["createdAt"].isoformat(),
            "kubernetesGroups": sorted(entry["kubernetesGroups"]),
            "modifiedAt": entry["modifiedAt"].isoformat(),
            "principalArn": principal,
            "tagsAll": tags_of(cloud, entry["accessEntryArn"]),
            "type": entry["type"],
            "userName": entry["username"] or principal,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change groups, user name and tags."""
        cloud.call(
            "eks",
            "update_access_entry",
            clusterName=news["clusterName"],
            principalArn=news["principalArn"],
            kubernetesGroups=news.get("kubernetesGroups", []),
            **given(news, {"userName": "username"}),
        )
        retag(cloud, olds["accessEntryArn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its policies."""
        cluster, _, principal = id.partition(":")
        cloud.call("eks", "delete_access_entry", clusterName=cluster, principalArn=principal)


class AccessPolicyAssociation(AwsResource):
    """A set of rights that an entry has."""

    schema = Schema(
        required={
            "accessScope": Schema(
                required={"type": {"cluster", "namespace"}}, optional={"namespaces": [str]}
            ),
            "clusterName": str,
            "policyArn": str,
            "principalArn": str,
        },
        optional=REGION,
        replace_on={"*"},
        computed={"associatedAt", "modifiedAt"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse policies that are none of EKS'; IAM policies are a frequent mistake."""
        arn = news["policyArn"]
        if isinstance(arn, str) and arn.removeprefix(POLICY_PREFIX) not in POLICIES:
            raise Refused(
                f"'policyArn' must be an access policy of EKS (got {arn!r}). "
                f"Use: {POLICY_PREFIX}AmazonEKSClusterAdminPolicy",
                "policyArn",
            )
        scope = news["accessScope"]
        if not isinstance(scope, dict) or scope["type"] is UNKNOWN:
            return
        within = scope["type"] == "namespace"
        if within != bool(scope.get("namespaces")):
            raise Refused(
                "'accessScope.namespaces' must be set for type namespace, and only for it (type: "
                f"{scope['type']}).",
                "accessScope.namespaces",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Give the entry its rights, if it is one that can have any."""
        need_cluster(cloud, news["clusterName"])
        entry = find_entry(cloud, news["clusterName"], news["principalArn"])
        if entry is not None and entry["type"] != "STANDARD":
            raise AwsRefused(
                "InvalidRequestException",
                f"The access entry type must be STANDARD to associate a policy (got "
                f"{entry['type']})",
                operation="EKS: AssociateAccessPolicy",
            )
        cloud.call(
            "eks",
            "associate_access_policy",
            clusterName=news["clusterName"],
            principalArn=news["principalArn"],
            policyArn=news["policyArn"],
            accessScope=news["accessScope"],
        )
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
        """Take the rights away."""
        cluster, principal, policy = id.split("#")
        cloud.call(
            "eks",
            "disassociate_access_policy",
            clusterName=cluster,
            principalArn=principal,
            policyArn=policy,
        )


def find_entry(cloud: Cloud, cluster: str, principal: str) -> dict[str, Any] | None:
    """Look for a principal's entry."""
    try:
        answer = cloud.call(
            "eks", "describe_access_entry", clusterName=cluster, principalArn=principal
        )
    except AwsRefused as refused:
        if refused.means_gone:
            return None
        raise
    entry: dict[str, Any] = answer["accessEntry"]
    return entry


def associated_policies(cloud: Cloud, cluster: str, principal: str) -> list[dict[str, Any]]:
    """List the policies of an entry; none if there is no entry."""
    try:
        answer = cloud.call(
            "eks", "list_associated_access_policies", clusterName=cluster, principalArn=principal
        )
    except AwsRefused as refused:
        if refused.means_gone:
            return []
        raise
    return list(answer["associatedAccessPolicies"])


def _exists(cloud: Cloud, principal: str) -> bool:
    """Tell whether a principal is of this account and exists."""
    root = cloud.arn("iam", "root", regional=False)
    if principal == root:
        return True
    users = cloud.arn("iam", "user/", regional=False)
    if principal.startswith(users):
        try:
            cloud.call("iam", "get_user", UserName=principal.rpartition("/")[2])
        except AwsRefused as refused:
            if refused.means_gone:
                return False
            raise
        return True
    return role_of_arn(cloud, principal) is not None
