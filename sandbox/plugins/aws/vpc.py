"""
VPCs, their internet gateways and their subnets.

ministack refuses to delete a VPC with subnets, and detaches a gateway while it is used; everything
else that AWS refuses is checked here.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

ATTRIBUTES = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


class Vpc(ec2.Resource):
    """A virtual private cloud with one IPv4 range."""

    kind = "vpc"
    outputs: ClassVar = {"cidrBlock": "CidrBlock"}
    schema = Schema(
        required={"cidrBlock": IPv4Network, **{name: {True} for name in ATTRIBUTES}},
        optional=TAGS,
        replace_on={"cidrBlock"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its attributes."""
        id = self.ask(cloud, news, CidrBlock=news["cidrBlock"])
        # The other one is true already.
        cloud.call("ec2", "modify_vpc_attribute", VpcId=id, EnableDnsHostnames={"Value": True})
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its attributes."""
        found = {}
        for name, key in ATTRIBUTES.items():
            asked = {"VpcId": item["VpcId"], "Attribute": name}
            found[name] = cloud.call("ec2", "describe_vpc_attribute", **asked)[key]["Value"]
        return found

    def users(self, cloud: Cloud, item: ec2.Item) -> Iterator[str]:
        """Name what is left in it."""
        id = item["VpcId"]
        for kind in ("subnet", "network-interface", "natgateway", "vpc-endpoint"):
            for each in ec2.every(cloud, kind, VpcId=id):
                yield f"{kind} {each[ec2.KINDS[kind].id]}"
        for gateway in attached(cloud, id):
            yield f"internet-gateway {gateway['InternetGatewayId']}"
        for group in ec2.every(cloud, "security-group", VpcId=id):
            if group["GroupName"] != "default":
                yield f"security-group {group['GroupId']}"
        for table in ec2.every(cloud, "route-table", VpcId=id):
            if not any(each["Main"] for each in table["Associations"]):
                yield f"route-table {table['RouteTableId']}"
        for peering in ec2.every(cloud, "vpc-peering-connection"):
            if id in (peering[f"{side}VpcInfo"]["VpcId"] for side in ("Requester", "Accepter")):
                yield f"vpc-peering-connection {peering['VpcPeeringConnectionId']}"


class InternetGateway(ec2.Resource):
    """A VPC's way to and from the internet."""

    kind = "internet-gateway"
    schema = Schema(required={"vpcId": str}, optional=TAGS)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make and attach it, if the VPC has none."""
        vpc = news["vpcId"]
        ec2.need(cloud, "vpc", vpc)
        if attached(cloud, vpc):
            raise AwsRefused(
                "InvalidParameterValue", f"Network {vpc} already has an internet gateway attached"
            )
        id = self.ask(cloud, news)
        cloud.call("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=vpc)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its attachment."""
        return {"vpcId": next((each["VpcId"] for each in item["Attachments"]), None)}

    def users(self, cloud: Cloud, item: ec2.Item) -> Iterator[str]:
        """Name what has a public address through it."""
        for each in item["Attachments"]:
            for gateway in ec2.every(cloud, "natgateway", VpcId=each["VpcId"]):
                yield f"{gateway['NatGatewayId']} has a mapped public address"
            for name in _public_balancers(cloud, each["VpcId"]):
                yield f"{name} has a mapped public address"

    def release(self, cloud: Cloud, item: ec2.Item) -> None:
        """Detach it."""
        id = item["InternetGatewayId"]
        for each in item["Attachments"]:
            vpc = each["VpcId"]
            cloud.call("ec2", "detach_internet_gateway", InternetGatewayId=id, VpcId=vpc)


class Subnet(ec2.Resource):
    """A range of a VPC in one availability zone."""

    kind = "subnet"
    outputs: ClassVar = {
        "availabilityZone": "AvailabilityZone",
        "cidrBlock": "CidrBlock",
        "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
        "vpcId": "VpcId",
    }
    schema = Schema(
        required={
            "availabilityZone": str,
            "cidrBlock": IPv4Network,
            "mapPublicIpOnLaunch": {False},
            "vpcId": str,
        },
        optional=TAGS,
        replace_on={"vpcId", "cidrBlock", "availabilityZone"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if its VPC exists and has room."""
        block = IPv4Network(news["cidrBlock"])
        self._check_range(cloud, news["vpcId"], block)
        names = ("availabilityZone", "cidrBlock", "vpcId")
        return self.ask(cloud, news, **{self.outputs[name]: news[name] for name in names})

    def users(self, cloud: Cloud, item: ec2.Item) -> Iterator[str]:
        """Name what has an interface in it."""
        for each in ec2.interfaces(cloud, SubnetId=item["SubnetId"]):
            yield f"{each['NetworkInterfaceId']}: {each['Description']}"

    def release(self, cloud: Cloud, item: ec2.Item) -> None:
        """Undo its association, which ministack leaves in the route table."""
        for table in ec2.every(cloud, "route-table", VpcId=item["VpcId"]):
            for each in table["Associations"]:
                if each.get("SubnetId") == item["SubnetId"]:
                    association = each["RouteTableAssociationId"]
                    cloud.call("ec2", "disassociate_route_table", AssociationId=association)

    def _check_range(self, cloud: Cloud, vpc: str, block: IPv4Network) -> None:
        whole = ec2.need(cloud, "vpc", vpc)["CidrBlock"]
        if not block.subnet_of(IPv4Network(whole)):
            raise AwsRefused(
                "InvalidSubnet.Range",
                f"The CIDR '{block}' is invalid: it is not within {whole} of {vpc}.",
            )
        for other in ec2.every(cloud, self.kind, VpcId=vpc):
            if block.overlaps(IPv4Network(other["CidrBlock"])):
                raise AwsRefused(
                    "InvalidSubnet.Conflict",
                    f"The CIDR '{block}' conflicts with another subnet ({other['CidrBlock']}).",
                )


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
