"""
The target groups of a Service's load balancer in AWS, and the pods in them.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.balancers.account import Account
from sandbox.balancers.balancer import tags_of, with_tags
from sandbox.balancers.model import CLUSTER_TAG, RESOURCE_TAG, STACK_TAG, TargetGroup, Wanted
from sandbox.plugins.aws.ec2 import pairs

Item = dict[str, Any]


def find(account: Account, tags: Mapping[str, str]) -> list[Item]:
    """Find the groups that have these tags."""
    groups = account.call("elbv2", "describe_target_groups")["TargetGroups"]
    return with_tags(account, groups, "TargetGroupArn", tags)


def keep(account: Account, wanted: Wanted, vpc: str) -> dict[int, str]:
    """Make the groups or bring them up to date; give their ARNs by listener port."""
    own = {key: wanted.tags[key] for key in (CLUSTER_TAG, STACK_TAG)}
    there = {each["TargetGroupName"]: each for each in find(account, own)}
    found = {}
    for group in wanted.target_groups:
        tags = {**wanted.tags, RESOURCE_TAG: group.resource}
        item = there.get(group.name)
        if item is None:
            item = _make(account, group, tags, vpc)
        else:
            _update(account, item, group, tags)
        arn = item["TargetGroupArn"]
        _keep_attributes(account, arn, tags, wanted.asked.target_group_attributes)
        _keep_targets(account, arn, group, tags)
        found[group.listener_port] = arn
    return found


def remove(account: Account, group: Item, tags: Mapping[str, str]) -> None:
    """Delete a group; no listener may lead to it any more."""
    arn = group["TargetGroupArn"]
    account.call("elbv2", "delete_target_group", on=arn, has=tags, TargetGroupArn=arn)


def _make(account: Account, group: TargetGroup, tags: Mapping[str, str], vpc: str) -> Item:
    made = account.create(
        "elbv2",
        "create_target_group",
        on=account.balancing_arn(f"targetgroup/{group.name}/*"),
        tags=tags,
        Name=group.name,
        Protocol="TCP",
        Port=group.port,
        VpcId=vpc,
        TargetType="ip",
        IpAddressType="ipv4",
        Tags=pairs(tags),
        **_health_check(group),
    )
    return dict(made["TargetGroups"][0])


def _update(account: Account, item: Item, group: TargetGroup, tags: Mapping[str, str]) -> None:
    check, arn = _health_check(group), item["TargetGroupArn"]
    account.retag("elbv2", arn, arn, tags_of(account, [arn])[arn], tags)
    if any(item.get(key) != value for key, value in check.items()):
        account.call("elbv2", "modify_target_group", on=arn, has=tags, TargetGroupArn=arn, **check)


def _health_check(group: TargetGroup) -> Item:
    check = group.health_check
    web: Item = {}
    if check.path is not None:
        web = {"HealthCheckPath": check.path, "Matcher": {"HttpCode": "200-399"}}
    return {
        "HealthCheckProtocol": check.protocol,
        "HealthCheckPort": check.port,
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 10,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 3,
        **web,
    }


def _keep_attributes(
    account: Account, arn: str, tags: Mapping[str, str], wanted: Mapping[str, str]
) -> None:
    answer = account.call("elbv2", "describe_target_group_attributes", TargetGroupArn=arn)
    there = {each["Key"]: each["Value"] for each in answer["Attributes"]}
    changed = {key: value for key, value in wanted.items() if there.get(key) != value}
    if changed:
        account.call(
            "elbv2",
            "modify_target_group_attributes",
            on=arn,
            has=tags,
            TargetGroupArn=arn,
            Attributes=pairs(changed),
        )


def _keep_targets(account: Account, arn: str, group: TargetGroup, tags: Mapping[str, str]) -> None:
    answer = account.call("elbv2", "describe_target_health", TargetGroupArn=arn)
    there = {
        (each["Target"]["Id"], each["Target"]["Port"])
        for each in answer["TargetHealthDescriptions"]
    }
    for operation, changed in (
        ("register_targets", group.targets - there),
        ("deregister_targets", there - group.targets),
    ):
        if changed:
            targets = [{"Id": address, "Port": port} for address, port in sorted(changed)]
            account.call("elbv2", operation, on=arn, has=tags, TargetGroupArn=arn, Targets=targets)
