"""
Internet gateways, made and attached in one step.

ministack attaches a gateway to anything, any number to one VPC, and detaches it while it is used.
"""

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, Ec2Resource
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties


class InternetGateway(Ec2Resource):
    """A VPC's way to and from the internet."""

    kind = "internet-gateway"
    schema = Schema(required={"vpcId": str}, optional=TAGS)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make and attach it, if the VPC has none."""
        vpc = news["vpcId"]
        ec2.need(cloud, "vpc", vpc)
        if attached(cloud, vpc):
            raise AwsRefused(
                "InvalidParameterValue",
                f"Network {vpc} already has an internet gateway attached",
                operation="EC2: AttachInternetGateway",
            )
        id = self.ask(cloud, news)
        cloud.call("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=vpc)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its attachment."""
        return {"vpcId": next((each["VpcId"] for each in item["Attachments"]), None)}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Detach and delete it."""
        for each in ec2.need(cloud, self.kind, id)["Attachments"]:
            self._detach(cloud, id, each["VpcId"])
        cloud.call("ec2", "delete_internet_gateway", InternetGatewayId=id)

    def _detach(self, cloud: Cloud, id: str, vpc: str) -> None:
        gateways = ec2.every(cloud, "natgateway", VpcId=vpc)
        public = [each["NatGatewayId"] for each in gateways] + _public_balancers(cloud, vpc)
        if public:
            raise AwsRefused(
                "DependencyViolation",
                f"Network {vpc} has some mapped public address(es). Please unmap those public "
                f"address(es) before detaching the gateway. ({public[0]})",
                operation="EC2: DetachInternetGateway",
            )
        cloud.call("ec2", "detach_internet_gateway", InternetGatewayId=id, VpcId=vpc)


def attached(cloud: Cloud, vpc: str) -> list[ec2.Item]:
    """List the gateways of a VPC."""
    return [
        gateway
        for gateway in ec2.every(cloud, "internet-gateway")
        if any(each["VpcId"] == vpc for each in gateway["Attachments"])
    ]


def _public_balancers(cloud: Cloud, vpc: str) -> list[str]:
    """Name the balancers with public addresses, by their interfaces: ministack knows no VPC."""
    found = ec2.interfaces(cloud, "ELB ", VpcId=vpc)
    owners = {each["Description"].removeprefix("ELB ") for each in found}
    return [
        balancer["LoadBalancerName"]
        for balancer in cloud.call("elbv2", "describe_load_balancers")["LoadBalancers"]
        if balancer["Scheme"] == "internet-facing"
        and balancer["LoadBalancerArn"].partition(":loadbalancer/")[2] in owners
    ]
