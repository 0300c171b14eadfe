"""
Internet gateways, made and attached in one step.

ministack attaches a gateway to anything, any number to one VPC, and detaches it while it is used.
"""

from __future__ import annotations

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import Properties, Schema


class InternetGateway(AwsResource):
    """A VPC's way to and from the internet."""

    schema = Schema(optional={"vpcId": str, **TAGS, **REGION}, computed={"arn", "ownerId"})

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make and attach it."""
        if "vpcId" in news:
            self._check_attachable(cloud, news["vpcId"])
        made = cloud.call(
            "ec2",
            "create_internet_gateway",
            TagSpecifications=ec2.tagging("internet-gateway", news["tagsAll"]),
        )
        id: str = made["InternetGateway"]["InternetGatewayId"]
        if "vpcId" in news:
            cloud.call("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=news["vpcId"])
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with its attachment."""
        gateway = ec2.find(cloud, "internet-gateway", id)
        if gateway is None:
            return None
        found = gateway["Attachments"]
        return {
            "arn": cloud.arn("ec2", f"internet-gateway/{id}"),
            "ownerId": gateway["OwnerId"],
            "tagsAll": ec2.tags_of(gateway),
            "vpcId": found[0]["VpcId"] if found else None,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Move it to another VPC, change its tags."""
        old, new = olds.get("vpcId"), news.get("vpcId")
        if new is not None and old != new:
            self._check_attachable(cloud, new)
            self._detach(cloud, id, old)
            cloud.call("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=new)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Detach and delete it."""
        gateway = ec2.need(cloud, "internet-gateway", id)
        for each in gateway["Attachments"]:
            self._detach(cloud, id, each["VpcId"])
        cloud.call("ec2", "delete_internet_gateway", InternetGatewayId=id)

    def _check_attachable(self, cloud: Cloud, vpc: str) -> None:
        ec2.need(cloud, "vpc", vpc)
        if attached(cloud, vpc):
            raise AwsRefused(
                "InvalidParameterValue",
                f"Network {vpc} already has an internet gateway attached",
                operation="EC2: AttachInternetGateway",
            )

    def _detach(self, cloud: Cloud, id: str, vpc: str | None) -> None:
        if vpc is None:
            return
        public = [
            each["NatGatewayId"]
            for each in ec2.every(cloud, "natgateway", VpcId=vpc)
            if each["ConnectivityType"] == "public"
        ]
        public += _public_balancers(cloud, vpc)
        if public:
            raise AwsRefused(
                "DependencyViolation",
                f"Network {vpc} has some mapped public address(es). Please unmap those public "
                f"address(es) before detaching the gateway. ({public[0]})",
                operation="EC2: DetachInternetGateway",
            )
        cloud.call("ec2", "detach_internet_gateway", InternetGatewayId=id, VpcId=vpc)


def _public_balancers(cloud: Cloud, vpc: str) -> list[str]:
    """Name the balancers with public addresses, by their interfaces: ministack knows no VPC."""
    return [
        balancer["LoadBalancerName"]
        for balancer in cloud.call("elbv2", "describe_load_balancers")["LoadBalancers"]
        if balancer["Scheme"] == "internet-facing"
        and ec2.interfaces(
            cloud,
            VpcId=vpc,
            Description="ELB " + balancer["LoadBalancerArn"].partition(":loadbalancer/")[2],
        )
    ]


def attached(cloud: Cloud, vpc: str) -> list[ec2.Item]:
    """List the gateways of a VPC."""
    return [
        gateway
        for gateway in ec2.every(cloud, "internet-gateway")
        if any(each["VpcId"] == vpc for each in gateway["Attachments"])
    ]
