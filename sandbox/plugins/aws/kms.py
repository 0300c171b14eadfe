"""
KMS keys and their aliases.

A deleted key waits for its end and counts as gone.
"""

from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import Properties

NAME = Text("alias/.{1,250}", "alias/ and a name of at most 250 characters")


class Key(AwsResource):
    """A symmetric key for encryption."""

    schema = Schema(
        required={"enableKeyRotation": {True}},
        optional={"description": str, "deletionWindowInDays": {7}, **TAGS},
        computed={"arn", "keyId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its rotation."""
        made = cloud.call(
            "kms",
            "create_key",
            Description=news.get("description", ""),
            Tags=_pairs(news["tagsAll"]),
        )
        id: str = made["KeyMetadata"]["KeyId"]
        cloud.call("kms", "enable_key_rotation", KeyId=id)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with rotation and tags."""
        key = find_key(cloud, id)
        if key is None:
            return None
        tags = cloud.call("kms", "list_resource_tags", KeyId=id)["Tags"]
        rotation = cloud.call("kms", "get_key_rotation_status", KeyId=id)
        return {
            "arn": key["Arn"],
            "description": key["Description"] or None,
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "keyId": key["KeyId"],
            "tagsAll": {tag["TagKey"]: tag["TagValue"] for tag in tags},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change tags."""
        old, new = olds["tagsAll"], news["tagsAll"]
        if removed := [key for key in old if key not in new]:
            cloud.call("kms", "untag_resource", KeyId=id, TagKeys=removed)
        if new:
            cloud.call("kms", "tag_resource", KeyId=id, Tags=_pairs(new))

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Let it end after its window."""
        if find_key(cloud, id) is not None:
            window = olds.get("deletionWindowInDays", 30)
            cloud.call("kms", "schedule_key_deletion", KeyId=id, PendingWindowInDays=window)


class Alias(AwsResource):
    """A key's name."""

    schema = Schema(required={"name": NAME, "targetKeyId": str}, replace_on={"name"})
    in_place = ("targetKeyId",)
    auto_named = "name"

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Give the key its name."""
        return self._point("create_alias", cloud, news)

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it."""
        for alias in cloud.call("kms", "list_aliases")["Aliases"]:
            if alias["AliasName"] == id:
                return {"name": id, "targetKeyId": alias["TargetKeyId"]}
        return None

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Give the name to another key."""
        self._point("update_alias", cloud, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take the name away."""
        cloud.call("kms", "delete_alias", AliasName=id)

    def _point(self, operation: str, cloud: Cloud, news: Properties) -> str:
        key = find_key(cloud, news["targetKeyId"])
        if key is None:
            raise AwsRefused("NotFoundException", f"Key '{news['targetKeyId']}' does not exist")
        name: str = news["name"]
        cloud.call("kms", operation, AliasName=name, TargetKeyId=key["KeyId"])
        return name


def find_key(cloud: Cloud, id: str) -> dict[str, Any] | None:
    """Look for a key by id or ARN; one that waits for its end does not count."""
    found = cloud.find("kms", "describe_key", KeyId=id)
    key: dict[str, Any] | None = found and found["KeyMetadata"]
    return None if key is None or key["KeyState"] == "PendingDeletion" else key


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
