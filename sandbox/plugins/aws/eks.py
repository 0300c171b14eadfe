"""
EKS clusters: accepted by ministack, and served by a genuine API server.

ministack drops most of a cluster's configuration and cannot change it: notes keep it. As in AWS, a
cluster has a security group of its own and network interfaces in its subnets, made by calls of our
own, so that nothing it stands on can be deleted. If the API server cannot start, all is undone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.plugins.aws import cluster_rules as rules
from sandbox.plugins.aws import ec2, kwok_clusters, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.logs import find_group
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

KIND = "eks-cluster"

# What can be said of a cluster beside its name, role, version and tags.
CONFIGURATION: dict[str, Any] = {
    "accessConfig": Schema(
        optional={
            "authenticationMode": {"API", "API_AND_CONFIG_MAP", "CONFIG_MAP"},
            "bootstrapClusterCreatorAdminPermissions": bool,
        }
    ),
    "bootstrapSelfManagedAddons": bool,
    "computeConfig": Schema(
        optional={"enabled": bool, "nodePools": [str], "nodeRoleArn": str},
    ),
    "deletionProtection": bool,
    "enabledClusterLogTypes": [rules.LOG_TYPES],
    "encryptionConfig": Schema(
        required={"provider": Schema(required={"keyArn": str}), "resources": [str]}
    ),
    "kubernetesNetworkConfig": Schema(
        optional={
            "elasticLoadBalancing": Schema(optional={"enabled": {False}}),
            "ipFamily": {"ipv4"},
            "serviceIpv4Cidr": str,
        }
    ),
    "storageConfig": Schema(
        optional={"blockStorage": Schema(optional={"enabled": {False}})},
    ),
    "upgradePolicy": Schema(optional={"supportType": {"EXTENDED", "STANDARD"}}),
    "zonalShiftConfig": Schema(optional={"enabled": bool}),
}

DEFAULTS: Properties = {
    "accessConfig": {
        "authenticationMode": "CONFIG_MAP",
        "bootstrapClusterCreatorAdminPermissions": True,
    },
    "bootstrapSelfManagedAddons": True,
    "deletionProtection": False,
    "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
    "upgradePolicy": {"supportType": "EXTENDED"},
    "zonalShiftConfig": {"enabled": False},
}

ENDPOINT_DEFAULTS: Properties = {
    "endpointPrivateAccess": False,
    "endpointPublicAccess": True,
    "publicAccessCidrs": ["0.0.0.0/0"],
}


class Cluster(AwsResource):
    """An EKS cluster."""

    schema = Schema(
        required={
            "roleArn": str,
            "vpcConfig": Schema(
                required={"subnetIds": [str]},
                optional={
                    "endpointPrivateAccess": bool,
                    "endpointPublicAccess": bool,
                    "publicAccessCidrs": [str],
                    "securityGroupIds": [str],
                },
            ),
        },
        optional={"name": str, "version": str, **CONFIGURATION, **TAGS, **REGION},
        # Source: terraform-provider-aws, internal/service/eks/cluster.go
        replace_on={
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "encryptionConfig",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
        },
        computed={
            "arn",
            "certificateAuthority",
            "createdAt",
            "endpoint",
            "identities",
            "platformVersion",
            "status",
        },
    )
    sets = (
        "vpcConfig.subnetIds",
        "vpcConfig.securityGroupIds",
        "vpcConfig.publicAccessCidrs",
        "enabledClusterLogTypes",
    )
    auto_named = "name"
    # A name is unique in a region.
    delete_before_replace = True

    def refuse(self, news: Properties) -> None:
        """Refuse what the provider refuses without asking AWS."""
        rules.check_offline(news)

    def create(self, urn: str, news: Properties, *, preview: bool, timeout: float) -> Any:
        """Make it; what AWS adds inside of vpcConfig is unknown in a preview."""
        state = super().create(urn, news, preview=preview, timeout=timeout)
        if preview:
            self.foresee_network(state.outputs)
        return state

    def foresee_network(self, outputs: Properties) -> None:
        """Mark what AWS adds inside of vpcConfig as unknown."""
        from sandbox.plugins.framework import UNKNOWN

        if isinstance(outputs["vpcConfig"], dict):
            added = dict.fromkeys(("clusterSecurityGroupId", "vpcId"), UNKNOWN)
            outputs["vpcConfig"] = {**added, **outputs["vpcConfig"]}

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """Name nothing: only the version changes the platform, and that is refused."""
        return ()

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check all that AWS checks, create it, start its API server."""
        name, network = news["name"], news["vpcConfig"]
        if find_cluster(cloud, name):
            raise AwsRefused(
                "ResourceInUseException",
                f"Cluster already exists with name: {name}",
                operation="EKS: CreateCluster",
            )
        version = news.get("version", rules.VERSIONS[-1])
        vpc = self._check(cloud, news, version)
        facts = {"configuration": _configuration(news), "vpcId": vpc["VpcId"]}
        try:
            _create(cloud, news, version)
            facts["securityGroup"] = _security_group(cloud, name, vpc["VpcId"])
            notes.write(cloud, KIND, name, facts)
            _place_interfaces(cloud, name, network, facts["securityGroup"])
            _place_log_group(cloud, news)
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
            "createdAt": cluster["createdAt"].isoformat(),
            "identities": [
                {"oidcs": [{"issuer": f"https://oidc.eks.{cloud.region}.amazonaws.com/id/{issuer}"}]}
            ],
            "name": id,
            "platformVersion": "eks.1",
            "roleArn": cluster["roleArn"],
            "status": cluster["status"],
            "tagsAll": cluster["tags"],
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
        if vpc["VpcId"] != facts["vpcId"]:
            raise rules.invalid(
                "Provided subnets belong to another VPC", operation="UpdateClusterConfig"
            )
        facts["configuration"] = _configuration(news)
        _remove_interfaces(cloud, id)
        _place_interfaces(cloud, id, news["vpcConfig"], facts["securityGroup"])
        _place_log_group(cloud, news)
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

    def _check(self, cloud: Cloud, news: Properties, version: str) -> ec2.Item:
        network = news["vpcConfig"]
        rules.check_version(version)
        rules.check_role(cloud, news)
        vpc = rules.check_network(cloud, network["subnetIds"], network.get("securityGroupIds", []))
        rules.check_endpoints(network)
        rules.check_services(news.get("kubernetesNetworkConfig", {}), vpc)
        rules.check_encryption(cloud, news.get("encryptionConfig"))
        return vpc


