"""The cluster as a resource of EKS: its version, its API server and the endpoints of that."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext
from .logs import LOG_TYPES


def api_server(
    context: BuildContext,
    role: aws.iam.Role,
    key: aws.kms.Key,
    depends_on: Sequence[pulumi.Resource],
) -> aws.eks.Cluster:
    """Make the cluster, after the resources that it needs until it is deleted."""
    return aws.eks.Cluster(
        context.name,
        name=context.name,
        role_arn=role.arn,
        version=context.args.kubernetes_version,
        access_config={
            "authentication_mode": "API",
            "bootstrap_cluster_creator_admin_permissions": False,
        },
        bootstrap_self_managed_addons=False,
        vpc_config=_endpoints(context),
        enabled_cluster_log_types=LOG_TYPES,
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
        upgrade_policy={"support_type": "STANDARD"},
        zonal_shift_config={"enabled": True},
        deletion_protection=context.args.deletion_protection,
        opts=context.opts(depends_on, protect=context.args.deletion_protection),
    )


def _endpoints(context: BuildContext) -> aws.eks.ClusterVpcConfigArgs:
    public = bool(context.args.public_access_cidrs)
    return aws.eks.ClusterVpcConfigArgs(
        subnet_ids=context.args.control_plane_subnet_ids,
        endpoint_private_access=True,
        endpoint_public_access=public,
        public_access_cidrs=list(context.args.public_access_cidrs) if public else None,
    )
