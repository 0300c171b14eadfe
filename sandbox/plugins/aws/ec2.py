"""
What exists in EC2, and its tags.

ministack accepts ids of things that do not exist in most requests, and ignores most filters. So
whatever a request names is looked up first, and lists are filtered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.plugins.aws.cloud import AwsRefused, Cloud

Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How to find things of one kind; the key in KINDS is AWS' resource type in tag requests."""

    operation: str
    by_id: str
    """Parameter that takes a list of ids."""

    items: str
    """Key of the answer."""

    id: str
    """Key of the id in an item."""

    missing: tuple[str, str]
    """Error code and message when it does not exist."""

    def dead(self, item: Item) -> bool:
        """Tell whether EC2 only still remembers it: for an hour, deleted things are listed."""
        state = item.get("State") or item.get("Status", {})
        code = state.get("Code") if isinstance(state, dict) else state
        return code in ("deleted", "deleting", "failed", "rejected", "expired")


KINDS = {
    "vpc": Kind(
        operation="describe_vpcs",
        by_id="VpcIds",
        items="Vpcs",
        id="VpcId",
        missing=("InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    ),
    "subnet": Kind(
        operation="describe_subnets",
        by_id="SubnetIds",
        items="Subnets",
        id="SubnetId",
        missing=("InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"),
    ),
    "internet-gateway": Kind(
        operation="describe_internet_gateways",
        by_id="InternetGatewayIds",
        items="InternetGateways",
        id="InternetGatewayId",
        missing=(
            "InvalidInternetGatewayID.NotFound",
            "The internetGateway ID '{}' does not exist",
        ),
    ),
    "elastic-ip": Kind(
        operation="describe_addresses",
        by_id="AllocationIds",
        items="Addresses",
        id="AllocationId",
        missing=("InvalidAllocationID.NotFound", "The allocation ID '{}' does not exist"),
    ),
    "natgateway": Kind(
        operation="describe_nat_gateways",
        by_id="NatGatewayIds",
        items="NatGateways",
        id="NatGatewayId",
        missing=("NatGatewayNotFound", "NAT gateway {} was not found"),
    ),
    "route-table": Kind(
        operation="describe_route_tables",
        by_id="RouteTableIds",
        items="RouteTables",
        id="RouteTableId",
        missing=("InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"),
    ),
    "vpc-endpoint": Kind(
        operation="describe_vpc_endpoints",
        by_id="VpcEndpointIds",
        items="VpcEndpoints",
        id="VpcEndpointId",
        missing=("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{}' does not exist"),
    ),
    "vpc-peering-connection": Kind(
        operation="describe_vpc_peering_connections",
        by_id="VpcPeeringConnectionIds",
        items="VpcPeeringConnections",
        id="VpcPeeringConnectionId",
        missing=(
            "InvalidVpcPeeringConnectionID.NotFound",
            "The vpcPeeringConnection ID '{}' does not exist",
        ),
    ),
    "security-group": Kind(
        operation="describe_security_groups",
        by_id="GroupIds",
        items="SecurityGroups",
        id="GroupId",
        missing=("InvalidGroup.NotFound", "The security group '{}' does not exist"),
    ),
    "security-group-rule": Kind(
        operation="describe_security_group_rules",
        by_id="SecurityGroupRuleIds",
        items="SecurityGroupRules",
        id="SecurityGroupRuleId",
        missing=("InvalidSecurityGroupRuleId.NotFound", "The rule ID '{}' does not exist"),
    ),
    "network-interface": Kind(
        operation="describe_network_interfaces",
        by_id="NetworkInterfaceIds",
        items="NetworkInterfaces",
        id="NetworkInterfaceId",
        missing=(
            "InvalidNetworkInterfaceID.NotFound",
            "The networkInterface ID '{}' does not exist",
        ),
    ),
    "vpc-flow-log": Kind(
        operation="describe_flow_logs",
        by_id="FlowLogIds",
        items="FlowLogs",
        id="FlowLogId",
        missing=("InvalidFlowLogId.NotFound", "The specified flow log ID '{}' does not exist"),
    ),
    "launch-template": Kind(
        operation="describe_launch_templates",
        by_id="LaunchTemplateIds",
        items="LaunchTemplates",
        id="LaunchTemplateId",
        missing=(
            "InvalidLaunchTemplateId.NotFound",
            "The specified launch template, with template ID {}, does not exist.",
        ),
    ),
}


def find(cloud: Cloud, kind: str, id: str) -> Item | None:
    """Look for one thing that exists."""
    how = KINDS[kind]
    try:
        items = cloud.call("ec2", how.operation, **{how.by_id: [id]})[how.items]
    except AwsRefused as refused:
        # For some kinds ministack calls an id malformed that nothing has.
        if refused.means_gone or refused.code.endswith("Malformed"):
            return None
        raise
    for item in items:
        if item[how.id] == id and not how.dead(item):
            return dict(item)
    return None


def need(cloud: Cloud, kind: str, id: str) -> Item:
    """Give one thing, or refuse as AWS does when it does not exist in this region."""
    item = find(cloud, kind, id)
    if item is None:
        code, message = KINDS[kind].missing
        raise AwsRefused(code, message.format(id))
    return item


def every(cloud: Cloud, kind: str, **match: object) -> list[Item]:
    """List what exists of a kind, if wanted only where the named keys have the given values."""
    how = KINDS[kind]
    return [
        item
        for item in cloud.call("ec2", how.operation)[how.items]
        if not how.dead(item) and all(item.get(key) == value for key, value in match.items())
    ]


def interfaces(cloud: Cloud, beginning: str = "", **match: object) -> list[Item]:
    """List network interfaces whose description begins with the given words."""
    return [
        item
        for item in every(cloud, "network-interface", **match)
        if item.get("Description", "").startswith(beginning)
    ]


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Read a thing's tags, without those that AWS sets."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


def tagging(kind: str, tags: Mapping[str, str]) -> list[Item]:
    """Make the part of a request that tags what it makes."""
    if not tags:
        return []
    return [{"ResourceType": kind, "Tags": _pairs(tags)}]


def retag(cloud: Cloud, id: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Bring tags from old to new."""
    if removed := [key for key in old if key not in new]:
        cloud.call("ec2", "delete_tags", Resources=[id], Tags=[{"Key": key} for key in removed])
    if added := {key: value for key, value in new.items() if old.get(key) != value}:
        cloud.call("ec2", "create_tags", Resources=[id], Tags=_pairs(added))


def _pairs(tags: Mapping[str, str]) -> list[Item]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
