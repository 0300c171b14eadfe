"""
Flow logs: records of a network's connections, kept in CloudWatch Logs.

ministack takes any id and role and forgets the role, format and interval: notes keep them. Other
destinations than CloudWatch Logs are not imitated.
"""

from __future__ import annotations

import re

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import role_of_arn, trusts
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema

KIND = "vpc-flow-log"
SERVICE = "vpc-flow-logs.amazonaws.com"
DESTINATION = "cloud-watch-logs"

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
FORMAT = re.compile(r"\$\{[a-z0-9-]+\}( \$\{[a-z0-9-]+\})*")

WATCHED = {
    "eniId": ("network-interface", "NetworkInterface"),
    "subnetId": ("subnet", "Subnet"),
    "vpcId": ("vpc", "VPC"),
}
"""Of what a flow log can be: the property, and what EC2 calls it in lists and in the request."""


class FlowLog(AwsResource):
    """The records of one VPC, subnet or interface."""

    schema = Schema(
        optional={
            **dict.fromkeys(WATCHED, str),
            "iamRoleArn": str,
            "logDestination": str,
            "logDestinationType": {DESTINATION},
            "logFormat": str,
            "maxAggregationInterval": {60, 600},
            "trafficType": {"ACCEPT", "ALL", "REJECT"},
            **TAGS,
            **REGION,
        },
        replace_on={
            *WATCHED,
            "iamRoleArn",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "maxAggregationInterval",
            "trafficType",
        },
        computed={"arn", "logDestination", "logFormat"},
    )
    assumed = ("logFormat", "maxAggregationInterval")

    def refuse(self, news: Properties) -> None:
        """Refuse anything but one thing to watch, and what AWS needs to write somewhere."""
        watched = [name for name in WATCHED if name in news]
        if len(watched) != 1:
            raise Refused(
                f"a flow log must have exactly one of {', '.join(WATCHED)} (got {len(watched)})."
            )
        missing = [
            name
            for name in ("iamRoleArn", "logDestination", "trafficType")
            if news.get(name) is None
        ]
        if missing:
            raise Refused(
                f"'{missing[0]}' of a flow log must be set (it is not). AWS: "
                f"DeliverLogsPermissionArn can't be empty if LogDestinationType is {DESTINATION}",
                missing[0],
            )
        form = news.get("logFormat")
        if isinstance(form, str) and not FORMAT.fullmatch(form):
            raise Refused(
                f"'logFormat' must be fields such as ${{srcaddr}} with spaces between (got "
                f"{form!r}).",
                "logFormat",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if what it watches exists and the service may write."""
        name = next(name for name in WATCHED if name in news)
        kind, word = WATCHED[name]
        ec2.need(cloud, kind, news[name])
        self._check_destination(cloud, news)
        self._check_alone(cloud, news, news[name])
        id: str = cloud.call(
            "ec2",
            "create_flow_logs",
            ResourceIds=[news[name]],
            ResourceType=word,
            LogDestinationType=DESTINATION,
            LogDestination=_destination(news),
            **given(
                news,
                {
                    "iamRoleArn": "DeliverLogsPermissionArn",
                    "logFormat": "LogFormat",
                    "maxAggregationInterval": "MaxAggregationInterval",
                    "trafficType": "TrafficType",
                },
            ),
        )["FlowLogIds"][0]
        kept = ("iamRoleArn", "logFormat", "maxAggregationInterval")
        notes.write(cloud, KIND, id, {"watched": name, **{each: news.get(each) for each in kept}})
        ec2.retag(cloud, id, {}, news["tagsAll"])  # in the request ministack overlooks them
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        found = ec2.find(cloud, KIND, id)
        if found is None:
            return None
        facts = notes.read(cloud, KIND, id)
        return {
            "arn": cloud.arn("ec2", f"{KIND}/{id}"),
            facts.get("watched", "vpcId"): found["ResourceId"],
            "iamRoleArn": facts.get("iamRoleArn"),
            "logDestination": found["LogDestination"],
            "logDestinationType": found["LogDestinationType"],
            "logFormat": facts.get("logFormat") or DEFAULT_FORMAT,
            "maxAggregationInterval": facts.get("maxAggregationInterval") or 600,
            "tagsAll": ec2.tags_of(found),
            "trafficType": found["TrafficType"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it; what it wrote stays."""
        ec2.need(cloud, KIND, id)
        cloud.call("ec2", "delete_flow_logs", FlowLogIds=[id])
        notes.forget(cloud, KIND, id)

    def _check_destination(self, cloud: Cloud, news: Properties) -> None:
        prefix = cloud.arn("logs", "log-group:")
        if not _destination(news).startswith(prefix):
            raise _refused(
                "InvalidParameter",
                f"LogDestination must be a log group in {cloud.region} ({prefix}NAME)",
            )
        role = role_of_arn(cloud, news["iamRoleArn"])
        if role is None or not trusts(role, SERVICE, ["sts:AssumeRole"]):
            raise _refused(
                "InvalidParameter",
                f"Access Denied for LogDestination: Unable to assume given IAM role "
                f"({news['iamRoleArn']} does not exist or does not trust {SERVICE})",
            )

    def _check_alone(self, cloud: Cloud, news: Properties, watched: str) -> None:
        for each in ec2.every(cloud, KIND, ResourceId=watched):
            same = (each["LogDestination"], each["TrafficType"])
            if same == (_destination(news), news["trafficType"]):
                raise _refused(
                    "FlowLogAlreadyExists",
                    "Error. There is an existing Flow Log with the same configuration and log "
                    f"destination. ({each['FlowLogId']})",
                )


def _destination(news: Properties) -> str:
    return str(news["logDestination"]).removesuffix(":*")


def _refused(code: str, message: str) -> AwsRefused:
    return AwsRefused(code, message, operation="EC2: CreateFlowLogs")
