"""
Security groups, and ingress rules that are resources of their own.

Rules inside of a group are known too; as with the genuine provider, a group without them allows
nothing out, since AWS' own rule that allows everything is taken away.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.addresses import network
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import UNKNOWN, Properties, Refused, Schema

INLINE_RULE = Schema(
    required={"fromPort": int, "toPort": int, "protocol": str},
    optional={"cidrBlocks": [str], "securityGroups": [str], "self": bool, "description": str},
)

# Each way, and for IPv4 and IPv6 apart; here together.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
RULES_LIMIT = 60

ALLOW_ALL = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


class SecurityGroup(AwsResource):
    """A security group of a VPC."""

    schema = Schema(
        optional={
            "name": str,
            "namePrefix": str,
            "description": str,
            "vpcId": str,
            "ingress": [INLINE_RULE],
            "egress": [INLINE_RULE],
            "revokeRulesOnDelete": bool,
            **TAGS,
            **REGION,
        },
        replace_on={"name", "namePrefix", "description", "vpcId"},
        computed={"arn", "name", "ownerId", "vpcId"},
    )
    auto_named = "name"
    prefix_property = "namePrefix"

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with exactly the rules that are given."""
        vpc = news.get("vpcId") or ec2.every(cloud, "vpc", IsDefault=True)[0]["VpcId"]
        ec2.need(cloud, "vpc", vpc)
        id: str = cloud.call(
            "ec2",
            "create_security_group",
            GroupName=self.physical_name(news, limit=255),
            Description=news.get("description", "Managed by Pulumi"),
            VpcId=vpc,
            TagSpecifications=ec2.tagging("security-group", news["tagsAll"]),
        )["GroupId"]
        cloud.call("ec2", "revoke_security_group_egress", GroupId=id, IpPermissions=[ALLOW_ALL])
        allow_rules(cloud, id, news)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it; of its rules only those that the program gives here."""
        group = ec2.find(cloud, "security-group", id)
        if group is None:
            return None
        return {
            "arn": cloud.arn("ec2", f"security-group/{id}"),
            "description": group["Description"],
            "name": group["GroupName"],
            "ownerId": group["OwnerId"],
            "tagsAll": ec2.tags_of(group),
            "vpcId": group["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change rules and tags."""
        for direction in ("ingress", "egress"):
            if old := _permissions(id, olds.get(direction, [])):
                cloud.call(
                    "ec2", f"revoke_security_group_{direction}", GroupId=id, IpPermissions=old
                )
        allow_rules(cloud, id, news)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something uses it."""
        ec2.need(cloud, "security-group", id)
        users = [
            each["NetworkInterfaceId"]
            for each in ec2.interfaces(cloud)
            if any(group["GroupId"] == id for group in each["Groups"])
        ] + [
            each["GroupId"]
            for each in ec2.every(cloud, "security-group-rule")
            if each.get("ReferencedGroupInfo", {}).get("GroupId") == id and each["GroupId"] != id
        ]
        if users:
            raise AwsRefused(
                "DependencyViolation",
                f"resource {id} has a dependent object ({users[0]})",
                operation="EC2: DeleteSecurityGroup",
            )
        cloud.call("ec2", "delete_security_group", GroupId=id)


SOURCES = ("cidrIpv4", "cidrIpv6", "referencedSecurityGroupId")


class SecurityGroupIngressRule(AwsResource):
    """One rule that lets traffic in."""

    schema = Schema(
        required={"securityGroupId": str, "ipProtocol": str},
        optional={
            **dict.fromkeys(SOURCES, str),
            "fromPort": int,
            "toPort": int,
            "description": str,
            **TAGS,
            **REGION,
        },
        replace_on={"securityGroupId"},
        computed={"arn", "securityGroupRuleId"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse anything but one source, and ports that are missing or mean nothing."""
        if len([name for name in SOURCES if name in news]) != 1:
            raise Refused(f"an ingress rule must have exactly one of {', '.join(SOURCES)}.")
        if isinstance(cidr := news.get("cidrIpv4"), str):
            network("cidrIpv4", cidr)
        if news["ipProtocol"] is UNKNOWN:
            return
        everything = news["ipProtocol"] == "-1"
        ports = [name for name in ("fromPort", "toPort") if name in news]
        if len(ports) != (0 if everything else 2):
            raise Refused(
                "'fromPort' and 'toPort' must both be set, and for ipProtocol -1 neither "
                f"(got {ports or 'neither'}).",
                "fromPort",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Add it to its group."""
        group = news["securityGroupId"]
        ec2.need(cloud, "security-group", group)
        if source := news.get("referencedSecurityGroupId"):
            ec2.need(cloud, "security-group", source)
        wanted = _rule(news)
        for each in ec2.every(cloud, "security-group-rule", GroupId=group):
            if not each["IsEgress"] and _same(each, wanted):
                raise AwsRefused(
                    "InvalidPermission.Duplicate",
                    f"the specified rule already exists ({each['SecurityGroupRuleId']})",
                    operation="EC2: AuthorizeSecurityGroupIngress",
                )
        _check_quota(cloud, group, "ingress", 1)
        made = cloud.call(
            "ec2",
            "authorize_security_group_ingress",
            GroupId=group,
            IpPermissions=[_permission_of_rule(news)],
            TagSpecifications=ec2.tagging("security-group-rule", news["tagsAll"]),
        )
        id: str = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        rule = ec2.find(cloud, "security-group-rule", id)
        if rule is None:
            return None
        everything = rule["IpProtocol"] == "-1"
        return {
            "arn": rule["SecurityGroupRuleArn"],
            "cidrIpv4": rule.get("CidrIpv4"),
            "cidrIpv6": rule.get("CidrIpv6"),
            "description": rule.get("Description"),
            "fromPort": None if everything else rule["FromPort"],
            "ipProtocol": rule["IpProtocol"],
            "referencedSecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
            "securityGroupId": rule["GroupId"],
            "securityGroupRuleId": id,
            "tagsAll": ec2.tags_of(rule),
            "toPort": None if everything else rule["ToPort"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change what it allows, and its tags."""
        if source := news.get("referencedSecurityGroupId"):
            ec2.need(cloud, "security-group", source)
        cloud.call(
            "ec2",
            "modify_security_group_rules",
            GroupId=news["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": id, "SecurityGroupRule": _rule(news)}],
        )
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Take it from its group."""
        ec2.need(cloud, "security-group-rule", id)
        group = olds["securityGroupId"]
        cloud.call("ec2", "revoke_security_group_ingress", GroupId=group, SecurityGroupRuleIds=[id])


def allow_rules(cloud: Cloud, id: str, news: Properties) -> None:
    """Add the rules that a program gives inside of a group."""
    for direction in ("ingress", "egress"):
        rules = news.get(direction, [])
        for rule in rules:
            for group in rule.get("securityGroups", []):
                ec2.need(cloud, "security-group", group)
        if new := _permissions(id, rules):
            count = sum(len(each["IpRanges"]) + len(each["UserIdGroupPairs"]) for each in new)
            _check_quota(cloud, id, direction, count)
            cloud.call(
                "ec2", f"authorize_security_group_{direction}", GroupId=id, IpPermissions=new
            )


def _check_quota(cloud: Cloud, id: str, direction: str, more: int) -> None:
    rules = ec2.every(cloud, "security-group-rule", GroupId=id, IsEgress=direction == "egress")
    if len(rules) + more > RULES_LIMIT:
        raise AwsRefused(
            "RulesPerSecurityGroupLimitExceeded",
            f"The maximum number of rules per security group has been reached. ({id}: "
            f"{len(rules)} of {RULES_LIMIT} {direction} rules, {more} more asked for)",
            operation=f"EC2: AuthorizeSecurityGroup{direction.capitalize()}",
        )


def _permissions(id: str, rules: list[Properties]) -> list[dict[str, Any]]:
    """Turn rules inside of a group into the form of requests."""
    permissions = []
    for rule in rules:
        note = given(rule, {"description": "Description"})
        groups = [*rule.get("securityGroups", []), *([id] if rule.get("self") else [])]
        permission = {
            "IpProtocol": rule["protocol"],
            "IpRanges": [{"CidrIp": each, **note} for each in rule.get("cidrBlocks", [])],
            "UserIdGroupPairs": [{"GroupId": each, **note} for each in groups],
        }
        if rule["protocol"] != "-1":
            permission |= {"FromPort": rule["fromPort"], "ToPort": rule["toPort"]}
        permissions.append(permission)
    return permissions


def _permission_of_rule(news: Properties) -> dict[str, Any]:
    note = given(news, {"description": "Description"})
    permission = given(
        news, {"ipProtocol": "IpProtocol", "fromPort": "FromPort", "toPort": "ToPort"}
    )
    if cidr := news.get("cidrIpv4"):
        permission["IpRanges"] = [{"CidrIp": cidr, **note}]
    elif cidr := news.get("cidrIpv6"):
        permission["Ipv6Ranges"] = [{"CidrIpv6": cidr, **note}]
    else:
        group = news["referencedSecurityGroupId"]
        permission["UserIdGroupPairs"] = [{"GroupId": group, **note}]
    return permission


def _rule(news: Properties) -> dict[str, Any]:
    names = {
        "ipProtocol": "IpProtocol",
        "fromPort": "FromPort",
        "toPort": "ToPort",
        "cidrIpv4": "CidrIpv4",
        "cidrIpv6": "CidrIpv6",
        "referencedSecurityGroupId": "ReferencedGroupId",
        "description": "Description",
    }
    return given(news, names)


def _same(rule: ec2.Item, wanted: dict[str, Any]) -> bool:
    found = {**rule, "ReferencedGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId")}
    keys = {"IpProtocol", "CidrIpv4", "CidrIpv6", "ReferencedGroupId"}
    if wanted["IpProtocol"] != "-1":
        keys |= {"FromPort", "ToPort"}
    return all(found.get(key) == wanted.get(key) for key in keys)
