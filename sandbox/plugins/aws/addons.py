"""
EKS add-ons, as records: nothing is installed into the cluster.

An add-on that runs as a Deployment stays DEGRADED until there are nodes; AWS' provider waits twenty
minutes for it, here it is said at once. ministack offers every add-on in every version.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.plugins.aws import addon_identities
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.iam import role_of_arn
from sandbox.plugins.aws.pod_identity import check_pod_role
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema, has_unknown

VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")

ADDONS = {
    "amazon-cloudwatch-observability": "v4.7.0-eksbuild.1",
    "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
    "aws-efs-csi-driver": "v2.1.15-eksbuild.1",
    "aws-mountpoint-s3-csi-driver": "v2.2.1-eksbuild.1",
    "coredns": "v1.13.2-eksbuild.1",
    "eks-node-monitoring-agent": "v1.4.2-eksbuild.1",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    "kube-proxy": "v1.35.0-eksbuild.2",
    "metrics-server": "v0.8.0-eksbuild.6",
    "snapshot-controller": "v8.3.0-eksbuild.1",
    "vpc-cni": "v1.21.1-eksbuild.3",
}
"""Known add-ons, each with the version it gets if none is asked for."""

NEED_NODES = {
    "amazon-cloudwatch-observability",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "coredns",
    "metrics-server",
    "snapshot-controller",
}

CONFLICTS = {"NONE", "OVERWRITE", "PRESERVE"}


class Addon(AwsResource):
    """An add-on of a cluster."""

    schema = Schema(
        required={"addonName": str, "clusterName": str},
        optional={
            "addonVersion": str,
            "configurationValues": str,
            "podIdentityAssociations": [Schema(required={"roleArn": str, "serviceAccount": str})],
            "preserve": bool,
            "resolveConflictsOnCreate": {"NONE", "OVERWRITE"},
            "resolveConflictsOnUpdate": CONFLICTS,
            "serviceAccountRoleArn": str,
            **TAGS,
            **REGION,
        },
        replace_on={"addonName", "clusterName"},
        computed={"addonVersion", "arn", "configurationValues", "createdAt", "modifiedAt"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse versions and values of the wrong form."""
        accounts = news.get("podIdentityAssociations")
        if isinstance(accounts, list) and not has_unknown(accounts):
            # Sorted, since the genuine provider has a set here.
            in_order = sorted(accounts, key=lambda each: str(each["serviceAccount"]))
            news["podIdentityAssociations"] = in_order
        version, values = news.get("addonVersion"), news.get("configurationValues")
        if isinstance(version, str) and not VERSION.fullmatch(version):
            raise Refused(
                f"'addonVersion' must look like v1.21.1-eksbuild.3 (got {version!r}). AWS would "
                "not find it. See: aws eks describe-addon-versions",
                "addonVersion",
            )
        if isinstance(values, str) and values:
            try:
                json.loads(values)
            except ValueError as error:
                raise Refused(
                    f"'configurationValues' must be JSON (got: {error}).", "configurationValues"
                ) from error

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
        _check_roles(cloud, news)
        cloud.call(
            "eks", "create_addon", tags=news["tagsAll"], **{"addonName": name, **_request(news)}
        )
        try:
            addon_identities.keep(cloud, cluster, name, news.get("podIdentityAssociations", []))
        except AwsRefused:
            cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name)
            raise
        return f"{cluster}:{name}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster, _, name = id.partition(":")
        try:
            answer = cloud.call("eks", "describe_addon", clusterName=cluster, addonName=name)
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise
        addon = answer["addon"]
        return {
            "addonName": name,
            "addonVersion": addon["addonVersion"],
            "arn": addon["addonArn"],
            "clusterName": cluster,
            "configurationValues": addon["configurationValues"],
            "createdAt": addon["createdAt"].isoformat(),
            "modifiedAt": addon["modifiedAt"].isoformat(),
            "podIdentityAssociations": addon_identities.observe(cloud, cluster, name) or None,
            "serviceAccountRoleArn": addon["serviceAccountRoleArn"] or None,
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
        """Change version, values, roles and tags."""
        _check_roles(cloud, news)
        request = {"configurationValues": "", **_request(news)}
        resolve = given(news, {"resolveConflictsOnUpdate": "resolveConflicts"})
        request.pop("resolveConflicts", None)
        cloud.call("eks", "update_addon", addonName=news["addonName"], **request, **resolve)
        wanted = news.get("podIdentityAssociations", [])
        addon_identities.keep(cloud, news["clusterName"], news["addonName"], wanted)
        retag(cloud, olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with the associations of its service accounts."""
        cluster, _, name = id.partition(":")
        addon_identities.remove(cloud, cluster, name)
        preserve = bool(olds.get("preserve"))
        cloud.call("eks", "delete_addon", clusterName=cluster, addonName=name, preserve=preserve)


def _request(news: Properties) -> dict[str, Any]:
    names = {
        "addonVersion": "addonVersion",
        "clusterName": "clusterName",
        "configurationValues": "configurationValues",
        "resolveConflictsOnCreate": "resolveConflicts",
        "serviceAccountRoleArn": "serviceAccountRoleArn",
    }
    return {"addonVersion": ADDONS[news["addonName"]], **given(news, names)}


def _check_roles(cloud: Cloud, news: Properties) -> None:
    role = news.get("serviceAccountRoleArn")
    if role is not None and role_of_arn(cloud, role) is None:
        raise AwsRefused("InvalidParameterException", f"The role {role} does not exist")
    for each in news.get("podIdentityAssociations", []):
        check_pod_role(cloud, each["roleArn"])
