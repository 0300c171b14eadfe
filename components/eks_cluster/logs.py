"""The log group of the control plane, and its retention."""

import pulumi_aws as aws

from .. import names
from .build_context import BuildContext

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def log_group(context: BuildContext) -> aws.cloudwatch.LogGroup:
    """Make the log group, before EKS would make one of this name that never expires."""
    return aws.cloudwatch.LogGroup(
        f"{context.name}-logs",
        name=names.control_plane_log_group(context.name),
        retention_in_days=context.args.log_retention_days,
        opts=context.opts(),
    )
