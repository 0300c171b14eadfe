"""
Route tables, their routes, and which subnets use them.

ministack takes any id as a route's target; here the target must exist and belong to the same VPC.
"""

import zlib
from ipaddress import IPv4Network
from typing import ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, AwsResource, given
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties


class RouteTable(ec2.Resource):
    """A route table; its routes are resources of their own."""

    kind = "route-table"
    outputs: ClassVar = {"vpcId": "VpcId"}
    schema = Schema(required={"vpcId": str}, optional=TAGS, replace_on={"vpcId"})

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it in a VPC that exists."""
        ec2.need(cloud, "vpc", news["vpcId"])
        return self.ask(cloud, news, VpcId=news["vpcId"])

    def release(self, cloud: Cloud, item: ec2.Item) -> None:
        """Take it from its subnets, as AWS' provider does."""
        for each in item["Associations"]:
            association = each["RouteTableAssociationId"]
            cloud.call("ec2", "disassociate_route_table", AssociationId=association)


TARGETS = {
    "gatewayId": ("GatewayId", "internet-gateway"),
    "natGatewayId": ("NatGatewayId", "natgateway"),
    "vpcPeeringConnectionId": ("VpcPeeringConnectionId", "vpc-peering-connection"),
}


class Route(AwsResource):
    """One route of a table."""

    schema = Schema(
        required={"routeTableId": str, "destinationCidrBlock": IPv4Network},
        optional=dict.fromkeys(TARGETS, str),
        replace_on={"routeTableId", "destinationCidrBlock"},
    )
    in_place = frozenset(TARGETS)

    def refuse(self, news: Properties) -> None:
        """Refuse anything but one target."""
        targets = [name for name in TARGETS if name in news]
        if len(targets) != 1:
            raise Refused(
                f"a route must have exactly one of {', '.join(TARGETS)} (got {len(targets)})."
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if nothing goes to the same destination yet."""
        table, destination = news["routeTableId"], news["destinationCidrBlock"]
        found = ec2.need(cloud, "route-table", table)
        self._check_target(cloud, found, news)
        if _route(found, destination):
            raise AwsRefused(
                "RouteAlreadyExists", f"The route identified by {destination} already exists."
            )
        self._call(cloud, "create_route", news)
        # As AWS' provider makes its ids.
        return f"r-{table}{zlib.crc32(destination.encode())}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it in its table."""
        table = ec2.find(cloud, "route-table", known["routeTableId"])
        route = table and _route(table, known["destinationCidrBlock"])
        if table is None or not route:
            return None
        return {
            "destinationCidrBlock": route["DestinationCidrBlock"],
            "routeTableId": table["RouteTableId"],
            **{name: route.get(key) for name, (key, _) in TARGETS.items()},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Send it somewhere else."""
        self._check_target(cloud, ec2.need(cloud, "route-table", news["routeTableId"]), news)
        self._call(cloud, "replace_route", news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it from its table."""
        table = ec2.need(cloud, "route-table", olds["routeTableId"])
        if _route(table, olds["destinationCidrBlock"]):
            cloud.call(
                "ec2",
                "delete_route",
                RouteTableId=olds["routeTableId"],
                DestinationCidrBlock=olds["destinationCidrBlock"],
            )

    def _call(self, cloud: Cloud, operation: str, news: Properties) -> None:
        names = {name: key for name, (key, _) in TARGETS.items()}
        names |= {"routeTableId": "RouteTableId", "destinationCidrBlock": "DestinationCidrBlock"}
        cloud.call("ec2", operation, **given(news, names))

    def _check_target(self, cloud: Cloud, table: ec2.Item, news: Properties) -> None:
        name, kind = next((name, kind) for name, (_, kind) in TARGETS.items() if name in news)
        target = ec2.need(cloud, kind, news[name])
        if table["VpcId"] not in _networks(kind, target):
            raise AwsRefused(
                "InvalidParameterValue",
                f"route table {table['RouteTableId']} and network gateway {news[name]} belong to "
                "different networks",
            )


class RouteTableAssociation(AwsResource):
    """Which route table a subnet uses."""

    schema = Schema(required={"routeTableId": str, "subnetId": str}, replace_on={"subnetId"})

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the subnet has no table yet and both are of one VPC."""
        table, subnet = news["routeTableId"], news["subnetId"]
        vpc = ec2.need(cloud, "subnet", subnet)["VpcId"]
        if ec2.need(cloud, "route-table", table)["VpcId"] != vpc:
            raise AwsRefused(
                "InvalidParameterValue",
                f"Route table {table} and subnet {subnet} belong to different networks",
            )
        if _association(cloud, subnet):
            raise AwsRefused(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {table} conflicts with an existing "
                "association",
            )
        made = cloud.call("ec2", "associate_route_table", RouteTableId=table, SubnetId=subnet)
        id: str = made["AssociationId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for the subnet's table."""
        found = _association(cloud, known["subnetId"])
        return found and {"routeTableId": found["RouteTableId"], "subnetId": found["SubnetId"]}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Let the subnet use the main table again."""
        cloud.call("ec2", "disassociate_route_table", AssociationId=id)


def _networks(kind: str, target: ec2.Item) -> list[str]:
    if kind == "internet-gateway":
        return [each["VpcId"] for each in target["Attachments"]]
    if kind == "vpc-peering-connection":
        return [target[side]["VpcId"] for side in ("RequesterVpcInfo", "AccepterVpcInfo")]
    return [target["VpcId"]]


def _route(table: ec2.Item, destination: str) -> ec2.Item | None:
    routes = (each for each in table["Routes"] if each.get("GatewayId") != "local")
    return next((each for each in routes if each.get("DestinationCidrBlock") == destination), None)


def _association(cloud: Cloud, subnet: str) -> ec2.Item | None:
    for table in ec2.every(cloud, "route-table"):
        for each in table["Associations"]:
            if each.get("SubnetId") == subnet:
                return dict(each)
    return None
