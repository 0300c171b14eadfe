"""
A VPC's own security group, taken over: all its rules go.

Whatever is started without a group gets this one. Nobody can delete it; it goes with its VPC, so
destroying the resource only forgets it, and leaves it without rules.
"""

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import TAGS, Ec2Resource
from sandbox.plugins.aws.security_groups import GROUP
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

RULES = {"egress": "IpPermissionsEgress", "ingress": "IpPermissions"}


class DefaultSecurityGroup(Ec2Resource):
    """The group that came with a VPC, without rules."""

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


def _without_empty_parts(permission: ec2.Item) -> ec2.Item:
    return {key: value for key, value in permission.items() if value != []}
