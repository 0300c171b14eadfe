"""
Flow logs: records of a VPC's connections, stored in CloudWatch Logs.

ministack takes any id and role, and forgets the role.
"""

from typing import ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import role_of_arn, trusts
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import Properties

SERVICE = "vpc-flow-logs.amazonaws.com"


class FlowLog(ec2.Resource):
    """The records of one VPC; what was written stays when it is deleted."""

    kind = "vpc-flow-log"
    forgotten = ("iamRoleArn",)
    outputs: ClassVar = {
        "logDestination": "LogDestination",
        "logDestinationType": "LogDestinationType",
        "trafficType": "TrafficType",
        "vpcId": "ResourceId",
    }
    schema = Schema(
        required={
            "iamRoleArn": str,
            "logDestination": Text("arn:aws:logs:.+:log-group:.+", "the ARN of a log group"),
            "logDestinationType": {"cloud-watch-logs"},
            "trafficType": {"ALL"},
            "vpcId": str,
        },
        optional=TAGS,
        replace_on={"iamRoleArn", "logDestination", "logDestinationType", "trafficType", "vpcId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the VPC exists and the service may write."""
        ec2.need(cloud, "vpc", news["vpcId"])
        self._check_role(cloud, news)
        self._check_alone(cloud, news)
        id: str = cloud.call(
            "ec2",
            "create_flow_logs",
            ResourceIds=[news["vpcId"]],
            ResourceType="VPC",
            LogDestinationType=news["logDestinationType"],
            LogDestination=news["logDestination"],
            DeliverLogsPermissionArn=news["iamRoleArn"],
            TrafficType=news["trafficType"],
        )["FlowLogIds"][0]
        ec2.retag(cloud, id, {}, news["tagsAll"])  # in the request ministack overlooks them
        return id

    def _check_role(self, cloud: Cloud, news: Properties) -> None:
        role = role_of_arn(cloud, news["iamRoleArn"])
        if role is None or not trusts(role, SERVICE, ["sts:AssumeRole"]):
            raise AwsRefused(
                "InvalidParameter",
                f"Access Denied for LogDestination: Unable to assume given IAM role "
                f"({news['iamRoleArn']} does not exist or does not trust {SERVICE})",
            )

    def _check_alone(self, cloud: Cloud, news: Properties) -> None:
        same = {"LogDestination": news["logDestination"], "TrafficType": news["trafficType"]}
        for each in ec2.every(cloud, self.kind, ResourceId=news["vpcId"], **same):
            raise AwsRefused(
                "FlowLogAlreadyExists",
                "Error. There is an existing Flow Log with the same configuration and log "
                f"destination. ({each['FlowLogId']})",
            )
