"""CloudWatch log groups."""

from typing import Any

from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import TAGS, AwsResource, name_up_to, retag, tags_of
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

# 0 is for ever, which an import may find.
# Source: PutRetentionPolicy, in botocore's model of CloudWatch Logs
_DAYS = "0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653"
RETENTIONS = {int(days) for days in _DAYS.split()}


class LogGroup(AwsResource):
    """Where logs are stored, for how long."""

    schema = Schema(
        required={"name": name_up_to(512), "retentionInDays": RETENTIONS},
        optional=TAGS,
        replace_on={"name"},
        computed={"arn"},
    )
    auto_named = "name"
    imports = ("name", "retentionInDays")
    in_place = ("retentionInDays",)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its retention."""
        name: str = news["name"]
        tags = {"tags": news["tagsAll"]} if news["tagsAll"] else {}
        cloud.call("logs", "create_log_group", logGroupName=name, **tags)
        self._set_retention(cloud, name, news)
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        group = find_group(cloud, id)
        if group is None:
            return None
        arn = group["arn"].removesuffix(":*")
        return {
            "arn": arn,
            "name": group["logGroupName"],
            "retentionInDays": group.get("retentionInDays", 0),
            "tagsAll": tags_of(cloud, "logs", arn),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change retention and tags."""
        self._set_retention(cloud, id, news)
        retag(cloud, "logs", olds["arn"], olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with what it holds."""
        cloud.call("logs", "delete_log_group", logGroupName=id)

    def _set_retention(self, cloud: Cloud, name: str, news: Properties) -> None:
        days = news["retentionInDays"]
        cloud.call("logs", "put_retention_policy", logGroupName=name, retentionInDays=days)


def find_group(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Look for a log group by its whole name."""
    groups = cloud.call("logs", "describe_log_groups", logGroupNamePrefix=name)["logGroups"]
    return next((dict(group) for group in groups if group["logGroupName"] == name), None)
