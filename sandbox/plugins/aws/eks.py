"""
EKS clusters: accepted by ministack, and served by a genuine API server.

ministack drops most of a cluster's configuration and cannot change it: notes have it. As in AWS, a
cluster has a security group of its own and network interfaces in its subnets, made by calls of our
own, so that nothing it stands on can be deleted. If the API server cannot start, all is undone.
"""

from typing import Any

from sandbox.plugins.aws import cluster_parts as parts
from sandbox.plugins.aws import cluster_rules as rules
from sandbox.plugins.aws import ec2, kwok_clusters, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.cluster_configuration import (
    CONFIGURATION,
    DEFAULTS,
    KIND,
    NETWORK,
    as_reported,
)
from sandbox.plugins.aws.resource import TAGS, AwsResource, given
from sandbox.plugins.contract import Refused, State
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties


class Cluster(AwsResource):
    """An EKS cluster."""

    schema = Schema(
        required={
            "roleArn": str,
            "vpcConfig": NETWORK,
        },
        optional={"name": str, "version": str, **CONFIGURATION, **TAGS},
        # Source: terraform-provider-aws, internal/service/eks/cluster.go
        replace_on={
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "encryptionConfig",
        },
        computed={
            "arn",
            "certificateAuthority",
            "endpoint",
            "identities",
            "platformVersion",
            "status",
        },
    )
    sets = (
        "vpcConfig.subnetIds",
        "vpcConfig.publicAccessCidrs",
        "enabledClusterLogTypes",
    )
    auto_named = "name"

    def refuse(self, news: Properties) -> None:
        """Refuse what the provider refuses without asking AWS."""
        rules.check_offline(news)

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> State:
        """Make it; what AWS adds inside of vpcConfig is unknown in a preview."""
        state = super().create(urn, news, preview=preview, timeout=timeout)
        if preview and isinstance(network := news["vpcConfig"], dict):
            added = dict.fromkeys(("clusterSecurityGroupId", "vpcId"), UNKNOWN)
            return State("", {**state.outputs, "vpcConfig": {**added, **network}})
        return state

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check all that AWS checks, create it, start its API server."""
        name, network = news["name"], news["vpcConfig"]
        if find_cluster(cloud, name):
            raise AwsRefused(
                "ResourceInUseException",
                f"Cluster already exists with name: {name}",
                operation="EKS: CreateCluster",
            )
        # EKS deletes its parts with a cluster, also if a person deletes it.
        _undo(cloud, name)
        version = news.get("version", rules.VERSIONS[-1])
        vpc = self._check(cloud, news, version)
        facts = {"configuration": as_reported(news), "vpcId": vpc}
        try:
            _create(cloud, news, version)
            group = facts["securityGroup"] = parts.security_group(cloud, name, vpc)
            notes.write(cloud, KIND, name, facts)
            parts.place_interfaces(cloud, name, network, group)
            parts.place_log_group(cloud, news)
            kwok_clusters.start(cloud, name, version)
        except BaseException:
            _undo(cloud, name)
            raise
        return str(name)

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it: from ministack that it exists, from notes what it is like."""
        cluster = find_cluster(cloud, id)
        if cluster is None:
            return None
        facts = notes.read(cloud, KIND, id)
        configuration = facts.get("configuration", {})
        issuer = cluster["identity"]["oidc"]["issuer"].rpartition("/")[2]
        return {
            **configuration,
            **kwok_clusters.access(cloud, id),
            "arn": cluster["arn"],
            "identities": [
                {
                    "oidcs": [
                        {"issuer": f"https://oidc.eks.{cloud.region}.amazonaws.com/id/{issuer}"}
                    ]
                }
            ],
            "name": id,
            "platformVersion": "eks.1",
            "roleArn": cluster["roleArn"],
            "status": cluster["status"],
            "tagsAll": tags_of(cloud, cluster["arn"]),
            "version": cluster["version"],
            "vpcConfig": {
                **configuration.get("vpcConfig", {}),
                "clusterSecurityGroupId": facts.get("securityGroup"),
                "vpcId": facts.get("vpcId"),
            },
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change configuration and tags; the version stays what the sandbox's API servers are."""
        cluster = need_cluster(cloud, id)
        version = news.get("version", cluster["version"])
        if version != cluster["version"]:
            raise Refused(
                f"'version' of a cluster must stay {cluster['version']} in the sandbox (got "
                f"{version}). Its API servers cannot be upgraded. Delete the cluster, or use the "
                "genuine provider",
                "version",
            )
        vpc = self._check(cloud, news, version)
        facts = notes.read(cloud, KIND, id)
        if vpc != facts["vpcId"]:
            raise rules.invalid(
                "Provided subnets belong to another VPC", operation="UpdateClusterConfig"
            )
        facts["configuration"] = as_reported(news)
        parts.remove_interfaces(cloud, id)
        parts.place_interfaces(cloud, id, news["vpcConfig"], facts["securityGroup"])
        parts.place_log_group(cloud, news)
        notes.write(cloud, KIND, id, facts)
        retag(cloud, cluster["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with everything that belongs to it, unless something forbids it."""
        need_cluster(cloud, id)
        facts = notes.read(cloud, KIND, id)
        if facts.get("configuration", {}).get("deletionProtection"):
            raise AwsRefused(
                "InvalidRequestException",
                f"Cluster {id} has deletion protection enabled. Disable it before you delete",
                operation="EKS: DeleteCluster",
            )
        groups = cloud.call("eks", "list_nodegroups", clusterName=id)["nodegroups"]
        if groups:
            raise AwsRefused(
                "ResourceInUseException",
                f"Cluster has nodegroups attached ({', '.join(groups)})",
                operation="EKS: DeleteCluster",
            )
        _undo(cloud, id)

    def _check(self, cloud: Cloud, news: Properties, version: str) -> str:
        network = news["vpcConfig"]
        rules.check_version(version)
        rules.check_role(cloud, news)
        vpc = rules.check_network(cloud, network["subnetIds"])
        rules.check_endpoints(network)
        rules.check_encryption(cloud, news.get("encryptionConfig"))
        return vpc


def find_cluster(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a cluster in the region."""
    found = cloud.find("eks", "describe_cluster", name=name)
    return found and dict(found["cluster"])


def need_cluster(cloud: Cloud, name: str) -> dict[str, Any]:
    """Give a cluster, or refuse as AWS does."""
    cluster = find_cluster(cloud, name)
    if cluster is None:
        raise AwsRefused("ResourceNotFoundException", f"No cluster found for name: {name}.")
    return cluster


def tags_of(cloud: Cloud, arn: str) -> dict[str, str]:
    """Read the tags of something in EKS; in its description ministack keeps the first ones."""
    tags: dict[str, str] = cloud.call("eks", "list_tags_for_resource", resourceArn=arn)["tags"]
    return tags


def retag(cloud: Cloud, arn: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Bring the tags of something in EKS from old to new."""
    for key in old:
        if key not in new:  # of several keys in one request ministack takes the first
            cloud.call("eks", "untag_resource", resourceArn=arn, tagKeys=[key])
    if new and new != old:
        cloud.call("eks", "tag_resource", resourceArn=arn, tags=new)


def _create(cloud: Cloud, news: Properties, version: str) -> None:
    network = as_reported(news)["vpcConfig"]
    types = news.get("enabledClusterLogTypes", [])
    encryption = news.get("encryptionConfig")
    cloud.call(
        "eks",
        "create_cluster",
        name=news["name"],
        roleArn=news["roleArn"],
        version=version,
        resourcesVpcConfig=network,
        accessConfig={**DEFAULTS["accessConfig"], **news.get("accessConfig", {})},
        logging={"clusterLogging": [{"types": types, "enabled": True}]} if types else {},
        encryptionConfig=[encryption] if encryption else [],
        tags=news["tagsAll"],
        **given(news, {name: name for name in ("upgradePolicy", "deletionProtection")}),
    )


def _undo(cloud: Cloud, name: str) -> None:
    """Delete whatever there is of a cluster; ministack would keep its add-ons."""
    kwok_clusters.stop(cloud, name)
    if find_cluster(cloud, name):
        for addon in cloud.call("eks", "list_addons", clusterName=name)["addons"]:
            cloud.call("eks", "delete_addon", clusterName=name, addonName=addon)
        cloud.call("eks", "delete_cluster", name=name)
    parts.remove_interfaces(cloud, name)
    for group in ec2.every(cloud, "security-group", GroupName=f"eks-cluster-sg-{name}"):
        cloud.call("ec2", "delete_security_group", GroupId=group["GroupId"])
    notes.forget(cloud, KIND, name)
