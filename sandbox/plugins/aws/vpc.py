"""
VPCs and subnets.

ministack refuses to delete a VPC with subnets; everything else that AWS refuses is checked here.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.addresses import check_size, network, overlapping
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.internet_gateways import attached
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import Properties, Schema


class Vpc(AwsResource):
    """A virtual private cloud with one IPv4 range."""

    schema = Schema(
        required={"cidrBlock": str},
        optional={
            "enableDnsHostnames": bool,
            "enableDnsSupport": bool,
            "instanceTenancy": {"default"},
            **TAGS,
            **REGION,
        },
        replace_on={"cidrBlock"},
        computed={
            "arn",
            "defaultNetworkAclId",
            "defaultRouteTableId",
            "defaultSecurityGroupId",
            "dhcpOptionsId",
            "mainRouteTableId",
            "ownerId",
        },
    )

    def refuse(self, news: Properties) -> None:
        """Refuse what is no range."""
        if isinstance(cidr := news["cidrBlock"], str):
            network("cidrBlock", cidr)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with its attributes."""
        check_size("VPC", "InvalidVpc.Range", IPv4Network(news["cidrBlock"]))
        made = cloud.call(
            "ec2",
            "create_vpc",
            CidrBlock=news["cidrBlock"],
            TagSpecifications=ec2.tagging("vpc", news["tagsAll"]),
        )
        id: str = made["Vpc"]["VpcId"]
        self._set_attributes(cloud, id, news)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read the VPC and what came with it."""
        vpc = ec2.find(cloud, "vpc", id)
        if vpc is None:
            return None
        main = next(
            table["RouteTableId"]
            for table in ec2.every(cloud, "route-table", VpcId=id)
            if any(each["Main"] for each in table["Associations"])
        )
        [group] = ec2.every(cloud, "security-group", VpcId=id, GroupName="default")
        acls = cloud.call("ec2", "describe_network_acls")["NetworkAcls"]
        return {
            "arn": cloud.arn("ec2", f"vpc/{id}"),
            "cidrBlock": vpc["CidrBlock"],
            "defaultNetworkAclId": next(
                acl["NetworkAclId"] for acl in acls if acl["VpcId"] == id and acl["IsDefault"]
            ),
            "defaultRouteTableId": main,
            "defaultSecurityGroupId": group["GroupId"],
            "dhcpOptionsId": vpc["DhcpOptionsId"],
            "enableDnsHostnames": _attribute(cloud, id, "enableDnsHostnames"),
            "enableDnsSupport": _attribute(cloud, id, "enableDnsSupport"),
            "instanceTenancy": vpc["InstanceTenancy"],
            "mainRouteTableId": main,
            "ownerId": vpc["OwnerId"],
            "tagsAll": ec2.tags_of(vpc),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change attributes and tags."""
        self._set_attributes(cloud, id, news)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something is left in it."""
        ec2.need(cloud, "vpc", id)
        left = [
            *ec2.every(cloud, "subnet", VpcId=id),
            *attached(cloud, id),
            *ec2.interfaces(cloud, VpcId=id),
            *ec2.every(cloud, "natgateway", VpcId=id),
            *ec2.every(cloud, "vpc-endpoint", VpcId=id),
            *_peerings(cloud, id),
            *(each for each in _groups(cloud, id) if each["GroupName"] != "default"),
            *(
                table
                for table in ec2.every(cloud, "route-table", VpcId=id)
                if not any(each["Main"] for each in table["Associations"])
            ),
        ]
        if left:
            raise AwsRefused(
                "DependencyViolation",
                f"The vpc '{id}' has dependencies and cannot be deleted.",
                operation="EC2: DeleteVpc",
            )
        cloud.call("ec2", "delete_vpc", VpcId=id)

    def _set_attributes(self, cloud: Cloud, id: str, news: Properties) -> None:
        for attribute, default in (("enableDnsSupport", True), ("enableDnsHostnames", False)):
            value = news.get(attribute, default)
            if value != _attribute(cloud, id, attribute):
                parameter = attribute[0].upper() + attribute[1:]
                cloud.call("ec2", "modify_vpc_attribute", VpcId=id, **{parameter: {"Value": value}})


class Subnet(AwsResource):
    """A range of a VPC in one availability zone."""

    schema = Schema(
        required={"vpcId": str, "cidrBlock": str},
        optional={"availabilityZone": str, "mapPublicIpOnLaunch": bool, **TAGS, **REGION},
        replace_on={"vpcId", "cidrBlock", "availabilityZone"},
        computed={"arn", "availabilityZone", "availabilityZoneId", "ownerId"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse what is no range."""
        if isinstance(cidr := news["cidrBlock"], str):
            network("cidrBlock", cidr)

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if its VPC and its zone exist and have room."""
        vpc = ec2.need(cloud, "vpc", news["vpcId"])
        block = IPv4Network(news["cidrBlock"])
        check_size("subnet", "InvalidSubnet.Range", block)
        if not block.subnet_of(IPv4Network(vpc["CidrBlock"])):
            raise AwsRefused(
                "InvalidSubnet.Range",
                f"The CIDR '{block}' is invalid: it is not within {vpc['CidrBlock']} of "
                f"{news['vpcId']}.",
                operation="EC2: CreateSubnet",
            )
        siblings = ec2.every(cloud, "subnet", VpcId=news["vpcId"])
        if other := overlapping(block, (each["CidrBlock"] for each in siblings)):
            raise AwsRefused(
                "InvalidSubnet.Conflict",
                f"The CIDR '{block}' conflicts with another subnet ({other}).",
                operation="EC2: CreateSubnet",
            )
        zone = news.get("availabilityZone", f"{cloud.region}a")
        _check_zone(cloud, zone)
        made = cloud.call(
            "ec2",
            "create_subnet",
            VpcId=news["vpcId"],
            CidrBlock=news["cidrBlock"],
            AvailabilityZone=zone,
            TagSpecifications=ec2.tagging("subnet", news["tagsAll"]),
        )
        id: str = made["Subnet"]["SubnetId"]
        if news.get("mapPublicIpOnLaunch"):
            self._map_public(cloud, id, True)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        subnet = ec2.find(cloud, "subnet", id)
        if subnet is None:
            return None
        return {
            "arn": cloud.arn("ec2", f"subnet/{id}"),
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet["AvailabilityZoneId"],
            "cidrBlock": subnet["CidrBlock"],
            "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
            "ownerId": subnet["OwnerId"],
            "tagsAll": ec2.tags_of(subnet),
            "vpcId": subnet["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change public addresses and tags."""
        wanted = news.get("mapPublicIpOnLaunch", False)
        if wanted != olds.get("mapPublicIpOnLaunch", False):
            self._map_public(cloud, id, wanted)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it, unless something has an interface in it."""
        ec2.need(cloud, "subnet", id)
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

    def _map_public(self, cloud: Cloud, id: str, value: bool) -> None:
        cloud.call(
            "ec2", "modify_subnet_attribute", SubnetId=id, MapPublicIpOnLaunch={"Value": value}
        )


def _attribute(cloud: Cloud, vpc: str, attribute: str) -> bool:
    answer = cloud.call("ec2", "describe_vpc_attribute", VpcId=vpc, Attribute=attribute)
    value: bool = answer[attribute[0].upper() + attribute[1:]]["Value"]
    return value


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


def _groups(cloud: Cloud, vpc: str) -> list[ec2.Item]:
    return ec2.every(cloud, "security-group", VpcId=vpc)


def _peerings(cloud: Cloud, vpc: str) -> list[ec2.Item]:
    return [
        each
        for each in ec2.every(cloud, "vpc-peering-connection")
        if vpc in (each["RequesterVpcInfo"]["VpcId"], each["AccepterVpcInfo"]["VpcId"])
    ]
