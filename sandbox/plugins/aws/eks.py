"""
EKS clusters: accepted by ministack, and served by a genuine API server.

ministack drops most of a cluster's configuration and cannot change it. As in AWS, a cluster has a
security group of its own and network interfaces in its subnets, made by calls of our own, so that
nothing it stands on can be deleted. If the API server cannot start, all is undone. It is a cluster
of the sandbox with the EKS cluster's own name. EKS names are unique in a region only; a second one
of the same name elsewhere is refused.
"""

import base64
from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

from sandbox import clusters
from sandbox.plugins.aws import cluster_parts as parts
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud, invalid
from sandbox.plugins.aws.iam import check_service_role
from sandbox.plugins.aws.kms import find_key
from sandbox.plugins.aws.resource import TAGS, AwsResource, name_up_to, retag, tags_of
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

# Standard and extended support on the day this was written.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
VERSIONS = {"1.31", "1.32", "1.33", "1.34", "1.35"}

LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}

CONFIGURATION: dict[str, Any] = {
    "accessConfig": Schema(
        required={
            "authenticationMode": {"API"},
            "bootstrapClusterCreatorAdminPermissions": {False},
        }
    ),
    "bootstrapSelfManagedAddons": {False},
    "deletionProtection": bool,
    "enabledClusterLogTypes": [LOG_TYPES],
    "encryptionConfig": Schema(
        required={"provider": Schema(required={"keyArn": str}), "resources": [{"secrets"}]}
    ),
    "upgradePolicy": Schema(required={"supportType": {"STANDARD"}}),
    "vpcConfig": Schema(
        required={
            "endpointPrivateAccess": {True},
            "endpointPublicAccess": bool,
            "subnetIds": [str],
        },
        optional={"publicAccessCidrs": [IPv4Network]},
    ),
    "zonalShiftConfig": Schema(required={"enabled": {True}}),
}


