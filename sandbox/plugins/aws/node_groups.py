"""
Managed node groups: accepted by ministack, with nodes that KWOK plays.

ministack cannot change a group and drops its template, update and repair settings.
Nodes come with a launch template here, as the product makes them. Another template in place is not
imitated: EKS would take the newest release with it, and there is no way back.
"""

from collections.abc import Sequence
from typing import Any

from sandbox.plugins.aws import cluster_parts as parts
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud, invalid
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.iam import check_service_role
from sandbox.plugins.aws.launch_templates import check_version
from sandbox.plugins.aws.nodes import GroupNodes, find_group
from sandbox.plugins.aws.resource import TAGS, AwsResource, name_up_to, retag, tags_of
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")

AMI_TYPES = {
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_STANDARD",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
}

FORGOTTEN: dict[str, Any] = {
    "launchTemplate": Schema(required={"id": str, "version": str}),
    "nodeRepairConfig": Schema(required={"enabled": {True}}),
    "releaseVersion": str,
    "scalingConfig": Schema(required={"desiredSize": int, "maxSize": int, "minSize": int}),
    "updateConfig": Schema(required={"maxUnavailablePercentage": int}),
}
ASKED = {
    "amiType": "amiType",
    "clusterName": "clusterName",
    "instanceTypes": "instanceTypes",
    "nodeRoleArn": "nodeRole",
    "subnetIds": "subnets",
}
"""What cannot change, and what EKS calls it."""


class NodeGroup(AwsResource):
    """A managed node group."""

    schema = Schema(
        required={
            "amiType": AMI_TYPES,
            "clusterName": str,
            "instanceTypes": [str],
            "nodeRoleArn": str,
            "subnetIds": [str],
            "version": str,
            **FORGOTTEN,
        },
        optional={"nodeGroupName": name_up_to(63), **TAGS},
        replace_on={*ASKED, "launchTemplate.id", "nodeGroupName"},
        computed={"arn", "nodeGroupName"},
    )
    sets = ("subnetIds",)
    in_place = ("releaseVersion", "scalingConfig")
    forgotten = frozenset(FORGOTTEN)
    auto_named = "nodeGroupName"

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check what it stands on, create it, let nodes join."""
        cluster = need_cluster(cloud, news["clusterName"])
        check_service_role(cloud, news["nodeRoleArn"], "ec2.amazonaws.com", NODE_POLICIES)
        _check_subnets(cloud, news["subnetIds"], parts.observe(cloud, cluster["name"])["vpcId"])
        check_version(cloud, **news["launchTemplate"])
        if news["version"] > cluster["version"]:
            raise invalid("Nodegroup Kubernetes version must not exceed the cluster's")
        id = f"{news['clusterName']}:{news['nodeGroupName']}"
        _create(cloud, news)
        try:
            _nodes(cloud, id).scale_to(news["scalingConfig"]["desiredSize"])
        except Exception:
            self.remove(cloud, id, {})
            raise
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        group = find_group(cloud, id)
        if group is None:
            return None
        return {
            **{name: group[there] for name, there in ASKED.items()},
            "arn": group["nodegroupArn"],
            "nodeGroupName": group["nodegroupName"],
            "subnetIds": sorted(group["subnets"]),
            "tagsAll": tags_of(cloud, "eks", group["nodegroupArn"]),
            "version": group["version"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change size and tags; another release replaces the nodes."""
        before, wanted = olds["releaseVersion"], news["releaseVersion"]
        _check_not_older(before, wanted)
        nodes = _nodes(cloud, id)
        if wanted != before:
            nodes.replace()
        nodes.scale_to(news["scalingConfig"]["desiredSize"])
        retag(cloud, "eks", olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take its nodes away and delete it."""
        cluster, _, name = id.partition(":")
        _nodes(cloud, id).scale_to(0)
        cloud.call("eks", "delete_nodegroup", clusterName=cluster, nodegroupName=name)


def _nodes(cloud: Cloud, id: str) -> GroupNodes:
    group = find_group(cloud, id)
    if group is None:
        raise AwsRefused("ResourceNotFoundException", f"No node group found for name: {id}.")
    return GroupNodes(cloud, id, group)


def _check_not_older(current: str, wanted: str) -> None:
    """Refuse to go back to an older release."""
    if _order(wanted) < _order(current):
        raise invalid(
            f"Requested release version {wanted} must not be older than the node group's own "
            f"({current})"
        )


def _order(release: str) -> tuple[int, ...]:
    """Compare Amazon Linux by number and date; what follows in Bottlerocket is a commit."""
    number, _, date = release.partition("-")
    return (*map(int, number.split(".")), int(date) if date.isdecimal() else 0)


def _check_subnets(cloud: Cloud, subnets: Sequence[str], vpc: str) -> None:
    """Refuse subnets that do not exist or are of another VPC than the cluster."""
    for id in subnets:
        subnet = ec2.find(cloud, "subnet", id)
        if subnet is None or subnet["VpcId"] != vpc:
            raise invalid(f"The subnet ID '{id}' does not exist in the cluster's VPC {vpc}")


def _create(cloud: Cloud, news: Properties) -> None:
    names = ("launchTemplate", "releaseVersion", "scalingConfig", "version")
    cloud.call(
        "eks",
        "create_nodegroup",
        nodegroupName=news["nodeGroupName"],
        tags=news["tagsAll"],
        **{name: news[name] for name in names},
        **{there: news[here] for here, there in ASKED.items()},
    )
