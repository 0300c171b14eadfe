"""
Which roles a cluster's pods take on.

ministack takes any text as a role, and one that does not trust EKS' pods; AWS does not.
It cannot change an association's tags.
"""

from sandbox.plugins.aws.cloud import Cloud, invalid
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.iam import role_of_arn, trusts
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties


class PodIdentityAssociation(AwsResource):
    """The role that pods of a service account take on."""

    schema = Schema(
        required={"clusterName": str, "namespace": str, "roleArn": str, "serviceAccount": str},
        optional=TAGS,
        replace_on={"clusterName", "namespace", "serviceAccount"},
    )
    forgotten = ("tagsAll",)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the role trusts EKS' pods."""
        need_cluster(cloud, news["clusterName"])
        check_role(cloud, news["roleArn"])
        wanted = {name: news[name] for name in self.schema.required}
        made = cloud.call("eks", "create_pod_identity_association", **wanted)
        return str(made["association"]["associationId"])

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster = known["clusterName"]
        operation = "describe_pod_identity_association"
        found = cloud.find("eks", operation, clusterName=cluster, associationId=id)
        return found and {name: found["association"][name] for name in self.schema.required}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it."""
        cluster = olds["clusterName"]
        cloud.call("eks", "delete_pod_identity_association", clusterName=cluster, associationId=id)


def check_role(cloud: Cloud, arn: str) -> None:
    """Refuse a role that EKS' pods cannot take on."""
    role = role_of_arn(cloud, arn)
    needed = ["sts:AssumeRole", "sts:TagSession"]
    if role is None or not trusts(role, "pods.eks.amazonaws.com", needed):
        raise invalid(
            f"The role {arn} does not exist or does not let pods.eks.amazonaws.com do "
            f"{' and '.join(needed)}"
        )
