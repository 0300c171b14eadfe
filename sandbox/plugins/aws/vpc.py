"""
VPCs and subnets.

ministack refuses to delete a VPC with subnets; everything else that AWS refuses is checked here.
"""

from ipaddress import IPv4Network
from typing import ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.addresses import check_size, network, overlapping
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.internet_gateways import attached
from sandbox.plugins.aws.resource import TAGS, Ec2Resource
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

ATTRIBUTES = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


class Vpc(Ec2Resource):
    """A virtual private cloud with one IPv4 range."""

    kind = "vpc"
    outputs: ClassVar = {"cidrBlock": "CidrBlock"}
    schema = Schema(
        required={"cidrBlock": str, **{name: {True} for name in ATTRIBUTES}},
        optional=TAGS,
        replace_on={"cidrBlock"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse what is no range."""
        if isinstance(cidr := news["cidrBlock"], str):
            network("cidrBlock", cidr)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its attributes."""
        cidr = news["cidrBlock"]
        check_size("VPC", "InvalidVpc.Range", IPv4Network(cidr))
        id = self.ask(cloud, news, CidrBlock=cidr)
        wanted = {
            ATTRIBUTES["enableDnsHostnames"]: {"Value": True}
        }  # the other one is true already
        cloud.call("ec2", "modify_vpc_attribute", VpcId=id, **wanted)
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its attributes."""
        asked = {"VpcId": item["VpcId"]}
        return {
            here: cloud.call("ec2", "describe_vpc_attribute", Attribute=here, **asked)[there][
                "Value"
            ]
            for here, there in ATTRIBUTES.items()
        }

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something is left in it."""
        ec2.need(cloud, self.kind, id)
        inside = ("subnet", "network-interface", "natgateway", "vpc-endpoint")
        left = [
            *(item for kind in inside for item in ec2.every(cloud, kind, VpcId=id)),
            *attached(cloud, id),
            *_peerings(cloud, id),
            *(
                group
                for group in ec2.every(cloud, "security-group", VpcId=id)
                if group["GroupName"] != "default"
            ),
            *(table for table in ec2.every(cloud, "route-table", VpcId=id) if not _is_main(table)),
        ]
        if left:
            raise AwsRefused(
                "DependencyViolation",
                f"The vpc '{id}' has dependencies and cannot be deleted.",
                operation="EC2: DeleteVpc",
            )
        cloud.call("ec2", "delete_vpc", VpcId=id)


class Subnet(Ec2Resource):
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
            "cidrBlock": str,
            "mapPublicIpOnLaunch": {False},
            "vpcId": str,
        },
        optional=TAGS,
        replace_on={"vpcId", "cidrBlock", "availabilityZone"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse what is no range."""
        if isinstance(cidr := news["cidrBlock"], str):
            network("cidrBlock", cidr)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if its VPC and its zone exist and have room."""
        block = IPv4Network(news["cidrBlock"])
        check_size("subnet", "InvalidSubnet.Range", block)
        self._check_range(cloud, news["vpcId"], block)
        _check_zone(cloud, news["availabilityZone"])
        names = ("availabilityZone", "cidrBlock", "vpcId")
        return self.ask(cloud, news, **{self.outputs[name]: news[name] for name in names})

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something has an interface in it."""
        ec2.need(cloud, self.kind, id)
        if users := ec2.interfaces(cloud, SubnetId=id):
            raise AwsRefused(
                "DependencyViolation",
                f"The subnet '{id}' has dependencies and cannot be deleted. "
                f"({users[0]['NetworkInterfaceId']}: {users[0]['Description']})",
                operation="EC2: DeleteSubnet",
            )
        # With a subnet its association goes; ministack leaves it in the route table.
        for table in ec2.every(cloud, "route-table", VpcId=olds["vpcId"]):
            for each in table["Associations"]:
                if each.get("SubnetId") == id:
                    association = each["RouteTableAssociationId"]
                    cloud.call("ec2", "disassociate_route_table", AssociationId=association)
        cloud.call("ec2", "delete_subnet", SubnetId=id)

    def _check_range(self, cloud: Cloud, vpc: str, block: IPv4Network) -> None:
        whole = ec2.need(cloud, "vpc", vpc)["CidrBlock"]
        if not block.subnet_of(IPv4Network(whole)):
            raise AwsRefused(
                "InvalidSubnet.Range",
                f"The CIDR '{block}' is invalid: it is not within {whole} of {vpc}.",
                operation="EC2: CreateSubnet",
            )
        siblings = ec2.every(cloud, self.kind, VpcId=vpc)
        if other := overlapping(block, (each["CidrBlock"] for each in siblings)):
            raise AwsRefused(
                "InvalidSubnet.Conflict",
                f"The CIDR '{block}' conflicts with another subnet ({other}).",
                operation="EC2: CreateSubnet",
            )


def _check_zone(cloud: Cloud, zone: str) -> None:
    zones = cloud.call("ec2", "describe_availability_zones")["AvailabilityZones"]
    names = [each["ZoneName"] for each in zones]
    if zone not in names:
        raise AwsRefused(
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently "
            f"only be created in the following availability zones: {', '.join(names)}.",
            operation="EC2: CreateSubnet",
        )


def _is_main(table: ec2.Item) -> bool:
    return any(each["Main"] for each in table["Associations"])


def _peerings(cloud: Cloud, vpc: str) -> list[ec2.Item]:
    return [
        each
        for each in ec2.every(cloud, "vpc-peering-connection")
        if vpc in (each["RequesterVpcInfo"]["VpcId"], each["AccepterVpcInfo"]["VpcId"])
    ]
