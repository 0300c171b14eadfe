"""The API server's logs: which there are, and how long they are kept."""

import pulumi_aws as aws

from .making import Making

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


def log_group(making: Making) -> aws.cloudwatch.LogGroup:
    """Make the log group; first and with this name, or EKS makes it, and keeps logs for ever."""
    return aws.cloudwatch.LogGroup(
        f"{making.name}-logs",
        name=f"/aws/eks/{making.name}/cluster",
        retention_in_days=making.args.log_retention_days,
        opts=making.opts(),
    )
