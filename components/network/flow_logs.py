"""
Flow logs: the connections of a network, accepted or rejected.

The log group is made here, with a retention; the flow log may write to it and nothing else. It may
not create the group, so that late records do not recreate it after `pulumi destroy`.
"""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext

SERVICE = "vpc-flow-logs.amazonaws.com"

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
WRITING = (
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
)


def assume_policy(log_group_arn: str, region: str) -> str:
    """Make the policy that allows flow logs of the log group's account to assume the role."""
    partition, account = log_group_arn.split(":")[1], log_group_arn.split(":")[4]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        # Otherwise a flow log of another account could make the service write for it.
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


def flow_log(context: BuildContext, vpc: aws.ec2.Vpc, retention_days: int) -> aws.ec2.FlowLog:
    """Make the flow log of every connection, and its log group."""
    group = aws.cloudwatch.LogGroup(
        f"{context.name}-flow-logs",
        name=f"/aws/vpc/{context.name}/flow-logs",
        retention_in_days=retention_days,
        tags=context.tags("flow-logs"),
        opts=context.opts,
    )
    role, rights = _writer(context, group.arn)
    return aws.ec2.FlowLog(
        f"{context.name}-flow-logs",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=context.tags("flow-logs"),
        opts=context.after([rights]),
    )


def _writer(
    context: BuildContext, log_group_arn: pulumi.Output[str]
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    role = aws.iam.Role(
        f"{context.name}-flow-logs",
        assume_role_policy=log_group_arn.apply(lambda arn: assume_policy(arn, context.region)),
        tags=context.tags("flow-logs"),
        opts=context.opts,
    )
    rights = aws.iam.RolePolicy(
        f"{context.name}-flow-logs",
        role=role.name,
        policy=log_group_arn.apply(writing_policy),
        opts=context.opts,
    )
    return role, rights
