"""
A VPC's own security group, taken over: all its rules go, and none are there but the given ones.

Whatever is started without a group gets this one. Nobody can delete it; it goes with its VPC, so
destroying the resource only forgets it, and leaves it without rules.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.aws.security_groups import INLINE_RULE, allow_rules
from sandbox.plugins.framework import Properties, Schema


class DefaultSecurityGroup(AwsResource):
    """The group that came with a VPC."""

    schema = Schema(
        optional={
            "egress": [INLINE_RULE],
            "ingress": [INLINE_RULE],
            "revokeRulesOnDelete": bool,
            "vpcId": str,
            **TAGS,
            **REGION,
        },
        replace_on={"vpcId"},
        computed={"arn", "description", "egress", "ingress", "name", "ownerId", "vpcId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Take it over: other tags, other rules."""
        vpc = news.get("vpcId") or ec2.every(cloud, "vpc", IsDefault=True)[0]["VpcId"]
        ec2.need(cloud, "vpc", vpc)
        [group] = ec2.every(cloud, "security-group", VpcId=vpc, GroupName="default")
        id: str = group["GroupId"]
        ec2.retag(cloud, id, ec2.tags_of(group), news["tagsAll"])
        _revoke_all(cloud, id)
        allow_rules(cloud, id, news)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with all its rules, whoever made them."""
        group = ec2.find(cloud, "security-group", id)
        if group is None:
            return None
        return {
            "arn": cloud.arn("ec2", f"security-group/{id}"),
            "description": group["Description"],
            "egress": _as_given(known.get("egress"), _rules(group, "IpPermissionsEgress")),
            "ingress": _as_given(known.get("ingress"), _rules(group, "IpPermissions")),
            "name": group["GroupName"],
            "ownerId": group["OwnerId"],
            "tagsAll": ec2.tags_of(group),
            "vpcId": group["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change rules and tags."""
        _revoke_all(cloud, id)
        allow_rules(cloud, id, news)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Only forget it."""


def _revoke_all(cloud: Cloud, id: str) -> None:
    group = ec2.need(cloud, "security-group", id)
    for direction, key in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        if permissions := group[key]:
            cloud.call(
                "ec2",
                f"revoke_security_group_{direction}",
                GroupId=id,
                IpPermissions=[_request(each) for each in permissions],
            )


def _request(permission: ec2.Item) -> ec2.Item:
    """Give what a description says in the form of a request: without empty parts."""
    return {key: value for key, value in permission.items() if value != []}


def _rules(group: ec2.Item, key: str) -> list[Properties]:
    """Turn a description's permissions into rules inside of the group."""
    return [_rule(group["GroupId"], permission) for permission in group[key]]


def _rule(own: str, permission: ec2.Item) -> Properties:
    groups = [pair["GroupId"] for pair in permission.get("UserIdGroupPairs", [])]
    rule: dict[str, Any] = {
        "fromPort": permission.get("FromPort", 0),
        "toPort": permission.get("ToPort", 0),
        "protocol": permission["IpProtocol"],
    }
    if cidrs := [each["CidrIp"] for each in permission.get("IpRanges", [])]:
        rule["cidrBlocks"] = cidrs
    if others := [each for each in groups if each != own]:
        rule["securityGroups"] = others
    if own in groups:
        rule["self"] = True
    return rule


def _as_given(given: Any, found: list[Properties]) -> list[Properties]:
    """Give the program's own words for rules that allow the same; their order means nothing."""
    if not isinstance(given, list):
        return found
    plain = [{key: each[key] for key in each if key != "description"} for each in given]
    same = all(each in plain for each in found) and len(found) == len(plain)
    return given if same else found
