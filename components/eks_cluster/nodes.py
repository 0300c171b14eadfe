"""The managed node group: its image, its launch template, and its role."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..node_group import Ami, NodeGroup
from ..versions import EKS_RELEASES
from .making import Making

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
)

# Bottlerocket boots from the first and keeps images and logs on the second.
# Source: bottlerocket-os/bottlerocket, README, "Default Volumes"
_BOTTLEROCKET_SYSTEM_GIB = 4

# How much of the group may be missing while it is updated: one of three.
MAX_UNAVAILABLE_PERCENTAGE = 33

# What the tags of a launch template reach: default tags of a provider do not reach what EC2 makes.
_TAGGED = ("instance", "volume", "network-interface")


def ami_type(group: NodeGroup) -> str:
    """Name the kind of image, by operating system and architecture."""
    if group.ami is Ami.BOTTLEROCKET:
        return "BOTTLEROCKET_ARM_64" if group.is_arm else "BOTTLEROCKET_x86_64"
    return "AL2023_ARM_64_STANDARD" if group.is_arm else "AL2023_x86_64_STANDARD"


def ami_release(group: NodeGroup, kubernetes: str) -> str:
    """Name the release of the image that is pinned."""
    release = EKS_RELEASES[kubernetes]
    return release.bottlerocket if group.ami is Ami.BOTTLEROCKET else release.al2023


def disks(group: NodeGroup) -> list[dict[str, Any]]:
    """Describe a node's disks, all encrypted."""
    if group.ami is Ami.BOTTLEROCKET:
        return [_disk("/dev/xvda", _BOTTLEROCKET_SYSTEM_GIB), _disk("/dev/xvdb", group.disk_gib)]
    return [_disk("/dev/xvda", group.disk_gib)]


def _disk(device: str, gib: int) -> dict[str, Any]:
    return {
        "device_name": device,
        "ebs": {
            "volume_type": "gp3",
            "volume_size": gib,
            "encrypted": "true",
            "delete_on_termination": "true",
        },
    }


def launch_template(making: Making) -> aws.ec2.LaunchTemplate:
    """Make the template of the nodes."""
    tags = {**making.args.tags, "Name": f"{making.name}-node"}
    return aws.ec2.LaunchTemplate(
        f"{making.name}-nodes",
        update_default_version=True,
        # One hop: a pod, which is one further than its node, gets nothing.
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": 1,
        },
        block_device_mappings=disks(making.args.node_group),
        tag_specifications=[{"resource_type": kind, "tags": tags} for kind in _TAGGED],
        opts=making.opts(),
    )


def node_group(
    making: Making,
    cluster: aws.eks.Cluster,
    role: aws.iam.Role,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.NodeGroup:
    """Make the nodes, after what they need to become ready."""
    group, template = making.args.node_group, launch_template(making)
    return aws.eks.NodeGroup(
        f"{making.name}-nodes",
        cluster_name=cluster.name,
        node_role_arn=role.arn,
        subnet_ids=making.args.node_subnet_ids,
        version=making.args.kubernetes_version,
        ami_type=ami_type(group),
        release_version=ami_release(group, making.args.kubernetes_version),
        instance_types=list(group.instance_types),
        scaling_config={
            "min_size": group.nodes,
            "desired_size": group.nodes,
            "max_size": group.nodes + 1,
        },
        launch_template={"id": template.id, "version": template.latest_version.apply(str)},
        update_config={"max_unavailable_percentage": MAX_UNAVAILABLE_PERCENTAGE},
        node_repair_config={"enabled": True},
        opts=making.opts(depends_on),
    )
