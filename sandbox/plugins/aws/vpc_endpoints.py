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
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

GATEWAY, INTERFACE = "Gateway", "Interface"
GATEWAY_SERVICES = {"s3", "dynamodb"}

OWN: dict[str, dict[str, Any]] = {
    GATEWAY: {"routeTableIds": [str]},
    INTERFACE: {"privateDnsEnabled": {True}, "securityGroupIds": [str], "subnetIds": [str]},
}
"""Properties that one kind has and the other has not."""


class VpcEndpoint(ec2.Resource):
    """A way to one service of AWS."""

    kind = inside.KIND
    outputs: ClassVar = {
        "serviceName": "ServiceName",
        "vpcEndpointType": "VpcEndpointType",
        "vpcId": "VpcId",
    }
    schema = Schema(
        required={"vpcId": str, "serviceName": str, "vpcEndpointType": set(OWN)},
        optional={**OWN[GATEWAY], **OWN[INTERFACE], **TAGS},
        replace_on={"vpcId", "serviceName", "vpcEndpointType"},
    )
    sets = ("routeTableIds", "securityGroupIds", "subnetIds")

    def refuse(self, news: Properties) -> None:
        """Refuse what only the other kind of endpoint has, and ask for all that this one has."""
        kind = news["vpcEndpointType"]
        if kind is UNKNOWN:
            return
        [other] = set(OWN) - {kind}
        for name in (*OWN[kind], *OWN[other]):
            if (name in news) != (name in OWN[kind]):
                must = "must not" if name in news else "must"
                raise Refused(f"'{name}' {must} be set for an endpoint of type {kind}.", name)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it for tables or subnets of its VPC."""
        ec2.need(cloud, "vpc", news["vpcId"])
        kind = news["vpcEndpointType"]
        services: Collection[str] = GATEWAY_SERVICES if kind == GATEWAY else inside.SERVICES
        if news["serviceName"] not in {f"com.amazonaws.{cloud.region}.{one}" for one in services}:
            raise AwsRefused(
                "InvalidServiceName",
                f"The Vpc Endpoint Service '{news['serviceName']}' does not exist (of type {kind}; "
                f"the imitation knows {', '.join(sorted(services))} in {cloud.region})",
            )
        if kind == INTERFACE:
            inside.check(cloud, news)
        else:
            self._check_tables(cloud, news)
        names = (*self.schema.required, *OWN[kind])
        id = self.ask(cloud, news, **{name[0].upper() + name[1:]: news[name] for name in names})
        if kind == INTERFACE:
            inside.place(cloud, id, news)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give what endpoints of its kind have."""
        if item["VpcEndpointType"] == INTERFACE:
            return inside.observe(cloud, item["VpcEndpointId"])
        return {"routeTableIds": sorted(item["RouteTableIds"])}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interfaces."""
        super().remove(cloud, id, olds)
        inside.remove(cloud, id)

    def _check_tables(self, cloud: Cloud, news: Properties) -> None:
        service = news["serviceName"]
        others = ec2.every(cloud, self.kind, ServiceName=service)
        taken = {table for other in others for table in other["RouteTableIds"]}
        for name in news["routeTableIds"]:
            if ec2.need(cloud, "route-table", name)["VpcId"] != news["vpcId"]:
                raise AwsRefused(
                    "InvalidParameter",
                    f"Route table {name} does not belong to the VPC {news['vpcId']}.",
                )
            if name in taken:
                raise AwsRefused(
                    "RouteAlreadyExists", f"route table {name} already has a route to {service}"
                )
