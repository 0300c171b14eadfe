"""
VPC endpoints: ways to services of AWS past the NAT gateways.

A gateway is a route to S3 or DynamoDB; an interface is an address in each of some subnets
(`interface_endpoints`). ministack adds no routes, takes any service and forgets policies: notes
keep those. Endpoints of other kinds are not imitated.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws import interface_endpoints as inside
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import UNKNOWN, Properties, Refused, Schema

KIND = "vpc-endpoint"
POLICY_KIND = "vpc-endpoint-policy"
GATEWAY, INTERFACE = "Gateway", "Interface"
GATEWAY_SERVICES = {"s3", "dynamodb"}

ONLY = {
    GATEWAY: ("routeTableIds",),
    INTERFACE: ("privateDnsEnabled", "securityGroupIds", "subnetIds"),
}
"""Properties that one kind has and the other has not."""

COMPUTED = ("dnsEntries", "ipAddressType", "networkInterfaceIds")


class VpcEndpoint(AwsResource):
    """A way to one service of AWS."""

    schema = Schema(
        required={"vpcId": str, "serviceName": str},
        optional={
            "policy": str,
            "privateDnsEnabled": bool,
            "routeTableIds": [str],
            "securityGroupIds": [str],
            "subnetIds": [str],
            "vpcEndpointType": {GATEWAY, INTERFACE},
            **TAGS,
            **REGION,
        },
        replace_on={"vpcId", "serviceName", "vpcEndpointType"},
        computed={
            *(name for names in ONLY.values() for name in names),
            *COMPUTED,
            "arn",
            "ownerId",
            "state",
            "vpcEndpointType",
        },
    )
    sets = ("routeTableIds", "securityGroupIds", "subnetIds")
    policies = ("policy",)

    def refuse(self, news: Properties) -> None:
        """Refuse what only the other kind of endpoint has."""
        kind = news.get("vpcEndpointType", GATEWAY)
        if kind is UNKNOWN:
            return
        [other] = {GATEWAY, INTERFACE} - {kind}
        for name in ONLY[other]:
            if news.get(name) not in (None, False, []):
                raise Refused(
                    f"'{name}' must not be set for an endpoint of type {kind} (it is). AWS calls "
                    f"it an InvalidParameter. Use: vpcEndpointType {other}",
                    name,
                )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it for tables or subnets of its VPC."""
        ec2.need(cloud, "vpc", news["vpcId"])
        kind = news.get("vpcEndpointType", GATEWAY)
        services: Collection[str] = GATEWAY_SERVICES if kind == GATEWAY else inside.SERVICES
        if news["serviceName"] not in {f"com.amazonaws.{cloud.region}.{one}" for one in services}:
            raise inside.refused(
                "InvalidServiceName",
                f"The Vpc Endpoint Service '{news['serviceName']}' does not exist (of type {kind}; "
                f"the imitation knows {', '.join(sorted(services))} in {cloud.region})",
            )
        self._check(cloud, "", news)
        names = {
            "vpcId": "VpcId",
            "serviceName": "ServiceName",
            "routeTableIds": "RouteTableIds",
            "subnetIds": "SubnetIds",
            "securityGroupIds": "SecurityGroupIds",
            "privateDnsEnabled": "PrivateDnsEnabled",
            "policy": "PolicyDocument",
        }
        id: str = cloud.call(
            "ec2",
            "create_vpc_endpoint",
            VpcEndpointType=kind,
            TagSpecifications=ec2.tagging(KIND, news["tagsAll"]),
            **given(news, names),
        )["VpcEndpoint"]["VpcEndpointId"]
        notes.write(cloud, POLICY_KIND, id, {"policy": news.get("policy")})
        if kind == INTERFACE:
            inside.keep(cloud, id, news)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        endpoint = ec2.find(cloud, KIND, id)
        if endpoint is None:
            return None
        service = endpoint["ServiceName"]
        interface = endpoint["VpcEndpointType"] == INTERFACE
        of_kind = (
            inside.observe(cloud, id, service)
            if interface
            else {"routeTableIds": sorted(endpoint["RouteTableIds"])}
        )
        return {
            "arn": cloud.arn("ec2", f"vpc-endpoint/{id}"),
            "ownerId": endpoint["OwnerId"],
            "policy": notes.read(cloud, POLICY_KIND, id).get("policy"),
            "serviceName": service,
            "state": endpoint["State"],
            "tagsAll": ec2.tags_of(endpoint),
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "vpcId": endpoint["VpcId"],
            **{name: [] for names in (*ONLY.values(), COMPUTED) for name in names},
            "ipAddressType": None,
            "privateDnsEnabled": False,
            **of_kind,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change tables, subnets, groups, private names, policy and tags."""
        self._check(cloud, id, news)
        changes = {
            **_moved("RouteTableIds", olds.get("routeTableIds"), news.get("routeTableIds")),
            **_moved("SubnetIds", olds.get("subnetIds"), news.get("subnetIds")),
        }
        if changes:
            cloud.call("ec2", "modify_vpc_endpoint", VpcEndpointId=id, **changes)
        notes.write(cloud, POLICY_KIND, id, {"policy": news.get("policy")})
        if news.get("vpcEndpointType") == INTERFACE:
            inside.keep(cloud, id, news)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interfaces."""
        ec2.need(cloud, KIND, id)
        cloud.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id])
        inside.remove(cloud, id)
        notes.forget(cloud, POLICY_KIND, id)

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """Other subnets or groups are other interfaces."""
        names = ("securityGroupIds", "subnetIds")
        moved = any(olds.get(name) != news.get(name) for name in names)
        return ("networkInterfaceIds",) if moved else ()

    def _check(self, cloud: Cloud, id: str, news: Properties) -> None:
        if news.get("vpcEndpointType", GATEWAY) == INTERFACE:
            inside.check(cloud, id, news)
            return
        taken = {
            table
            for other in ec2.every(cloud, KIND, ServiceName=news["serviceName"])
            if other["VpcEndpointId"] != id
            for table in other["RouteTableIds"]
        }
        for name in news.get("routeTableIds", []):
            table = ec2.need(cloud, "route-table", name)
            if table["VpcId"] != news["vpcId"]:
                raise inside.refused(
                    "InvalidParameter",
                    f"Route table {name} does not belong to the VPC {news['vpcId']}.",
                )
            if name in taken:
                raise inside.refused(
                    "RouteAlreadyExists",
                    f"route table {name} already has a route to {news['serviceName']}",
                )


def _moved(what: str, olds: Any, news: Any) -> dict[str, list[str]]:
    """Give the part of a request that takes some away and adds others."""
    old, new = set(olds or []), set(news or [])
    changes = {f"Remove{what}": sorted(old - new), f"Add{what}": sorted(new - old)}
    return {name: ids for name, ids in changes.items() if ids}
