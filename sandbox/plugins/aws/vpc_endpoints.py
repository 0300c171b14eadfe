"""
Gateway endpoints: ways to S3 and DynamoDB past the NAT gateways.

Interface endpoints are not imitated. ministack adds no routes for them and takes any service.
"""

from __future__ import annotations

from typing import Any

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource, given
from sandbox.plugins.framework import Properties, Schema


class VpcEndpoint(AwsResource):
    """A gateway endpoint: a way to S3 or DynamoDB past the NAT gateways."""

    schema = Schema(
        required={"vpcId": str, "serviceName": str},
        optional={
            "vpcEndpointType": {"Gateway"},
            "routeTableIds": [str],
            "policy": str,
            **TAGS,
            **REGION,
        },
        replace_on={"vpcId", "serviceName", "vpcEndpointType"},
        computed={"arn", "ownerId", "state", "vpcEndpointType"},
    )
    sets = ("routeTableIds",)
    policies = ("policy",)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it for tables of its VPC."""
        ec2.need(cloud, "vpc", news["vpcId"])
        if news["serviceName"] not in (
            f"com.amazonaws.{cloud.region}.{name}" for name in ("s3", "dynamodb")
        ):
            raise AwsRefused(
                "InvalidServiceName",
                f"The Vpc Endpoint Service '{news['serviceName']}' does not exist",
                operation="EC2: CreateVpcEndpoint",
            )
        self._check_tables(cloud, "", news)
        names = {
            "vpcId": "VpcId",
            "serviceName": "ServiceName",
            "routeTableIds": "RouteTableIds",
            "policy": "PolicyDocument",
        }
        made = cloud.call(
            "ec2",
            "create_vpc_endpoint",
            VpcEndpointType="Gateway",
            TagSpecifications=ec2.tagging("vpc-endpoint", news["tagsAll"]),
            **given(news, names),
        )
        id: str = made["VpcEndpoint"]["VpcEndpointId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        endpoint = ec2.find(cloud, "vpc-endpoint", id)
        if endpoint is None:
            return None
        return {
            "arn": cloud.arn("ec2", f"vpc-endpoint/{id}"),
            "ownerId": endpoint["OwnerId"],
            "routeTableIds": sorted(endpoint["RouteTableIds"]),
            "serviceName": endpoint["ServiceName"],
            "state": endpoint["State"],
            "tagsAll": ec2.tags_of(endpoint),
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "vpcId": endpoint["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change tables, policy and tags."""
        self._check_tables(cloud, id, news)
        old, new = set(olds.get("routeTableIds", [])), set(news.get("routeTableIds", []))
        changes: dict[str, Any] = {}
        if old - new:
            changes["RemoveRouteTableIds"] = sorted(old - new)
        if new - old:
            changes["AddRouteTableIds"] = sorted(new - old)
        if news.get("policy") != olds.get("policy"):
            changes |= (
                {"PolicyDocument": news["policy"]} if "policy" in news else {"ResetPolicy": True}
            )
        if changes:
            cloud.call("ec2", "modify_vpc_endpoint", VpcEndpointId=id, **changes)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it."""
        ec2.need(cloud, "vpc-endpoint", id)
        cloud.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id])

    def _check_tables(self, cloud: Cloud, id: str, news: Properties) -> None:
        taken = {
            table
            for other in ec2.every(cloud, "vpc-endpoint", ServiceName=news["serviceName"])
            if other["VpcEndpointId"] != id
            for table in other["RouteTableIds"]
        }
        for name in news.get("routeTableIds", []):
            table = ec2.need(cloud, "route-table", name)
            if table["VpcId"] != news["vpcId"]:
                raise AwsRefused(
                    "InvalidParameter",
                    f"Route table {name} does not belong to the VPC {news['vpcId']}.",
                    operation="EC2: CreateVpcEndpoint",
                )
            if name in taken:
                raise AwsRefused(
                    "RouteAlreadyExists",
                    f"route table {name} already has a route to {news['serviceName']}",
                    operation="EC2: CreateVpcEndpoint",
                )
