"""
Security groups, and ingress rules, which are resources of their own.

As with the genuine provider, a group lets nothing out: AWS' own rule that allows everything is
taken away.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any, ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, given, name_up_to
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

ALLOW_ALL = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


GROUP = {"description": "Description", "name": "GroupName", "vpcId": "VpcId"}


class SecurityGroup(ec2.Resource):
    """A security group of a VPC."""

    kind = "security-group"
    outputs = GROUP
    schema = Schema(
        required={"description": str, "vpcId": str},
        optional={"name": name_up_to(255), **TAGS},
        replace_on={"name", "description", "vpcId"},
    )
    auto_named = "name"

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it without rules."""
        ec2.need(cloud, "vpc", news["vpcId"])
        id = self.ask(
            cloud,
            news,
            GroupName=news["name"],
            Description=news["description"],
            VpcId=news["vpcId"],
        )
        cloud.call("ec2", "revoke_security_group_egress", GroupId=id, IpPermissions=[ALLOW_ALL])
        return id

    def users(self, cloud: Cloud, item: ec2.Item) -> Iterator[str]:
        """Name the interfaces that have it."""
        for each in ec2.interfaces(cloud):
            if any(group["GroupId"] == item["GroupId"] for group in each["Groups"]):
                yield each["NetworkInterfaceId"]


RULES = {"egress": "IpPermissionsEgress", "ingress": "IpPermissions"}


class DefaultSecurityGroup(ec2.Resource):
    """
    The group that came with a VPC, taken over: all its rules go.

    Whatever is started without a group gets this one. Nobody can delete it; it goes with its VPC,
    so destroying the resource only forgets it, and leaves it without rules.
    """

    kind = "security-group"
    outputs = GROUP
    schema = Schema(
        required={"vpcId": str},
        optional={**{name: [object] for name in RULES}, **TAGS},
        replace_on={"vpcId"},
    )
    in_place = frozenset(RULES)

    def refuse(self, news: Properties) -> None:
        """Refuse rules, which are not imitated here."""
        for name in RULES:
            if isinstance(rules := news.get(name), list) and rules:
                raise Refused(
                    f"'{name}' must be empty in the sandbox (got {len(rules)} rules). Use: a "
                    "group of your own",
                    name,
                )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Take it over: other tags, no rules."""
        ec2.need(cloud, "vpc", news["vpcId"])
        [group] = ec2.every(cloud, "security-group", VpcId=news["vpcId"], GroupName="default")
        id: str = group["GroupId"]
        self.change(cloud, id, {"tagsAll": ec2.tags_of(group)}, news)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give all its rules, whoever made them."""
        return {name: item[key] for name, key in RULES.items()}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Take its rules away, change its tags."""
        group = ec2.need(cloud, "security-group", id)
        for direction, key in RULES.items():
            if rules := [_without_empty_parts(each) for each in group[key]]:
                operation = f"revoke_security_group_{direction}"
                cloud.call("ec2", operation, GroupId=id, IpPermissions=rules)
        super().change(cloud, id, olds, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Only forget it."""


MATCHING = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "toPort": "ToPort",
}
"""What makes two rules the same."""


class SecurityGroupIngressRule(ec2.Resource):
    """One rule that lets traffic in from a range."""

    kind = "security-group-rule"
    outputs: ClassVar = {
        **MATCHING,
        "description": "Description",
        "securityGroupId": "GroupId",
    }
    schema = Schema(
        required={"fromPort": int, "ipProtocol": {"tcp"}, "securityGroupId": str, "toPort": int},
        optional={"cidrIpv4": IPv4Network, "cidrIpv6": str, "description": str, **TAGS},
        replace_on={"securityGroupId"},
    )
    in_place = frozenset({*MATCHING, "description"})

    def refuse(self, news: Properties) -> None:
        """Refuse anything but one source."""
        if ("cidrIpv4" in news) == ("cidrIpv6" in news):
            raise Refused("an ingress rule must have exactly one of cidrIpv4, cidrIpv6.")

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Add it to its group, if it is no other's duplicate."""
        group = news["securityGroupId"]
        ec2.need(cloud, "security-group", group)
        self._check_duplicate(cloud, "", news)
        made = cloud.call(
            "ec2",
            "authorize_security_group_ingress",
            GroupId=group,
            IpPermissions=[_permission(news)],
            TagSpecifications=ec2.tagging(self.kind, news["tagsAll"]),
        )
        id: str = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return id

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change what it allows, and its tags."""
        self._check_duplicate(cloud, id, news)
        rule = {**given(news, MATCHING), **given(news, {"description": "Description"})}
        cloud.call(
            "ec2",
            "modify_security_group_rules",
            GroupId=news["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": id, "SecurityGroupRule": rule}],
        )
        super().change(cloud, id, olds, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take it from its group."""
        ec2.need(cloud, self.kind, id)
        group = olds["securityGroupId"]
        cloud.call("ec2", "revoke_security_group_ingress", GroupId=group, SecurityGroupRuleIds=[id])

    def _check_duplicate(self, cloud: Cloud, id: str, news: Properties) -> None:
        """Refuse a rule that another one is already; ministack takes both."""
        same = {"GroupId": news["securityGroupId"], "IsEgress": False, **given(news, MATCHING)}
        for other in ec2.every(cloud, self.kind, **same):
            if other["SecurityGroupRuleId"] != id:
                raise AwsRefused(
                    "InvalidPermission.Duplicate",
                    f"the specified rule already exists ({other['SecurityGroupRuleId']})",
                )


def _permission(news: Properties) -> dict[str, Any]:
    note = given(news, {"description": "Description"})
    permission = given(
        news, {"ipProtocol": "IpProtocol", "fromPort": "FromPort", "toPort": "ToPort"}
    )
    if cidr := news.get("cidrIpv4"):
        return {**permission, "IpRanges": [{"CidrIp": cidr, **note}]}
    return {**permission, "Ipv6Ranges": [{"CidrIpv6": news["cidrIpv6"], **note}]}


def _without_empty_parts(permission: ec2.Item) -> ec2.Item:
    return {key: value for key, value in permission.items() if value != []}
