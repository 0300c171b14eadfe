"""
What the controller finds in its VPC: subnets and security groups, and the rules it keeps there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.balancers.account import Account
from sandbox.balancers.annotations import ModelError
from sandbox.balancers.model import (
    CLUSTER_TAG,
    GROUP,
    RESOURCE_TAG,
    STACK_TAG,
    Rule,
    Wanted,
    backend_group_name,
)
from sandbox.balancers.rights import Request
from sandbox.balancers.subnets import Subnet
from sandbox.plugins.aws import ec2

BACKEND_TAGS = {"elbv2.k8s.aws/resource": "backend-sg"}
RULE_DESCRIPTION = "elbv2.k8s.aws/targetGroupBinding=shared"


def subnets(account: Account, vpc: str) -> list[Subnet]:
    """Read the subnets of the VPC."""
    account.need("ec2", Request(action="DescribeAvailabilityZones"))
    found = account.call("ec2", "describe_subnets")["Subnets"]
    return [
        Subnet(
            id=each["SubnetId"],
            zone=each["AvailabilityZone"],
            cidr=each["CidrBlock"],
            tags=ec2.tags_of(each),
        )
        for each in found
        if each["VpcId"] == vpc
    ]


def frontend_group(account: Account, wanted: Wanted, vpc: str) -> str:
    """Make the balancer's own group, and let in what the Service says."""
    tags = {**wanted.tags, RESOURCE_TAG: GROUP}
    description = "[k8s] Managed SecurityGroup for LoadBalancer"
    found = groups(account, vpc, {key: tags[key] for key in (CLUSTER_TAG, STACK_TAG, RESOURCE_TAG)})
    id = _keep(account, vpc, found, wanted.group_name, description, tags)
    _keep_rules(account, id, wanted.rules, tags)
    return id


def backend_group(account: Account, cluster: str, vpc: str, more: Mapping[str, str]) -> str:
    """Make the group that all balancers of the cluster share."""
    tags = {CLUSTER_TAG: cluster, **BACKEND_TAGS}
    found = groups(account, vpc, tags)
    description = "[k8s] Shared Backend SecurityGroup for LoadBalancer"
    name = backend_group_name(cluster)
    return _keep(account, vpc, found, name, description, {**more, **tags})


def groups(account: Account, vpc: str, tags: Mapping[str, str]) -> list[ec2.Item]:
    """Find groups by tags."""
    found = account.call("ec2", "describe_security_groups")["SecurityGroups"]
    return [
        each
        for each in found
        if each.get("VpcId") == vpc and tags.items() <= ec2.tags_of(each).items()
    ]


def remove_group(account: Account, group: ec2.Item) -> None:
    """Delete a group."""
    account.call(
        "ec2",
        "delete_security_group",
        on=account.ec2_arn("security-group", group["GroupId"]),
        has=ec2.tags_of(group),
        GroupId=group["GroupId"],
    )


def open_nodes(account: Account, cluster: str, vpc: str, backend: str, ports: set[int]) -> None:
    """Let balancers reach the pods: one rule, from the lowest port to the highest."""
    for action in ("DescribeInstances", "DescribeNetworkInterfaces", "DescribeVpcs"):
        account.need("ec2", Request(action=action))
    group = _nodes_group(account, cluster, vpc)
    wanted = {(min(ports), max(ports))} if ports else set()
    there = {
        (each["FromPort"], each["ToPort"])
        for each in group["IpPermissions"]
        for pair in each.get("UserIdGroupPairs") or []
        if pair["GroupId"] == backend
    }
    for word, rules in (("authorize", wanted - there), ("revoke", there - wanted)):
        for first, last in rules:
            _change(account, word, group, [_from_group(backend, first, last)])


def _nodes_group(account: Account, cluster: str, vpc: str) -> ec2.Item:
    """Find the group of the nodes' interfaces: the cluster's own, by its tag."""
    tag = f"kubernetes.io/cluster/{cluster}"
    if found := groups(account, vpc, {tag: "owned"}):
        return found[0]
    raise ModelError(
        f"expected exactly one securityGroup tagged with {tag} for the nodes' interfaces, got: []"
    )


def _keep(
    account: Account,
    vpc: str,
    found: Sequence[ec2.Item],
    name: str,
    description: str,
    tags: Mapping[str, str],
) -> str:
    """Make a group, or bring its tags up to date."""
    if found:
        id = str(found[0]["GroupId"])
        arn = account.ec2_arn("security-group", id)
        account.retag("ec2", arn, id, ec2.tags_of(found[0]), tags)
        return id
    account.need("ec2", Request(action="CreateSecurityGroup", resource=account.ec2_arn("vpc", vpc)))
    made = account.create(
        "ec2",
        "create_security_group",
        on=account.ec2_arn("security-group", "*"),
        tags=tags,
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=ec2.tagging("security-group", tags),
    )
    return str(made["GroupId"])


def _keep_rules(account: Account, id: str, wanted: Iterable[Rule], tags: Mapping[str, str]) -> None:
    group = ec2.need(account.cloud, "security-group", id)
    there = {
        (block["CidrIp"], each["FromPort"], each["ToPort"])
        for each in group["IpPermissions"]
        for block in each.get("IpRanges") or []
    }
    rules = set(wanted)
    for word, changed in (("authorize", rules - there), ("revoke", there - rules)):
        if changed:
            _change(account, word, group, [_from_block(*each) for each in sorted(changed)])


def _change(
    account: Account, word: str, group: ec2.Item, rules: Sequence[Mapping[str, Any]]
) -> None:
    account.call(
        "ec2",
        f"{word}_security_group_ingress",
        on=account.ec2_arn("security-group", group["GroupId"]),
        has=ec2.tags_of(group),
        GroupId=group["GroupId"],
        IpPermissions=list(rules),
    )


def _from_block(block: str, first: int, last: int) -> Mapping[str, Any]:
    ranges = [{"CidrIp": block}]
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "IpRanges": ranges}


def _from_group(group: str, first: int, last: int) -> Mapping[str, Any]:
    pairs = [{"GroupId": group, "Description": RULE_DESCRIPTION}]
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "UserIdGroupPairs": pairs}
