"""
Who may call a cluster's API server.

ministack takes any text as a principal or a policy; AWS does not.
"""

from sandbox.plugins.aws.cloud import Cloud, invalid
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.iam import role_of_arn
from sandbox.plugins.aws.resource import TAGS, AwsResource, retag, tags_of
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

# Those for people, of some twenty.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
POLICIES = frozenset(
    f"arn:aws:eks::aws:cluster-access-policy/AmazonEKS{name}Policy"
    for name in ("Admin", "AdminView", "ClusterAdmin", "Edit", "SecretReader", "View")
)


class AccessEntry(AwsResource):
    """An IAM principal that the cluster knows."""

    schema = Schema(
        required={"clusterName": str, "principalArn": str, "type": {"STANDARD"}},
        optional=TAGS,
        replace_on={"clusterName", "principalArn", "type"},
        computed={"accessEntryArn"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the principal exists."""
        cluster, principal = news["clusterName"], news["principalArn"]
        need_cluster(cloud, cluster)
        root = cloud.arn("iam", "root", regional=False)
        if principal != root and role_of_arn(cloud, principal) is None:
            raise invalid(
                f"The specified principalArn is invalid: invalid principal. ({principal})"
            )
        cloud.call(
            "eks",
            "create_access_entry",
            clusterName=cluster,
            principalArn=principal,
            tags=news["tagsAll"],
            type=news["type"],
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
            "principalArn": principal,
            "tagsAll": tags_of(cloud, "eks", entry["accessEntryArn"]),
            "type": entry["type"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        retag(cloud, "eks", olds["accessEntryArn"], olds["tagsAll"], news["tagsAll"])

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
            "policyArn": POLICIES,
            "principalArn": str,
        },
        replace_on={"*"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Give the entry its rights."""
        need_cluster(cloud, news["clusterName"])
        cloud.call("eks", "associate_access_policy", **news)
        return "#".join(news[name] for name in ("clusterName", "principalArn", "policyArn"))

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it among the entry's policies."""
        cluster, principal, policy = id.split("#")
        names = {"clusterName": cluster, "principalArn": principal}
        found = cloud.find("eks", "list_associated_access_policies", **names)
        for each in found["associatedAccessPolicies"] if found else []:
            if each["policyArn"] == policy:
                scope = {key: value for key, value in each["accessScope"].items() if value}
                return {"accessScope": scope, "policyArn": policy, **names}
        return None

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take the rights away, whatever their scope is."""
        cluster, principal, policy = id.split("#")
        names = {"clusterName": cluster, "principalArn": principal, "policyArn": policy}
        cloud.call("eks", "disassociate_access_policy", **names)
