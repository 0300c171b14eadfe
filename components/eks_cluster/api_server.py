"""The cluster itself, as EKS knows it: its API server, and who reaches it."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .logs import LOG_TYPES
from .making import Making


def api_server(
    making: Making,
    role: aws.iam.Role,
    key: aws.kms.Key,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.Cluster:
    """Make the cluster, after what it needs as long as it lives."""
    return aws.eks.Cluster(
        making.name,
        name=making.name,
        role_arn=role.arn,
        version=making.args.kubernetes_version,
        access_config={
            "authentication_mode": "API",
            "bootstrap_cluster_creator_admin_permissions": False,
        },
        bootstrap_self_managed_addons=False,
        vpc_config=_endpoints(making),
        enabled_cluster_log_types=LOG_TYPES,
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
        upgrade_policy={"support_type": "STANDARD"},
        zonal_shift_config={"enabled": True},
        deletion_protection=making.args.protect,
        opts=making.opts(depends_on, protect=making.args.protect),
    )


def _endpoints(making: Making) -> aws.eks.ClusterVpcConfigArgs:
    public = bool(making.args.api_access)
    return aws.eks.ClusterVpcConfigArgs(
        subnet_ids=making.args.control_plane_subnet_ids,
        endpoint_private_access=True,
        endpoint_public_access=public,
        public_access_cidrs=list(making.args.api_access) if public else None,
    )
