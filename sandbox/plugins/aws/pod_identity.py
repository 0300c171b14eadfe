"""
Which roles a cluster's pods take on.

ministack takes any text as a role, and one that does not trust EKS' pods; AWS does not.
It cannot change an association's tags: notes keep them.
"""

from __future__ import annotations

from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.iam import role_of_arn, trusts
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Schema

KIND = "pod-identity"


class PodIdentityAssociation(AwsResource):
    """The role that pods of a service account take on."""

    schema = Schema(
        required={"clusterName": str, "namespace": str, "roleArn": str, "serviceAccount": str},
        optional={"disableSessionTags": bool, "targetRoleArn": str, **TAGS, **REGION},
        replace_on={"clusterName", "namespace", "serviceAccount"},
        computed={"associationArn", "associationId", "externalId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the role trusts EKS' pods."""
        need_cluster(cloud, news["clusterName"])
        check_pod_role(cloud, news["roleArn"])
        names = (*self.schema.required, "disableSessionTags", "targetRoleArn")
        made = cloud.call(
            "eks",
            "create_pod_identity_association",
            tags=news["tagsAll"],
            **given(news, {name: name for name in names}),
        )
        id: str = made["association"]["associationId"]
        notes.write(cloud, KIND, id, {"tags": news["tagsAll"]})
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        try:
            found = cloud.call(
                "eks",
                "describe_pod_identity_association",
                clusterName=known["clusterName"],
                associationId=id,
            )["association"]
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise
        names = (*self.schema.required, "associationArn", "associationId", "disableSessionTags")
        return {
            **{name: found[name] for name in names},
            "externalId": found.get("externalId"),
            "tagsAll": notes.read(cloud, KIND, id).get("tags", found["tags"]),
            "targetRoleArn": found.get("targetRoleArn"),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change role and tags."""
        check_pod_role(cloud, news["roleArn"])
        names = ("clusterName", "roleArn", "disableSessionTags", "targetRoleArn")
        cloud.call(
            "eks",
            "update_pod_identity_association",
            associationId=id,
            **given(news, {name: name for name in names}),
        )
        notes.write(cloud, KIND, id, {"tags": news["tagsAll"]})

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it."""
        cloud.call(
            "eks",
            "delete_pod_identity_association",
            clusterName=olds["clusterName"],
            associationId=id,
        )
        notes.forget(cloud, KIND, id)


def check_pod_role(cloud: Cloud, arn: str) -> None:
    """Refuse a role that pods could not take on."""
    role = role_of_arn(cloud, arn)
    needed = ["sts:AssumeRole", "sts:TagSession"]
    if role is None or not trusts(role, "pods.eks.amazonaws.com", needed):
        raise AwsRefused(
            "InvalidParameterException",
            f"The role {arn} does not exist or does not let pods.eks.amazonaws.com do "
            f"{' and '.join(needed)}",
        )
