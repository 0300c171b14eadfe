"""
EKS add-ons, as records: nothing is installed into the cluster.

An add-on that runs as a Deployment stays DEGRADED until there are nodes; AWS' provider waits twenty
minutes for it, here it is said at once. ministack offers every add-on in every version.
"""

import re

from sandbox.plugins.aws import addon_identities
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.pod_identity import check_pod_role
from sandbox.plugins.aws.resource import TAGS, AwsResource, given
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties, has_unknown

VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")

ADDONS = {
    "aws-ebs-csi-driver",
    "coredns",
    "eks-pod-identity-agent",
    "kube-proxy",
    "metrics-server",
    "snapshot-controller",
    "vpc-cni",
}
NEED_NODES = {"aws-ebs-csi-driver", "coredns", "metrics-server", "snapshot-controller"}


class Addon(AwsResource):
    """An add-on of a cluster."""

    schema = Schema(
        required={"addonName": str, "addonVersion": str, "clusterName": str},
        optional={
            "podIdentityAssociations": [Schema(required={"roleArn": str, "serviceAccount": str})],
            "resolveConflictsOnCreate": {"NONE", "OVERWRITE"},
            "resolveConflictsOnUpdate": {"NONE", "OVERWRITE", "PRESERVE"},
            **TAGS,
        },
        replace_on={"addonName", "clusterName"},
        computed={"arn"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse versions of the wrong form."""
        accounts = news.get("podIdentityAssociations")
        if isinstance(accounts, list) and not has_unknown(accounts):
            # Sorted, since the genuine provider has a set here.
            in_order = sorted(accounts, key=lambda each: str(each["serviceAccount"]))
            news["podIdentityAssociations"] = in_order
        version = news["addonVersion"]
        if isinstance(version, str) and not VERSION.fullmatch(version):
            raise Refused(
                f"'addonVersion' must look like v1.21.1-eksbuild.3 (got {version!r}). AWS would "
                "not find it. See: aws eks describe-addon-versions",
                "addonVersion",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if EKS offers it and its roles can be taken on."""
        cluster, name = news["clusterName"], news["addonName"]
        need_cluster(cloud, cluster)
        if name not in ADDONS:
            raise AwsRefused(
                "InvalidParameterException",
                f"Addon {name} specified is not supported. (The imitation knows "
                f"{', '.join(sorted(ADDONS))}.)",
                operation="EKS: CreateAddon",
            )
        self._call(cloud, "create_addon", "resolveConflictsOnCreate", news, tags=news["tagsAll"])
        try:
            self._place_identities(cloud, news)
        except AwsRefused:
            cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)
            raise
        return f"{cluster}:{name}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with the associations of its service accounts."""
        cluster, _, name = id.partition(":")
        found = cloud.find("eks", "describe_addon", clusterName=cluster, addonName=name)
        if found is None:
            return None
        addon = found["addon"]
        roles = addon_identities.observe(cloud, cluster, name)
        return {
            "addonName": name,
            "addonVersion": addon["addonVersion"],
            "arn": addon["addonArn"],
            "clusterName": cluster,
            "podIdentityAssociations": roles or None,
            "tagsAll": tags_of(cloud, addon["addonArn"]),
        }

    def problems(self, cloud: Cloud, id: str, outputs: Properties) -> list[str]:
        """Say what AWS' provider would find out twenty minutes later."""
        cluster, _, name = id.partition(":")
        groups = cloud.call("eks", "list_nodegroups", clusterName=cluster)["nodegroups"]
        if name not in NEED_NODES or groups:
            return []
        return [
            f"waiting for EKS Add-On ({id}) create: timeout while waiting for state to become "
            "'ACTIVE' (last state: 'DEGRADED'): InsufficientNumberOfReplicas: The add-on is "
            "unhealthy because all deployments have all pods unscheduled: the cluster has no nodes"
        ]

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change version, roles and tags."""
        self._call(cloud, "update_addon", "resolveConflictsOnUpdate", news)
        self._place_identities(cloud, news)
        retag(cloud, olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with the associations of its service accounts."""
        cluster, _, name = id.partition(":")
        addon_identities.remove(cloud, cluster, name)
        cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)

    def _call(
        self, cloud: Cloud, operation: str, conflicts: str, news: Properties, **more: object
    ) -> None:
        for each in news.get("podIdentityAssociations", []):
            check_pod_role(cloud, each["roleArn"])
        names = {name: name for name in self.schema.required} | {conflicts: "resolveConflicts"}
        cloud.call("eks", operation, **given(news, names), **more)

    def _place_identities(self, cloud: Cloud, news: Properties) -> None:
        wanted = news.get("podIdentityAssociations", [])
        addon_identities.place(cloud, news["clusterName"], news["addonName"], wanted)
