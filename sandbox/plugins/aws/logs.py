"""
CloudWatch log groups.

A group's key must let the log service use it; ministack does not look.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.kms import find_key, key_policy
from sandbox.plugins.aws.policy_documents import allowing
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import Properties, Schema

# 0 is for ever. Source: PutRetentionPolicy, in botocore's model of CloudWatch Logs
_DAYS = "0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653"
RETENTIONS = {int(days) for days in _DAYS.split()}


class LogGroup(AwsResource):
    """Where logs are kept, for how long."""

    schema = Schema(
        optional={
            "name": str,
            "namePrefix": str,
            "retentionInDays": RETENTIONS,
            "kmsKeyId": str,
            "logGroupClass": {"STANDARD", "INFREQUENT_ACCESS"},
            "skipDestroy": bool,
            **TAGS,
            **REGION,
        },
        replace_on={"name", "namePrefix", "logGroupClass"},
        computed={"arn", "name"},
    )
    auto_named = "name"
    prefix_property = "namePrefix"

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its retention."""
        name = self.physical_name(news, limit=512)
        self._check_key(cloud, news)
        extra = {"kmsKeyId": news["kmsKeyId"]} if "kmsKeyId" in news else {}
        if news["tagsAll"]:
            extra["tags"] = news["tagsAll"]
        if "logGroupClass" in news:
            extra["logGroupClass"] = news["logGroupClass"]
        cloud.call("logs", "create_log_group", logGroupName=name, **extra)
        if days := news.get("retentionInDays"):
            cloud.call("logs", "put_retention_policy", logGroupName=name, retentionInDays=days)
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        group = find_group(cloud, id)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        tags = cloud.call("logs", "list_tags_for_resource", resourceArn=arn)["tags"]
        return {
            "arn": arn,
            "kmsKeyId": group.get("kmsKeyId"),
            "logGroupClass": group.get("logGroupClass"),
            "name": group["logGroupName"],
            "retentionInDays": group.get("retentionInDays", 0),
            "tagsAll": tags,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change retention, key and tags."""
        if days := news.get("retentionInDays"):
            cloud.call("logs", "put_retention_policy", logGroupName=id, retentionInDays=days)
        elif olds.get("retentionInDays"):
            cloud.call("logs", "delete_retention_policy", logGroupName=id)
        if "kmsKeyId" in news and news["kmsKeyId"] != olds.get("kmsKeyId"):
            self._check_key(cloud, news)
            key = news["kmsKeyId"]
            cloud.call("logs", "associate_kms_key", logGroupName=id, kmsKeyId=key)
        elif "kmsKeyId" not in news and olds.get("kmsKeyId"):
            cloud.call("logs", "disassociate_kms_key", logGroupName=id)
        old, new = olds["tagsAll"], news["tagsAll"]
        if removed := [key for key in old if key not in new]:
            cloud.call("logs", "untag_resource", resourceArn=olds["arn"], tagKeys=removed)
        if new and new != old:
            cloud.call("logs", "tag_resource", resourceArn=olds["arn"], tags=new)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with what it holds, or only forget it if asked to."""
        if not olds.get("skipDestroy"):
            cloud.call("logs", "delete_log_group", logGroupName=id)

    def _check_key(self, cloud: Cloud, news: Properties) -> None:
        arn = news.get("kmsKeyId")
        if arn is None:
            return
        key = find_key(cloud, arn)
        services = {f"logs.{cloud.region}.amazonaws.com", "logs.amazonaws.com"}
        if key is None or not services & _services(key_policy(cloud, key["KeyId"])):
            group = cloud.arn("logs", f"log-group:{news.get('name', '')}")
            raise AwsRefused(
                "AccessDeniedException",
                "The specified KMS key does not exist or is not allowed to be used with Arn "
                f"'{group}' (its policy must allow logs.{cloud.region}.amazonaws.com)",
                operation="CloudWatch Logs: CreateLogGroup",
            )


def find_group(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a log group by its whole name."""
    answer = cloud.call("logs", "describe_log_groups", logGroupNamePrefix=name)
    for group in answer["logGroups"]:
        if group["logGroupName"] == name:
            return dict(group)
    return None


def _services(policy: str) -> set[str]:
    found: set[str] = set()
    for each in allowing(policy):
        principal = each.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        found |= {services} if isinstance(services, str) else set(services)
    return found
