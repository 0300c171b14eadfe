"""
EKS add-ons, as records: nothing is installed into the cluster.

ministack offers every add-on in every version, whatever roles its service accounts have.
"""

from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.pod_identity import check_role
from sandbox.plugins.aws.resource import TAGS, AwsResource, retag, tags_of
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import Properties

VERSION = Text(r"v\d+\.\d+\.\d+-eksbuild\.\d+", "a version such as v1.21.1-eksbuild.3")

ADDONS = {"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"}


class Addon(AwsResource):
    """An add-on of a cluster."""

    schema = Schema(
        required={
            "addonName": ADDONS,
            "addonVersion": VERSION,
            "clusterName": str,
            "resolveConflictsOnCreate": {"OVERWRITE"},
            "resolveConflictsOnUpdate": {"PRESERVE"},
        },
        optional={
            "podIdentityAssociations": [Schema(required={"roleArn": str, "serviceAccount": str})],
            **TAGS,
        },
        replace_on={"addonName", "clusterName"},
        computed={"arn"},
    )
    in_place = ("addonVersion",)
    forgotten = ("podIdentityAssociations",)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the roles of its service accounts can be taken on."""
        need_cluster(cloud, news["clusterName"])
        for each in news.get("podIdentityAssociations", []):
            check_role(cloud, each["roleArn"])
        self._call(cloud, "create_addon", "OVERWRITE", news, tags=news["tagsAll"])
        return f"{news['clusterName']}:{news['addonName']}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster, _, name = id.partition(":")
        found = cloud.find("eks", "describe_addon", clusterName=cluster, addonName=name)
        if found is None:
            return None
        addon = found["addon"]
        return {
            "addonName": name,
            "addonVersion": addon["addonVersion"],
            "arn": addon["addonArn"],
            "clusterName": cluster,
            "tagsAll": tags_of(cloud, "eks", addon["addonArn"]),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change version and tags."""
        self._call(cloud, "update_addon", "PRESERVE", news)
        retag(cloud, "eks", olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it."""
        cluster, _, name = id.partition(":")
        cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)

    def _call(
        self, cloud: Cloud, operation: str, conflicts: str, news: Properties, **more: object
    ) -> None:
        names = ("addonName", "addonVersion", "clusterName")
        wanted = {name: news[name] for name in names}
        cloud.call("eks", operation, resolveConflicts=conflicts, **wanted, **more)
