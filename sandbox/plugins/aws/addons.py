"""
EKS add-ons, as records: nothing is installed into the cluster.

ministack offers every add-on in every version, and makes no associations for the roles of its
service accounts; here they are calls of our own, so that the accounts count as taken.
"""

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.pod_identity import associate, dissociate
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.aws.tags import retag, tags_of
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import Properties

VERSION = Text(r"v\d+\.\d+\.\d+-eksbuild\.\d+", "a version such as v1.21.1-eksbuild.3")

ADDONS = {"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"}
NAMESPACE = "kube-system"


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

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its associations, if its roles can be taken on."""
        cluster, name = news["clusterName"], news["addonName"]
        need_cluster(cloud, cluster)
        self._call(cloud, "create_addon", "OVERWRITE", news, tags=news["tagsAll"])
        try:
            for each in news.get("podIdentityAssociations", []):
                associate(cloud, clusterName=cluster, namespace=NAMESPACE, **each)
        except AwsRefused:
            cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)
            raise
        return f"{cluster}:{name}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with the associations of its service accounts that still exist."""
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
            "podIdentityAssociations": [
                {"roleArn": each["roleArn"], "serviceAccount": each["serviceAccount"]}
                for each in _associations(cloud, cluster, known)
            ]
            or None,
            "tagsAll": tags_of(cloud, "eks", addon["addonArn"]),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change version and tags."""
        self._call(cloud, "update_addon", "PRESERVE", news)
        retag(cloud, "eks", olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with the associations of its service accounts."""
        cluster, _, name = id.partition(":")
        for each in _associations(cloud, cluster, olds):
            dissociate(cloud, cluster, each["associationId"])
        cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)

    def _call(
        self, cloud: Cloud, operation: str, conflicts: str, news: Properties, **more: object
    ) -> None:
        names = ("addonName", "addonVersion", "clusterName")
        wanted = {name: news[name] for name in names}
        cloud.call("eks", operation, resolveConflicts=conflicts, **wanted, **more)


def _associations(cloud: Cloud, cluster: str, known: Properties) -> list[Properties]:
    """Give those of an add-on's associations that still exist."""
    found = []
    for each in known.get("podIdentityAssociations") or []:
        where = {"namespace": NAMESPACE, "serviceAccount": each["serviceAccount"]}
        listed = cloud.call("eks", "list_pod_identity_associations", clusterName=cluster, **where)
        for one in listed["associations"]:
            ids = {"clusterName": cluster, "associationId": one["associationId"]}
            answer = cloud.call("eks", "describe_pod_identity_association", **ids)
            found.append(answer["association"])
    return found
