"""
Managed node groups: accepted by ministack, with nodes that KWOK plays.

ministack cannot change a group and drops its template, update and repair settings: notes have them.
Nodes come with a launch template here, as the product makes them.
"""

from typing import Any

from sandbox.plugins.aws import node_images as images
from sandbox.plugins.aws import node_rules as rules
from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.cluster_configuration import configuration_of
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.launch_templates import need_version
from sandbox.plugins.aws.nodes import KIND, GroupNodes, find_group
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.contract import Refused
from sandbox.plugins.diff import Change, Diff
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

SETTINGS: dict[str, Any] = {
    "nodeRepairConfig": Schema(optional={"enabled": bool}),
    "updateConfig": Schema(required={"maxUnavailablePercentage": int}),
}
"""What notes have of a group."""

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
            "launchTemplate": Schema(required={"id": str, "version": str}),
            "nodeRoleArn": str,
            "releaseVersion": str,
            "scalingConfig": Schema(required={"desiredSize": int, "maxSize": int, "minSize": int}),
            "subnetIds": [str],
            "version": str,
        },
        optional={"nodeGroupName": str, **SETTINGS, **TAGS},
        replace_on={*ASKED, "launchTemplate.id", "nodeGroupName"},
        computed={"arn", "nodeGroupName", "resources", "status"},
    )
    sets = ("subnetIds",)
    auto_named = "nodeGroupName"
    name_limit = 63

    def refuse(self, news: Properties) -> None:
        """Refuse sizes that contradict one another."""
        rules.check_sizes(news["scalingConfig"])

    def diff(
        self, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Diff:
        """Compare with the release that the group has, too."""
        diff = super().diff(id, old_inputs, old_outputs, news)
        has, asked = old_outputs.get("releaseVersion"), news["releaseVersion"]
        if has != asked and all(change.path != "releaseVersion" for change in diff.changes):
            diff.changes.append(Change("releaseVersion", "update"))
        return diff

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check all that AWS checks, create it, let nodes join."""
        cluster = need_cluster(cloud, news["clusterName"])
        configuration = configuration_of(cloud, news["clusterName"])
        rules.check_role(cloud, news["nodeRoleArn"])
        subnets = rules.check_subnets(cloud, news["subnetIds"], configuration["vpcId"])
        template = _template(cloud, news)
        if news["version"] > cluster["version"]:
            raise rules.invalid("Nodegroup Kubernetes version must not exceed the cluster's")
        images.check_release(news["amiType"], news["version"], news["releaseVersion"])
        images.check_processors(news["amiType"], news["instanceTypes"])
        id = f"{news['clusterName']}:{news['nodeGroupName']}"
        _create(cloud, news)
        _admit_role(cloud, news["clusterName"], news["nodeRoleArn"])
        failures = rules.reasons_not_to_join(cloud, cluster["name"], configuration, subnets)
        facts = {"failures": failures, "template": template, "release": news["releaseVersion"]}
        group = GroupNodes(cloud, id, facts)
        group.settle(_settings(news), news["scalingConfig"])
        if not failures:
            try:
                group.scale_to(news["scalingConfig"]["desiredSize"])
            except Refused as refused:
                group.fail(str(refused))
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it: from ministack that it exists, from notes what changed since."""
        group = find_group(cloud, id)
        if group is None:
            return None
        facts = notes.read(cloud, KIND, id)
        autoscaling = [{"name": each["name"]} for each in group["resources"]["autoScalingGroups"]]
        return {
            **dict.fromkeys(SETTINGS),
            **facts.get("settings", {}),
            **{name: group[there] for name, there in ASKED.items()},
            "arn": group["nodegroupArn"],
            "launchTemplate": facts.get("template"),
            "nodeGroupName": group["nodegroupName"],
            "releaseVersion": facts.get("release", group["releaseVersion"]),
            "resources": [{"autoscalingGroups": autoscaling}],
            "scalingConfig": facts.get("scaling", group["scalingConfig"]),
            "status": "CREATE_FAILED" if facts.get("failures") else group["status"],
            "subnetIds": sorted(group["subnets"]),
            "tagsAll": tags_of(cloud, group["nodegroupArn"]),
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
        """Change size, settings and tags; another template or release replaces the nodes."""
        found = find_group(cloud, id)
        if found is None:
            raise AwsRefused("ResourceNotFoundException", f"No node group found for name: {id}.")
        facts = notes.read(cloud, KIND, id)
        if facts.get("failures"):
            raise Refused(
                f"node group {id} must be deleted first (it is CREATE_FAILED). AWS cannot repair "
                "it. Use: pulumi up --replace <urn>"
            )
        if news["version"] != found["version"]:
            raise Refused(
                f"'version' of a node group must stay {found['version']} in the sandbox.", "version"
            )
        images.check_release(news["amiType"], news["version"], news["releaseVersion"])
        template = _template(cloud, news)
        release = news["releaseVersion"]
        if release == olds["releaseVersion"] and template != facts["template"]:
            # The provider names the release only if it changes, and EKS takes the newest then.
            release = images.newest(news["amiType"], news["version"])
        images.check_not_older(facts["release"], release)
        rolls = template != facts["template"] or release != facts["release"]
        group = GroupNodes(cloud, id, {**facts, "template": template, "release": release})
        group.settle(_settings(news), news["scalingConfig"])
        if rolls:
            group.replace_nodes()
        group.scale_to(news["scalingConfig"]["desiredSize"])
        retag(cloud, found["nodegroupArn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take its nodes away and delete it."""
        cluster, _, name = id.partition(":")
        found = find_group(cloud, id)
        if found is None:
            return
        GroupNodes(cloud, id, notes.read(cloud, KIND, id)).scale_to(0)
        cloud.call("eks", "delete_nodegroup", clusterName=cluster, nodegroupName=name)
        _dismiss_role(cloud, cluster, found["nodeRole"])
        notes.forget(cloud, KIND, id)


def _template(cloud: Cloud, news: Properties) -> Properties:
    wanted = news["launchTemplate"]
    number = need_version(cloud, wanted["id"], wanted["version"])
    return {"id": wanted["id"], "version": str(number)}


def _settings(news: Properties) -> Properties:
    return {name: news[name] for name in SETTINGS if name in news}


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


def _admit_role(cloud: Cloud, cluster: str, role: str) -> None:
    """EKS gives the nodes' role an access entry, unless there is one."""
    if configuration_of(cloud, cluster)["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        return
    entries = cloud.call("eks", "list_access_entries", clusterName=cluster)["accessEntries"]
    if role not in entries:
        cloud.call(
            "eks", "create_access_entry", clusterName=cluster, principalArn=role, type="EC2_LINUX"
        )


def _dismiss_role(cloud: Cloud, cluster: str, role: str) -> None:
    for name in cloud.call("eks", "list_nodegroups", clusterName=cluster)["nodegroups"]:
        group = find_group(cloud, f"{cluster}:{name}")
        if group and group["nodeRole"] == role:
            return
    cloud.find("eks", "delete_access_entry", clusterName=cluster, principalArn=role)
