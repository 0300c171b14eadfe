"""
VPC endpoints: ways to services of AWS past the NAT gateways.

A gateway is a route to S3 or DynamoDB; an interface is an address in each of some subnets
(`interface_endpoints`). ministack adds no routes and takes any service. Endpoints of other kinds
and policies of endpoints are not imitated.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws import interface_endpoints as inside
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import TAGS, Ec2Resource, given
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

GATEWAY, INTERFACE = "Gateway", "Interface"
GATEWAY_SERVICES = {"s3", "dynamodb"}

ONLY = {
    GATEWAY: ("routeTableIds",),
    INTERFACE: ("privateDnsEnabled", "securityGroupIds", "subnetIds"),
}
"""Properties that one kind has and the other has not."""


class VpcEndpoint(Ec2Resource):
    """A way to one service of AWS."""

    kind = inside.KIND
    outputs: ClassVar = {
        "ownerId": "OwnerId",
        "serviceName": "ServiceName",
        "state": "State",
        "vpcEndpointType": "VpcEndpointType",
        "vpcId": "VpcId",
    }
    schema = Schema(
        required={"vpcId": str, "serviceName": str, "vpcEndpointType": set(ONLY)},
        optional={
            "privateDnsEnabled": bool,
            "routeTableIds": [str],
            "securityGroupIds": [str],
            "subnetIds": [str],
            **TAGS,
        },
        replace_on={"vpcId", "serviceName", "vpcEndpointType"},
        computed={
            *(name for names in ONLY.values() for name in names),
            "arn",
            "networkInterfaceIds",
            "ownerId",
            "state",
        },
    )
    sets = ("routeTableIds", "securityGroupIds", "subnetIds")

    def refuse(self, news: Properties) -> None:
        """Refuse what only the other kind of endpoint has."""
        kind = news["vpcEndpointType"]
        if kind is UNKNOWN:
            return
        [other] = set(ONLY) - {kind}
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
        kind = news["vpcEndpointType"]
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
        }
        id = self.ask(cloud, news, VpcEndpointType=kind, **given(news, names))
        if kind == INTERFACE:
            inside.place(cloud, id, news)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give what endpoints of its kind have."""
        id, kind = item["VpcEndpointId"], item["VpcEndpointType"]
        lists = ("networkInterfaceIds", "routeTableIds", "securityGroupIds", "subnetIds")
        return {
            "privateDnsEnabled": False,
            **{name: [] for name in lists},
            **(
                inside.observe(cloud, id)
                if kind == INTERFACE
                else {"routeTableIds": sorted(item["RouteTableIds"])}
            ),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change tables, subnets, groups, private names and tags."""
        self._check(cloud, id, news)
        changes = {
            **_moved("RouteTableIds", olds.get("routeTableIds"), news.get("routeTableIds")),
            **_moved("SubnetIds", olds.get("subnetIds"), news.get("subnetIds")),
        }
        if changes:
            cloud.call("ec2", "modify_vpc_endpoint", VpcEndpointId=id, **changes)
        if news["vpcEndpointType"] == INTERFACE:
            inside.place(cloud, id, news)
        super().change(cloud, id, olds, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interfaces."""
        ec2.need(cloud, self.kind, id)
        cloud.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id])
        inside.remove(cloud, id)

    def unsettled(self, olds: Properties, news: Properties) -> Collection[str]:
        """Other subnets or groups are other interfaces."""
        names = ("securityGroupIds", "subnetIds")
        moved = any(olds.get(name) != news.get(name) for name in names)
        return ("networkInterfaceIds",) if moved else ()

    def _check(self, cloud: Cloud, id: str, news: Properties) -> None:
        if news["vpcEndpointType"] == INTERFACE:
            inside.check(cloud, id, news)
            return
        taken = {
            table
            for other in ec2.every(cloud, self.kind, ServiceName=news["serviceName"])
            if other["VpcEndpointId"] != id
            for table in other["RouteTableIds"]
        }
        for name in news.get("routeTableIds", []):
            if ec2.need(cloud, "route-table", name)["VpcId"] != news["vpcId"]:
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
