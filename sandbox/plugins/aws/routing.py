"""
Route tables, their routes, and which subnets use them.

ministack takes any id as a route's target; here the target must exist and belong to the same VPC.
"""

from __future__ import annotations

import zlib
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.addresses import network
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Refused, Schema


class RouteTable(AwsResource):
    """A route table; its routes are resources of their own."""

    schema = Schema(
        required={"vpcId": str},
        optional={**TAGS, **REGION},
        replace_on={"vpcId"},
        computed={"arn", "ownerId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it in a VPC that exists."""
        ec2.need(cloud, "vpc", news["vpcId"])
        made = cloud.call(
            "ec2",
            "create_route_table",
            VpcId=news["vpcId"],
            TagSpecifications=ec2.tagging("route-table", news["tagsAll"]),
        )
        id: str = made["RouteTable"]["RouteTableId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it, without its routes."""
        table = ec2.find(cloud, "route-table", id)
        if table is None:
            return None
        return {
            "arn": cloud.arn("ec2", f"route-table/{id}"),
            "ownerId": table["OwnerId"],
            "tagsAll": ec2.tags_of(table),
            "vpcId": table["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it; as AWS' provider does, after taking it from its subnets."""
        table = ec2.need(cloud, "route-table", id)
        for each in table["Associations"]:
            association = each["RouteTableAssociationId"]
            cloud.call("ec2", "disassociate_route_table", AssociationId=association)
        cloud.call("ec2", "delete_route_table", RouteTableId=id)


# Without those of gateways that propagate theirs.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
ROUTES_LIMIT = 50

TARGETS = {
    "gatewayId": ("GatewayId", "internet-gateway"),
    "natGatewayId": ("NatGatewayId", "natgateway"),
    "vpcPeeringConnectionId": ("VpcPeeringConnectionId", "vpc-peering-connection"),
}


class Route(AwsResource):
    """One route of a table."""

    schema = Schema(
        required={"routeTableId": str, "destinationCidrBlock": str},
        optional={**dict.fromkeys(TARGETS, str), **REGION},
        replace_on={"routeTableId", "destinationCidrBlock"},
        computed={"origin", "state"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse anything but one target."""
        if isinstance(cidr := news["destinationCidrBlock"], str):
            network("destinationCidrBlock", cidr)
        targets = [name for name in TARGETS if name in news]
        if len(targets) != 1:
            raise Refused(
                f"a route must have exactly one of {', '.join(TARGETS)} (got {len(targets)})."
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if nothing goes to the same destination yet."""
        table = ec2.need(cloud, "route-table", news["routeTableId"])
        destination = news["destinationCidrBlock"]
        self._check_destination(cloud, table, destination)
        self._check_target(cloud, table, news)
        if _route(table, destination):
            raise AwsRefused(
                "RouteAlreadyExists",
                f"The route identified by {destination} already exists.",
                operation="EC2: CreateRoute",
            )
        if len(_own_routes(table)) >= ROUTES_LIMIT:
            raise AwsRefused(
                "RouteLimitExceeded",
                "The maximum number of routes has been reached. "
                f"({table['RouteTableId']}: {ROUTES_LIMIT})",
                operation="EC2: CreateRoute",
            )
        self._call(cloud, "create_route", news)
        # As AWS' provider makes its ids.
        return f"r-{news['routeTableId']}{zlib.crc32(destination.encode())}"

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for it in its table."""
        table = ec2.find(cloud, "route-table", known.get("routeTableId", ""))
        route = table and _route(table, known["destinationCidrBlock"])
        if table is None or not route:
            return None
        return {
            "destinationCidrBlock": route["DestinationCidrBlock"],
            "origin": route["Origin"],
            "routeTableId": table["RouteTableId"],
            "state": self._state(cloud, route),
            **{name: route.get(key) for name, (key, _) in TARGETS.items()},
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Send it somewhere else."""
        table = ec2.need(cloud, "route-table", news["routeTableId"])
        self._check_target(cloud, table, news)
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

    def _check_destination(self, cloud: Cloud, table: ec2.Item, destination: str) -> None:
        own = ec2.need(cloud, "vpc", table["VpcId"])["CidrBlock"]
        if IPv4Network(destination).subnet_of(IPv4Network(own)):
            raise AwsRefused(
                "InvalidParameterValue",
                f"The destination CIDR block {destination} is equal to or more specific than one "
                f"of this VPC's CIDR blocks ({own}).",
                operation="EC2: CreateRoute",
            )

    def _check_target(self, cloud: Cloud, table: ec2.Item, news: Properties) -> None:
        name, kind = next((name, kind) for name, (_, kind) in TARGETS.items() if name in news)
        target = ec2.need(cloud, kind, news[name])
        if table["VpcId"] not in _networks(kind, target):
            raise AwsRefused(
                "InvalidParameterValue",
                f"route table {table['RouteTableId']} and network gateway {news[name]} belong to "
                "different networks",
                operation="EC2: CreateRoute",
            )

    def _state(self, cloud: Cloud, route: ec2.Item) -> str:
        """Tell whether packets arrive; ministack says active always."""
        for key, kind in TARGETS.values():
            if key in route:
                target = ec2.find(cloud, kind, route[key])
                pending = (target or {}).get("Status", {}).get("Code") == "pending-acceptance"
                return "blackhole" if target is None or pending else "active"
        return "active"


class RouteTableAssociation(AwsResource):
    """Which route table a subnet uses."""

    schema = Schema(
        required={"routeTableId": str, "subnetId": str},
        optional=REGION,
        replace_on={"subnetId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the subnet has no table yet and both are of one VPC."""
        table = ec2.need(cloud, "route-table", news["routeTableId"])
        subnet = ec2.need(cloud, "subnet", news["subnetId"])
        if table["VpcId"] != subnet["VpcId"]:
            raise AwsRefused(
                "InvalidParameterValue",
                f"Route table {news['routeTableId']} and subnet {news['subnetId']} belong to "
                "different networks",
                operation="EC2: AssociateRouteTable",
            )
        if _association(cloud, subnet["VpcId"], SubnetId=news["subnetId"]):
            raise AwsRefused(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {news['routeTableId']} conflicts with "
                "an existing association",
                operation="EC2: AssociateRouteTable",
            )
        made = cloud.call(
            "ec2",
            "associate_route_table",
            RouteTableId=news["routeTableId"],
            SubnetId=news["subnetId"],
        )
        id: str = made["AssociationId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Look for the subnet's table; a changed table gives the association a new id."""
        found = None
        if subnet := ec2.find(cloud, "subnet", known.get("subnetId", "")):
            found = _association(cloud, subnet["VpcId"], SubnetId=subnet["SubnetId"])
        if not found:
            return None
        return {"routeTableId": found["RouteTableId"], "subnetId": found["SubnetId"]}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Give the subnet another table."""
        ec2.need(cloud, "route-table", news["routeTableId"])
        found = _current(cloud, olds)
        cloud.call(
            "ec2",
            "replace_route_table_association",
            AssociationId=found["RouteTableAssociationId"],
            RouteTableId=news["routeTableId"],
        )

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Let the subnet use the main table again."""
        found = _current(cloud, olds)
        association = found["RouteTableAssociationId"]
        cloud.call("ec2", "disassociate_route_table", AssociationId=association)


def _networks(kind: str, target: ec2.Item) -> list[str]:
    if kind == "internet-gateway":
        return [each["VpcId"] for each in target["Attachments"]]
    if kind == "vpc-peering-connection":
        return [target[side]["VpcId"] for side in ("RequesterVpcInfo", "AccepterVpcInfo")]
    return [target["VpcId"]]


def _route(table: ec2.Item, destination: str) -> ec2.Item | None:
    routes = _own_routes(table)
    return next((each for each in routes if each.get("DestinationCidrBlock") == destination), None)


def _own_routes(table: ec2.Item) -> list[ec2.Item]:
    return [each for each in table["Routes"] if each.get("GatewayId") != "local"]


def _association(cloud: Cloud, vpc: str, **match: str) -> ec2.Item | None:
    for table in ec2.every(cloud, "route-table", VpcId=vpc):
        for each in table["Associations"]:
            if all(each.get(key) == value for key, value in match.items()):
                return dict(each)
    return None


def _current(cloud: Cloud, olds: Properties) -> ec2.Item:
    subnet = ec2.need(cloud, "subnet", olds["subnetId"])
    found = _association(cloud, subnet["VpcId"], SubnetId=olds["subnetId"])
    if found is None:
        raise AwsRefused(
            "InvalidAssociationID.NotFound",
            f"The subnet {olds['subnetId']} is associated with no route table",
        )
    return found