def find_cluster(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a cluster in the region."""
    try:
        cluster: dict[str, Any] = cloud.call("eks", "describe_cluster", name=name)["cluster"]
    except AwsRefused as refused:
        if refused.means_gone:
            return None
        raise
    return cluster


def need_cluster(cloud: Cloud, name: str) -> dict[str, Any]:
    """Give a cluster, or refuse as AWS does."""
    cluster = find_cluster(cloud, name)
    if cluster is None:
        raise AwsRefused("ResourceNotFoundException", f"No cluster found for name: {name}.")
    return cluster


def configuration_of(cloud: Cloud, name: str) -> Properties:
    """Give what was asked of a cluster, with AWS' defaults."""
    facts = notes.read(cloud, KIND, name)
    configuration: Properties = facts.get("configuration", DEFAULTS)
    return {**configuration, "vpcId": facts.get("vpcId")}


def retag(cloud: Cloud, arn: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Bring the tags of something in EKS from old to new."""
    if removed := [key for key in old if key not in new]:
        cloud.call("eks", "untag_resource", resourceArn=arn, tagKeys=removed)
    if new and new != old:
        cloud.call("eks", "tag_resource", resourceArn=arn, tags=new)


def _configuration(news: Properties) -> Properties:
    """Give the configuration as AWS would report it."""
    configuration = {name: news[name] for name in CONFIGURATION if name in news}
    for name, default in DEFAULTS.items():
        value = configuration.get(name, default)
        configuration[name] = {**default, **value} if isinstance(default, dict) else value
    configuration["vpcConfig"] = {**ENDPOINT_DEFAULTS, **news["vpcConfig"]}
    return configuration


def _create(cloud: Cloud, news: Properties, version: str) -> None:
    network = {**ENDPOINT_DEFAULTS, **news["vpcConfig"]}
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


def _security_group(cloud: Cloud, name: str, vpc: str) -> str:
    made = cloud.call(
        "ec2",
        "create_security_group",
        GroupName=f"eks-cluster-sg-{name}",
        Description="EKS created security group applied to ENI that is attached to EKS Control "
        "Plane master nodes, as well as any managed workloads.",
        VpcId=vpc,
    )
    id: str = made["GroupId"]
    return id


def _place_interfaces(cloud: Cloud, name: str, network: Properties, group: str) -> None:
    for subnet in network["subnetIds"]:
        cloud.call(
            "ec2",
            "create_network_interface",
            SubnetId=subnet,
            Description=f"Amazon EKS {name}",
            Groups=[group, *network.get("securityGroupIds", [])],
        )


def _remove_interfaces(cloud: Cloud, name: str) -> None:
    for each in ec2.interfaces(cloud, Description=f"Amazon EKS {name}"):
        interface = each["NetworkInterfaceId"]
        cloud.call("ec2", "delete_network_interface", NetworkInterfaceId=interface)


def _place_log_group(cloud: Cloud, news: Properties) -> None:
    """EKS makes the group for its logs if nobody did; and nobody deletes it then."""
    group = f"/aws/eks/{news['name']}/cluster"
    if news.get("enabledClusterLogTypes") and find_group(cloud, group) is None:
        cloud.call("logs", "create_log_group", logGroupName=group)


def _undo(cloud: Cloud, name: str) -> None:
    """Delete whatever there is of a cluster; ministack would keep its add-ons."""
    kwok_clusters.stop(cloud, name)
    if find_cluster(cloud, name):
        for addon in cloud.call("eks", "list_addons", clusterName=name)["addons"]:
            cloud.call("eks", "delete_addon", clusterName=name, addonName=addon)
        cloud.call("eks", "delete_cluster", name=name)
    _remove_interfaces(cloud, name)
    for group in ec2.every(cloud, "security-group", GroupName=f"eks-cluster-sg-{name}"):
        cloud.call("ec2", "delete_security_group", GroupId=group["GroupId"])
    notes.forget(cloud, KIND, name)
