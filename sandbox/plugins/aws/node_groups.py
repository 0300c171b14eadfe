"""
Managed node groups: accepted by ministack, with nodes that KWOK plays.

ministack cannot change a group and drops its template, update and repair settings: notes keep them.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws import node_images as images
from sandbox.plugins.aws import node_rules as rules
from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.cluster_configuration import configuration_of
from sandbox.plugins.aws.eks import need_cluster, retag, tags_of
from sandbox.plugins.aws.nodes import EFFECTS, KIND, GroupNodes, find_group
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

SETTINGS: dict[str, Any] = {
    "labels": {"*": str},
    "launchTemplate": Schema(required={"version": str}, optional={"id": str, "name": str}),
    "nodeRepairConfig": Schema(optional={"enabled": bool}),
    "releaseVersion": str,
    "taints": [Schema(required={"key": str, "effect": set(EFFECTS)}, optional={"value": str})],
    "updateConfig": Schema(
        optional={
            "maxUnavailable": int,
            "maxUnavailablePercentage": int,
            "updateStrategy": {"DEFAULT", "MINIMAL"},
        }
    ),
}

DEFAULTS: Properties = {
    "amiType": images.DEFAULT,
    "capacityType": "ON_DEMAND",
    "instanceTypes": ["t3.medium"],
}


class NodeGroup(AwsResource):
    """A managed node group."""

    schema = Schema(
        required={
            "clusterName": str,
            "nodeRoleArn": str,
            "subnetIds": [str],
            "scalingConfig": Schema(required={"desiredSize": int, "maxSize": int, "minSize": int}),
        },
        optional={
            "nodeGroupName": str,
            "nodeGroupNamePrefix": str,
            "amiType": images.TYPES,
            "capacityType": {"ON_DEMAND", "SPOT"},
            "diskSize": int,
            "instanceTypes": [str],
            "version": str,
            **SETTINGS,
            **TAGS,
            **REGION,
        },
        replace_on={
            "amiType",
            "capacityType",
            "clusterName",
            "diskSize",
            "instanceTypes",
            "launchTemplate.id",
            "launchTemplate.name",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "subnetIds",
        },
        computed={
            "amiType",
            "arn",
            "capacityType",
            "nodeGroupName",
            "releaseVersion",
            "resources",
            "status",
            "version",
        },
    )
    sets = ("subnetIds",)
    auto_named = "nodeGroupName"
    prefix_property = "nodeGroupNamePrefix"

    def refuse(self, news: Properties) -> None:
        """Refuse what contradicts itself."""
        rules.check_offline(news)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check all that AWS checks, create it, let nodes join."""
        cluster = need_cluster(cloud, news["clusterName"])
        configuration = configuration_of(cloud, news["clusterName"])
        name = self.physical_name(news, limit=63)
        rules.check_role(cloud, news["nodeRoleArn"])
        subnets = rules.check_subnets(cloud, news["subnetIds"], configuration["vpcId"])
        template = rules.launch_template(cloud, news)
        if news.get("version", cluster["version"]) > cluster["version"]:
            raise rules.invalid("Nodegroup Kubernetes version must not exceed the cluster's")
        _check_images(news, cluster["version"])
        id = f"{news['clusterName']}:{name}"
        _create(cloud, name, {**news, **({"launchTemplate": template} if template else {})})
        _admit_role(cloud, news["clusterName"], news["nodeRoleArn"])
        failures = rules.reasons_not_to_join(cloud, cluster["name"], configuration, subnets)
        group = GroupNodes(cloud, id, {"failures": failures, "template": template, "nodes": []})
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
        version = group["version"]
        return {
            **dict.fromkeys(SETTINGS),
            **facts.get("settings", {}),
            "amiType": group["amiType"],
            "arn": group["nodegroupArn"],
            "capacityType": group["capacityType"],
            "clusterName": group["clusterName"],
            "diskSize": None if facts.get("template") else group["diskSize"],
            "instanceTypes": group["instanceTypes"],
            "launchTemplate": facts.get("template") or None,
            "nodeGroupName": group["nodegroupName"],
            "nodeRoleArn": group["nodeRole"],
            "releaseVersion": facts.get("settings", {}).get("releaseVersion")
            or images.release_of(group["amiType"], version),
            "resources": [{"autoscalingGroups": autoscaling, "remoteAccessSecurityGroupId": ""}],
            "scalingConfig": facts.get("scaling", group["scalingConfig"]),
            "status": "CREATE_FAILED" if facts.get("failures") else group["status"],
            "subnetIds": sorted(group["subnets"]),
            "tagsAll": tags_of(cloud, group["nodegroupArn"]),
            "version": version,
        }

    def problems(self, cloud: Cloud, id: str, outputs: Properties) -> list[str]:
        """Say what AWS would find out half an hour later."""
        return [
            "unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: "
            "NodeCreationFailure: Instances failed to join the kubernetes cluster: "
            f"{reason}"
            for reason in notes.read(cloud, KIND, id).get("failures", [])
        ]

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change size, settings and tags; another template version replaces the nodes."""
        found = find_group(cloud, id)
        if found is None:
            raise AwsRefused("ResourceNotFoundException", f"No node group found for name: {id}.")
        facts = notes.read(cloud, KIND, id)
        if facts.get("failures"):
            raise Refused(
                f"node group {id} must be deleted first (it is CREATE_FAILED). AWS cannot mend it. "
                "Use: pulumi up --replace <urn>"
            )
        if news.get("version", found["version"]) != found["version"]:
            raise Refused(
                f"'version' of a node group must stay {found['version']} in the sandbox.", "version"
            )
        _check_images({"amiType": found["amiType"], **news}, found["version"])
        template = rules.launch_template(cloud, news)
        rolls = template != facts["template"] or (
            news.get("releaseVersion") != facts["settings"].get("releaseVersion")
        )
        group = GroupNodes(cloud, id, {**facts, "template": template})
        group.settle(_settings(news), news["scalingConfig"])
        if rolls:
            group.replace_nodes()
        group.scale_to(news["scalingConfig"]["desiredSize"])
        group.relabel()
        retag(cloud, found["nodegroupArn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take its nodes away and delete it."""
        cluster, _, name = id.partition(":")
        found = find_group(cloud, id)
        if found is None:
            return
        facts = notes.read(cloud, KIND, id)
        GroupNodes(cloud, id, facts).scale_to(0)
        cloud.call("eks", "delete_nodegroup", clusterName=cluster, nodegroupName=name)
        _dismiss_role(cloud, cluster, found["nodeRole"])
        notes.forget(cloud, KIND, id)


