"""
VPC endpoints: ways to services of AWS past the NAT gateways.

A gateway is a route to S3 or DynamoDB; an interface is an address in each of some subnets. As in
AWS, that is a network interface with the security groups that were given, made by calls of our own,
so that neither can be deleted. ministack adds no routes, takes any service and forgets the groups:
the interfaces have them. Endpoints of other kinds and policies of endpoints are not imitated.
"""

from typing import Any, ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

GATEWAY, INTERFACE = "Gateway", "Interface"

# Those that EKS clusters use, of several hundred.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
INSIDE = frozenset(
    {
        *("autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing"),
        *("kms", "logs", "sts", "ssm"),
    }
)
SERVICES = {GATEWAY: frozenset({"s3", "dynamodb"}), INTERFACE: INSIDE}

OWN: dict[str, dict[str, Any]] = {
    GATEWAY: {"routeTableIds": [str]},
    INTERFACE: {"privateDnsEnabled": {True}, "securityGroupIds": [str], "subnetIds": [str]},
}
"""Properties that one kind has and the other has not."""


class VpcEndpoint(ec2.Resource):
    """A way to one service of AWS."""

    kind = "vpc-endpoint"
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
        services = SERVICES[kind]
        if news["serviceName"] not in {f"com.amazonaws.{cloud.region}.{one}" for one in services}:
            raise AwsRefused(
                "InvalidServiceName",
                f"The Vpc Endpoint Service '{news['serviceName']}' does not exist (of type {kind}; "
                f"the imitation knows {', '.join(sorted(services))} in {cloud.region})",
            )
        if kind == INTERFACE:
            self._check_places(cloud, news)
        else:
            self._check_tables(cloud, news)
        names = (*self.schema.required, *OWN[kind])
        id = self.ask(cloud, news, **{name[0].upper() + name[1:]: news[name] for name in names})
        for subnet in news.get("subnetIds", []):
            ec2.place_interface(cloud, subnet, _description(id), *news["securityGroupIds"])
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give what endpoints of its kind have."""
        if item["VpcEndpointType"] == GATEWAY:
            return {"routeTableIds": sorted(item["RouteTableIds"])}
        description = _description(item["VpcEndpointId"])
        found = ec2.every(cloud, "network-interface", Description=description)
        return {
            "privateDnsEnabled": True,
            "securityGroupIds": sorted(
                {one["GroupId"] for each in found for one in each["Groups"]}
            ),
            "subnetIds": sorted(each["SubnetId"] for each in found),
        }

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interfaces."""
        super().remove(cloud, id, olds)
        ec2.remove_interfaces(cloud, Description=_description(id))

    def _check_places(self, cloud: Cloud, news: Properties) -> None:
        vpc, service = news["vpcId"], news["serviceName"]
        for kind, names in (("subnet", "subnetIds"), ("security-group", "securityGroupIds")):
            for name in news[names]:
                if ec2.need(cloud, kind, name)["VpcId"] != vpc:
                    raise AwsRefused(
                        "InvalidParameter", f"The {kind} {name} does not belong to the VPC {vpc}."
                    )
        for other in ec2.every(cloud, self.kind, VpcId=vpc, ServiceName=service):
            raise AwsRefused(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS "
                f"domain for {service} in the VPC {vpc} ({other['VpcEndpointId']})",
            )

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


def _description(id: str) -> str:
    return f"VPC Endpoint Interface {id}"
