"""
KMS keys and their aliases.

A deleted key waits for its end and counts as gone. ministack takes any text as a key's policy; here
a policy that would lock everybody out is refused, as AWS does.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.policy_documents import allowing
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import Naming, Properties, Refused, Schema


class Key(AwsResource):
    """A symmetric key for encryption."""

    schema = Schema(
        optional={
            "description": str,
            "enableKeyRotation": bool,
            "rotationPeriodInDays": int,
            "deletionWindowInDays": int,
            "policy": str,
            "isEnabled": bool,
            "keyUsage": {"ENCRYPT_DECRYPT"},
            "customerMasterKeySpec": {"SYMMETRIC_DEFAULT"},
            "multiRegion": {False},
            **TAGS,
            **REGION,
        },
        replace_on={"keyUsage", "customerMasterKeySpec", "multiRegion"},
        computed={"arn", "keyId", "policy"},
    )
    policies = ("policy",)

    def refuse(self, news: Properties) -> None:
        """Refuse periods that AWS does not offer."""
        for name, least, most in (
            ("deletionWindowInDays", 7, 30),
            ("rotationPeriodInDays", 90, 2560),
        ):
            value = news.get(name)
            if isinstance(value, int) and not least <= value <= most:
                raise Refused(f"'{name}' must be {least} to {most} (got {value}).", name)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its policy and rotation."""
        self._check_policy(cloud, news)
        id: str = cloud.call(
            "kms",
            "create_key",
            Description=news.get("description", ""),
            Tags=_pairs(news["tagsAll"]),
            **({"Policy": news["policy"]} if "policy" in news else {}),
        )["KeyMetadata"]["KeyId"]
        self._settle(cloud, id, news)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with policy, rotation and tags."""
        key = find_key(cloud, id)
        if key is None:
            return None
        rotation = cloud.call("kms", "get_key_rotation_status", KeyId=id)
        rotates = rotation["KeyRotationEnabled"]
        tags = cloud.call("kms", "list_resource_tags", KeyId=id)["Tags"]
        return {
            "arn": key["Arn"],
            "customerMasterKeySpec": key["KeySpec"],
            "description": key["Description"] or None,
            "enableKeyRotation": rotates,
            "isEnabled": key["Enabled"],
            "keyId": key["KeyId"],
            "keyUsage": key["KeyUsage"],
            "multiRegion": key["MultiRegion"],
            "policy": key_policy(cloud, id),
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays") if rotates else None,
            "tagsAll": {tag["TagKey"]: tag["TagValue"] for tag in tags},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change description, policy, rotation and tags."""
        self._check_policy(cloud, news)
        cloud.call(
            "kms", "update_key_description", KeyId=id, Description=news.get("description", "")
        )
        if "policy" in news and news["policy"] != olds.get("policy"):
            policy = news["policy"]
            cloud.call("kms", "put_key_policy", KeyId=id, PolicyName="default", Policy=policy)
        self._settle(cloud, id, news)
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

    def _settle(self, cloud: Cloud, id: str, news: Properties) -> None:
        if news.get("enableKeyRotation"):
            period = news.get("rotationPeriodInDays", 365)
            cloud.call("kms", "enable_key_rotation", KeyId=id, RotationPeriodInDays=period)
        else:
            cloud.call("kms", "disable_key_rotation", KeyId=id)
        operation = "enable_key" if news.get("isEnabled", True) else "disable_key"
        cloud.call("kms", operation, KeyId=id)

    def _check_policy(self, cloud: Cloud, news: Properties) -> None:
        policy = news.get("policy")
        if policy is None:
            return
        root = cloud.arn("iam", "root", regional=False)
        owners = {root, cloud.account, "*"}
        for each in allowing(policy):
            principal = each.get("Principal", {})
            named = principal.get("AWS", []) if isinstance(principal, dict) else [principal]
            named = named if isinstance(named, list) else [named]
            if owners & set(named) and {"kms:*", "kms:PutKeyPolicy", "*"} & set(each["Action"]):
                return
        raise AwsRefused(
            "MalformedPolicyDocumentException",
            "The new key policy will not allow you to update the key policy in the future. "
            f"(It must allow kms:* to {root}.)",
            operation="KMS: CreateKey",
        )


class Alias(AwsResource):
    """A key's name."""

    schema = Schema(
        required={"targetKeyId": str},
        optional={"name": str, **REGION},
        replace_on={"name"},
        computed={"arn", "name", "targetKeyArn"},
    )
    auto_named = "name"

    def named(self, news: Properties, olds: Properties | None, naming: Naming) -> Properties:
        """Begin a name of our own as aliases must begin."""
        named = super().named(news, olds, naming)
        ours = news.get("name") is None and isinstance(named.get("name"), str)
        if ours and not named["name"].startswith("alias/"):
            return {**named, "name": f"alias/{named['name']}"}
        return named

    def refuse(self, news: Properties) -> None:
        """Refuse other beginnings."""
        name = news["name"]
        if isinstance(name, str) and (
            not name.startswith("alias/") or name.startswith("alias/aws/")
        ):
            raise Refused(
                f"'name' must begin with alias/ and not with alias/aws/ (got {name!r}).", "name"
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Give the key its name."""
        key = need_key(cloud, news["targetKeyId"])
        name: str = news["name"]
        cloud.call("kms", "create_alias", AliasName=name, TargetKeyId=key["KeyId"])
        return name

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it."""
        for alias in cloud.call("kms", "list_aliases")["Aliases"]:
            if alias["AliasName"] == id:
                key = find_key(cloud, alias["TargetKeyId"])
                by_arn = known.get("targetKeyId", "").startswith("arn:")
                arn = key["Arn"] if key else None
                return {
                    "arn": alias["AliasArn"],
                    "name": id,
                    "targetKeyArn": arn,
                    "targetKeyId": arn if by_arn else alias["TargetKeyId"],
                }
        return None

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Give the name to another key."""
        key = need_key(cloud, news["targetKeyId"])
        cloud.call("kms", "update_alias", AliasName=id, TargetKeyId=key["KeyId"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take the name away."""
        cloud.call("kms", "delete_alias", AliasName=id)


def find_key(cloud: Cloud, id: str) -> dict[str, Any] | None:
    """Look for a key by id or ARN; one that waits for its end does not count."""
    try:
        key: dict[str, Any] = cloud.call("kms", "describe_key", KeyId=id)["KeyMetadata"]
    except AwsRefused as refused:
        if refused.means_gone:
            return None
        raise
    return None if key["KeyState"] == "PendingDeletion" else key


def need_key(cloud: Cloud, id: str) -> dict[str, Any]:
    """Give a key that can be used in this region, or refuse as AWS does."""
    key = find_key(cloud, id)
    if key is None or f":{cloud.region}:" not in key["Arn"] or not key["Enabled"]:
        raise AwsRefused("NotFoundException", f"Key '{id}' does not exist in {cloud.region}")
    return key


def key_policy(cloud: Cloud, id: str) -> str:
    """Read a key's policy."""
    answer = cloud.call("kms", "get_key_policy", KeyId=id, PolicyName="default")
    policy: str = answer["Policy"]
    return policy


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]