def _settings(news: Properties) -> Properties:
    names = (name for name in SETTINGS if name in news and name != "launchTemplate")
    return {name: news[name] for name in names}


def _check_images(news: Properties, version: str) -> None:
    ami_type = news.get("amiType", images.DEFAULT)
    images.check_release(ami_type, news.get("version", version), news.get("releaseVersion"))
    images.check_processors(ami_type, news.get("instanceTypes", []))


def _create(cloud: Cloud, name: str, news: Properties) -> None:
    names = ("amiType", "diskSize", "instanceTypes", "labels", "launchTemplate", "releaseVersion")
    cloud.call(
        "eks",
        "create_nodegroup",
        clusterName=news["clusterName"],
        nodegroupName=name,
        nodeRole=news["nodeRoleArn"],
        subnets=news["subnetIds"],
        scalingConfig=news["scalingConfig"],
        tags=news["tagsAll"],
        **{
            **DEFAULTS,
            **given(news, {each: each for each in (*names, "capacityType", "version")}),
        },
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
    others = cloud.call("eks", "list_nodegroups", clusterName=cluster)["nodegroups"]
    for name in others:
        group = find_group(cloud, f"{cluster}:{name}")
        if group and group["nodeRole"] == role:
            return
    try:
        cloud.call("eks", "delete_access_entry", clusterName=cluster, principalArn=role)
    except AwsRefused as refused:
        if not refused.means_gone:
            raise