class Cluster(AwsResource):
    """An EKS cluster."""

    schema = Schema(
        required={
            "name": name_up_to(100),
            "roleArn": str,
            "version": VERSIONS,
            **CONFIGURATION,
        },
        optional=TAGS,
        # Source: terraform-provider-aws, internal/service/eks/cluster.go
        replace_on={
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "encryptionConfig",
        },
        computed={"arn", "certificateAuthority", "endpoint", "identities"},
    )
    sets = ("vpcConfig.subnetIds", "vpcConfig.publicAccessCidrs", "enabledClusterLogTypes")
    in_place = (
        "deletionProtection",
        "vpcConfig.endpointPublicAccess",
        "vpcConfig.publicAccessCidrs",
    )
    forgotten = frozenset(CONFIGURATION) - {"vpcConfig"}
    auto_named = "name"

    def foreseen(self, olds: Properties, news: Properties) -> Properties:
        """What AWS adds inside of vpcConfig is unknown until it is made, and stays."""
        network, before = news["vpcConfig"], olds.get("vpcConfig", {})
        added = {name: before.get(name, UNKNOWN) for name in ("clusterSecurityGroupId", "vpcId")}
        return {"vpcConfig": {**added, **network}} if isinstance(network, dict) else {}

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Check what it stands on, create it, start its API server."""
        name, subnets = str(news["name"]), news["vpcConfig"]["subnetIds"]
        if find_cluster(cloud, name):
            raise AwsRefused("ResourceInUseException", f"Cluster already exists with name: {name}")
        # EKS deletes its parts with a cluster, also if a person deletes it.
        _undo(cloud, name)
        check_service_role(cloud, news["roleArn"], "eks.amazonaws.com", ["AmazonEKSClusterPolicy"])
        vpc = _check_network(cloud, subnets)
        key = news["encryptionConfig"]["provider"]["keyArn"]
        if f":{cloud.region}:" not in key or find_key(cloud, key) is None:
            raise invalid(f"Provided key is invalid or does not exist in {cloud.region}: {key}")
        try:
            _create(cloud, news)
            group = parts.security_group(cloud, name, vpc)
            for subnet in subnets:
                ec2.place_interface(cloud, subnet, f"Amazon EKS {name}", group)
            parts.place_log_group(cloud, name)
            clusters.create_cluster(cloud.home, name, kubernetes_version=news["version"])
        except BaseException:
            _clear_away(cloud, name)  # a server of the name is not ours now
            raise
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        cluster = find_cluster(cloud, id)
        if cluster is None:
            return None
        issuer = cluster["identity"]["oidc"]["issuer"].rpartition("/")[2]
        address = f"https://oidc.eks.{cloud.region}.amazonaws.com/id/{issuer}"
        return {
            **_access(cloud, id),
            "arn": cluster["arn"],
            "identities": [{"oidcs": [{"issuer": address}]}],
            "name": id,
            "roleArn": cluster["roleArn"],
            "tagsAll": tags_of(cloud, "eks", cluster["arn"]),
            "version": cluster["version"],
            "vpcConfig": {**known["vpcConfig"], **parts.observe(cloud, id)},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change public access, protection and tags."""
        cluster = need_cluster(cloud, id)
        retag(cloud, "eks", cluster["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with everything that belongs to it, unless something forbids it."""
        need_cluster(cloud, id)
        if olds["deletionProtection"]:
            raise AwsRefused(
                "InvalidRequestException",
                f"Cluster {id} has deletion protection enabled. Disable it before you delete",
            )
        groups = cloud.call("eks", "list_nodegroups", clusterName=id)["nodegroups"]
        if groups:
            raise AwsRefused(
                "ResourceInUseException",
                f"Cluster has nodegroups attached ({', '.join(groups)})",
            )
        _undo(cloud, id)


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


def _check_network(cloud: Cloud, subnets: Sequence[str]) -> str:
    """Refuse subnets that no cluster may have; give their VPC."""
    found = [ec2.find(cloud, "subnet", id) for id in subnets]
    for id, subnet in zip(subnets, found, strict=True):
        if subnet is None:
            raise invalid(f"The subnet ID '{id}' does not exist")
    known = [each for each in found if each is not None]
    vpcs = {str(each["VpcId"]) for each in known}
    if len(vpcs) != 1:
        raise invalid("Subnets specified must belong to the same VPC")
    if len({each["AvailabilityZone"] for each in known}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs")
    return vpcs.pop()


def _access(cloud: Cloud, name: str) -> Properties:
    """Tell where the API server is and who vouches for it; nothing if it does not run."""
    running = clusters.read_cluster(cloud.home, name)
    if running is None:
        return {}
    authority = base64.b64encode(running.ca_pem.encode()).decode()
    return {"endpoint": running.server, "certificateAuthority": {"data": authority}}


def _create(cloud: Cloud, news: Properties) -> None:
    types = news["enabledClusterLogTypes"]
    names = ("accessConfig", "deletionProtection", "name", "roleArn", "upgradePolicy", "version")
    cloud.call(
        "eks",
        "create_cluster",
        resourcesVpcConfig=news["vpcConfig"],
        logging={"clusterLogging": [{"types": types, "enabled": True}]},
        encryptionConfig=[news["encryptionConfig"]],
        tags=news["tagsAll"],
        **{name: news[name] for name in names},
    )


def _undo(cloud: Cloud, name: str) -> None:
    """Delete whatever there is of a cluster, its API server too."""
    if parts.observe(cloud, name):
        clusters.delete_cluster(cloud.home, name)
    _clear_away(cloud, name)


def _clear_away(cloud: Cloud, name: str) -> None:
    """Delete what there is in AWS; ministack would keep its add-ons."""
    if find_cluster(cloud, name):
        for addon in cloud.call("eks", "list_addons", clusterName=name)["addons"]:
            cloud.call("eks", "delete_addon", clusterName=name, addonName=addon)
        cloud.call("eks", "delete_cluster", name=name)
    parts.remove(cloud, name)
