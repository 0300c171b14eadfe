"""
Records of the connections of a network: who called whom, admitted or not.

The log group is made here, with an end to its memory; the flow log may write to it and nothing
else. It may not make the group, so that records that come late do not bring it back after destroy.
"""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from .plot import Plot

SERVICE = "vpc-flow-logs.amazonaws.com"

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
WRITING = (
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)


def assume_policy(log_group_arn: str, region: str) -> str:
    """Make the policy that lets flow logs of the log group's own account assume the role."""
    partition, account = log_group_arn.split(":")[1], log_group_arn.split(":")[4]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        # Without them, a flow log of another account could make the service write for it.
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*"},
        },
    }
    return _policy(statement)


def writing_policy(log_group_arn: str) -> str:
    """Make the policy that allows to write to one log group."""
    return _policy({"Effect": "Allow", "Action": WRITING, "Resource": f"{log_group_arn}:*"})


def _policy(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def flow_log(plot: Plot, vpc: aws.ec2.Vpc, retention_days: int) -> aws.ec2.FlowLog:
    """Record every connection, and forget it after some days."""
    group = aws.cloudwatch.LogGroup(
        f"{plot.name}-flow-logs",
        name=f"/aws/vpc/{plot.name}/flow-logs",
        retention_in_days=retention_days,
        tags=plot.tags("flow-logs"),
        opts=plot.opts,
    )
    role, rights = _writer(plot, group.arn)
    return aws.ec2.FlowLog(
        f"{plot.name}-flow-logs",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=plot.tags("flow-logs"),
        opts=plot.after([rights]),
    )


def _writer(
    plot: Plot, log_group_arn: pulumi.Output[str]
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    role = aws.iam.Role(
        f"{plot.name}-flow-logs",
        assume_role_policy=log_group_arn.apply(lambda arn: assume_policy(arn, plot.region)),
        tags=plot.tags("flow-logs"),
        opts=plot.opts,
    )
    rights = aws.iam.RolePolicy(
        f"{plot.name}-flow-logs",
        role=role.name,
        policy=log_group_arn.apply(writing_policy),
        opts=plot.opts,
    )
    return role, rights
