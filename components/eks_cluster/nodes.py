"""The managed node group: its image, its launch template and the policies of its role."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..node_group import Ami, NodeGroup
from ..versions import EKS_RELEASES
from .build_context import BuildContext

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
)

# Bottlerocket boots from the first disk; images and logs are on the second.
# Source: bottlerocket-os/bottlerocket, README, "Default Volumes"
_BOTTLEROCKET_SYSTEM_GIB = 4

# The part of the group that may be unavailable during an update: one of three.
MAX_UNAVAILABLE_PERCENTAGE = 33

# Changes that replace the group: a new group beside the old one, with the pinned release. In place,
# the provider names the release only if it changes with them, and EKS takes the newest image; the
# next update would go back, which EKS refuses. A release of Bottlerocket is that of no Kubernetes
# version, so it may stay while the version changes.
# Decision: docs/decisions/0021-node-group-replacement.md
# Source: terraform-provider-aws, internal/service/eks/node_group.go (resourceNodeGroupUpdate)
_REPLACED_BY = {Ami.AL2023: ["launchTemplate"], Ami.BOTTLEROCKET: ["launchTemplate", "version"]}

# What EC2 creates for a node: the default tags of a provider do not apply to it.
_TAGGED = ("instance", "volume", "network-interface")


def ami_type(group: NodeGroup) -> str:
    """Return the AMI type of EKS, by operating system and architecture."""
    if group.ami is Ami.BOTTLEROCKET:
        return "BOTTLEROCKET_ARM_64" if group.is_arm else "BOTTLEROCKET_x86_64"
    return "AL2023_ARM_64_STANDARD" if group.is_arm else "AL2023_x86_64_STANDARD"


def ami_release(group: NodeGroup, kubernetes: str) -> str:
    """Return the pinned release of the image."""
    release = EKS_RELEASES[kubernetes]
    return release.bottlerocket if group.ami is Ami.BOTTLEROCKET else release.al2023


def disks(group: NodeGroup) -> list[dict[str, Any]]:
    """Return the block devices of a node, all encrypted."""
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


def launch_template(context: BuildContext) -> aws.ec2.LaunchTemplate:
    """Make the template of the nodes."""
    tags = {**context.args.tags, "Name": f"{context.name}-node"}
    return aws.ec2.LaunchTemplate(
        f"{context.name}-nodes",
        update_default_version=True,
        # One hop: pods, one hop further away than their node, get no answer.
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": 1,
        },
        block_device_mappings=disks(context.args.node_group),
        tag_specifications=[{"resource_type": kind, "tags": tags} for kind in _TAGGED],
        opts=context.opts(),
    )


def node_group(
    context: BuildContext,
    cluster: aws.eks.Cluster,
    role: aws.iam.Role,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.NodeGroup:
    """Make the node group, after what its nodes need to become ready."""
    group, template = context.args.node_group, launch_template(context)
    return aws.eks.NodeGroup(
        f"{context.name}-nodes",
        cluster_name=cluster.name,
        node_role_arn=role.arn,
        subnet_ids=context.args.private_subnet_ids,
        version=context.args.kubernetes_version,
        ami_type=ami_type(group),
        release_version=ami_release(group, context.args.kubernetes_version),
        instance_types=list(group.instance_types),
        scaling_config={
            "min_size": group.nodes,
            "desired_size": group.nodes,
            "max_size": group.nodes + 1,
        },
        launch_template={"id": template.id, "version": template.latest_version.apply(str)},
        update_config={"max_unavailable_percentage": MAX_UNAVAILABLE_PERCENTAGE},
        node_repair_config={"enabled": True},
        opts=pulumi.ResourceOptions.merge(
            context.opts(depends_on),
            pulumi.ResourceOptions(replace_on_changes=_REPLACED_BY[group.ami]),
        ),
    )
