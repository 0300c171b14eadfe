"""
Managed node groups: accepted by ministack, with nodes that KWOK plays.

ministack cannot change a group and drops its template, update and repair settings.
Nodes come with a launch template here, as the product makes them. Another template in place is not
imitated: EKS would take the newest release with it, and there is no way back.
"""

from typing import Any

from sandbox.home import SandboxError
from sandbox.plugins.aws import node_images as images
from sandbox.plugins.aws import node_rules as rules
from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import Cloud, invalid
from sandbox.plugins.aws.eks import need_cluster
from sandbox.plugins.aws.iam import check_service_role
from sandbox.plugins.aws.kwok_clusters import KIND as CLUSTER
from sandbox.plugins.aws.launch_templates import check_version
from sandbox.plugins.aws.nodes import KIND, GroupNodes, find_group
from sandbox.plugins.aws.resource import TAGS, AwsResource, name_up_to
from sandbox.plugins.aws.tags import retag, tags_of
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

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
            "amiType": images.TYPES,
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
        """Check all that AWS checks, create it, let nodes join."""
        cluster = need_cluster(cloud, news["clusterName"])
        check_service_role(cloud, news["nodeRoleArn"], "ec2.amazonaws.com", rules.NODE_POLICIES)
        vpc = notes.read(cloud, CLUSTER, news["clusterName"])["vpcId"]
        subnets = rules.check_subnets(cloud, news["subnetIds"], vpc)
        check_version(cloud, **news["launchTemplate"])
        if news["version"] > cluster["version"]:
            raise invalid("Nodegroup Kubernetes version must not exceed the cluster's")
        images.check_release(news["amiType"], news["version"], news["releaseVersion"])
        images.check_processors(news["amiType"], news["instanceTypes"])
        id = f"{news['clusterName']}:{news['nodeGroupName']}"
        _create(cloud, news)
        group = GroupNodes(cloud, id, {})
        group.failures = rules.reasons_not_to_join(cloud, cluster["name"], subnets)
        if not group.failures:
            try:
                group.scale_to(news["scalingConfig"]["desiredSize"])
            except (Refused, SandboxError) as error:
                group.failures = [str(error)]
        group.write()
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

    def problems(self, cloud: Cloud, id: str, outputs: Properties) -> list[str]:
        """Say what AWS would find out half an hour later."""
        return [
            "unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: "
            f"NodeCreationFailure: Instances failed to join the kubernetes cluster: {reason}"
            for reason in notes.read(cloud, KIND, id).get("failures", [])
        ]

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change size and tags; another release replaces the nodes."""
        facts = notes.read(cloud, KIND, id)
        if facts.get("failures"):
            raise Refused(
                f"node group {id} must be deleted first (it is CREATE_FAILED). AWS cannot repair "
                "it. Use: pulumi up --replace <urn>"
            )
        before, wanted = olds["releaseVersion"], news["releaseVersion"]
        images.check_release(news["amiType"], news["version"], wanted)
        images.check_not_older(before, wanted)
        group = GroupNodes(cloud, id, facts)
        if wanted != before:
            group.replace_nodes()
        group.scale_to(news["scalingConfig"]["desiredSize"])
        group.write()
        retag(cloud, "eks", olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take its nodes away and delete it."""
        cluster, _, name = id.partition(":")
        if find_group(cloud, id) is None:
            return
        GroupNodes(cloud, id, notes.read(cloud, KIND, id)).scale_to(0)
        cloud.call("eks", "delete_nodegroup", clusterName=cluster, nodegroupName=name)
        notes.forget(cloud, KIND, id)


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
