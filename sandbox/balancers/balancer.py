"""
The Network Load Balancer of a Service in AWS, with its listeners.

Its interfaces are AWS' own doing: made without rights, so that neither its subnets nor its groups
can be deleted while it lives.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.balancers.account import Account, network_arn
from sandbox.balancers.model import BALANCER, RESOURCE_TAG, Wanted
from sandbox.balancers.rights import Request
from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud

Item = dict[str, Any]

TAGS_AT_ONCE = 20


def find(account: Account, tags: Mapping[str, str]) -> Item | None:
    """Find the balancer that has these tags."""
    every = account.call("elbv2", "describe_load_balancers")["LoadBalancers"]
    return next(iter(with_tags(account, every, "LoadBalancerArn", tags)), None)


def with_tags(
    account: Account, items: Sequence[Item], arn: str, tags: Mapping[str, str]
) -> list[Item]:
    """Choose the balancers or target groups that have these tags."""
    known = tags_of(account, [each[arn] for each in items])
    return [each for each in items if tags.items() <= known[each[arn]].items()]


def tags_of(account: Account, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Read the tags of balancers or target groups."""
    found: dict[str, dict[str, str]] = {}
    for at in range(0, len(arns), TAGS_AT_ONCE):
        answer = account.call(
            "elbv2", "describe_tags", ResourceArns=list(arns[at : at + TAGS_AT_ONCE])
        )
        for each in answer["TagDescriptions"]:
            found[each["ResourceArn"]] = ec2.tags_of(each)
    return found


def keep(
    account: Account,
    wanted: Wanted,
    found: Item | None,
    subnets: Sequence[str],
    groups: Sequence[str],
) -> Item:
    """Make the balancer, or bring the one that was found up to date."""
    if found is not None and found["Scheme"] != wanted.scheme:
        # A scheme cannot be changed. The old one goes first, since the new may have its name.
        remove(account, found, wanted.tags)
        found = None
    if found is None:
        found = _make(account, wanted, subnets, groups)
    else:
        arn = found["LoadBalancerArn"]
        tags = {**wanted.tags, RESOURCE_TAG: BALANCER}
        account.retag("elbv2", network_arn(arn), arn, tags_of(account, [arn])[arn], tags)
    _keep_attributes(account, found["LoadBalancerArn"], wanted)
    _place_interfaces(account.cloud, found, subnets, groups)
    return found


def remove(account: Account, balancer: Item, tags: Mapping[str, str]) -> None:
    """Delete a balancer; its listeners and interfaces go with it."""
    arn = balancer["LoadBalancerArn"]
    account.call(
        "elbv2", "delete_load_balancer", on=network_arn(arn), has=tags, LoadBalancerArn=arn
    )
    for each in account.cloud.call("elbv2", "describe_listeners", LoadBalancerArn=arn)["Listeners"]:
        account.cloud.call("elbv2", "delete_listener", ListenerArn=each["ListenerArn"])
    ec2.remove_interfaces(account.cloud, Description=_description(balancer))


def keep_listeners(
    account: Account, balancer: Item, wanted: Wanted, target_groups: Mapping[int, str]
) -> None:
    """Make a listener for each port, to its target group; delete others."""
    arn = balancer["LoadBalancerArn"]
    there = {}
    for each in account.call("elbv2", "describe_listeners", LoadBalancerArn=arn)["Listeners"]:
        there[each["Port"]] = each["DefaultActions"][0].get("TargetGroupArn")
        if there[each["Port"]] != target_groups.get(each["Port"]):
            listener = each["ListenerArn"]
            on = network_arn(listener)
            account.call("elbv2", "delete_listener", on=on, has=wanted.tags, ListenerArn=listener)
    for port, target_group in target_groups.items():
        if there.get(port) != target_group:
            actions = [{"Type": "forward", "TargetGroupArn": target_group}]
            _make_listener(account, arn, wanted.tags, port, actions)
        for action in ("DescribeListenerAttributes", "DescribeRules"):
            account.need("elbv2", Request(action=action))


def _make(account: Account, wanted: Wanted, subnets: Sequence[str], groups: Sequence[str]) -> Item:
    tags = {**wanted.tags, RESOURCE_TAG: BALANCER}
    made = account.create(
        "elbv2",
        "create_load_balancer",
        on=account.balancing_arn(f"loadbalancer/net/{wanted.name}/*"),
        tags=tags,
        Name=wanted.name,
        Type="network",
        Scheme=wanted.scheme,
        IpAddressType="ipv4",
        Subnets=list(subnets),
        SecurityGroups=list(groups),
        Tags=ec2.pairs(tags),
    )
    return dict(made["LoadBalancers"][0])


def _keep_attributes(account: Account, arn: str, wanted: Wanted) -> None:
    answer = account.call("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)
    there = {each["Key"]: each["Value"] for each in answer["Attributes"]}
    changed = dict(wanted.asked.attributes.items() - there.items())
    if changed:
        account.call(
            "elbv2",
            "modify_load_balancer_attributes",
            on=network_arn(arn),
            has=wanted.tags,
            LoadBalancerArn=arn,
            Attributes=ec2.pairs(changed),
        )


def _make_listener(
    account: Account, arn: str, tags: Mapping[str, str], port: int, actions: Sequence[Item]
) -> None:
    beginning = network_arn(arn).replace(":loadbalancer/", ":listener/")
    account.create(
        "elbv2",
        "create_listener",
        on=f"{beginning}/*",
        inside=network_arn(arn),
        tags=tags,
        has=tags,
        LoadBalancerArn=arn,
        Protocol="TCP",
        Port=port,
        DefaultActions=actions,
        Tags=ec2.pairs(tags),
    )


def _place_interfaces(
    cloud: Cloud, balancer: Item, subnets: Sequence[str], groups: Sequence[str]
) -> None:
    """Put an interface into each subnet, with the balancer's groups."""
    description = _description(balancer)
    placed = {each["SubnetId"] for each in ec2.interfaces(cloud, Description=description)}
    for subnet in subnets:
        if subnet not in placed:
            ec2.place_interface(cloud, subnet, description, *groups)


def _description(balancer: Item) -> str:
    """Name an interface as AWS does: by the end of its balancer's ARN."""
    return "ELB " + network_arn(balancer["LoadBalancerArn"]).partition(":loadbalancer/")[2]
