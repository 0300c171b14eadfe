"""
Elastic addresses and NAT gateways.

A NAT gateway here has a network interface with its address, as in AWS, made by a call of our own;
so what is in a subnet can be seen there. ministack drops its addresses: notes keep them.
"""

from __future__ import annotations

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import UNKNOWN, Properties, Refused, Schema


class Eip(AwsResource):
    """A public address."""

    schema = Schema(
        optional={"domain": {"vpc"}, **TAGS, **REGION},
        replace_on={"domain"},
        computed={"allocationId", "arn", "publicDns", "publicIp"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Allocate it."""
        made = cloud.call(
            "ec2",
            "allocate_address",
            Domain="vpc",
            TagSpecifications=ec2.tagging("elastic-ip", news["tagsAll"]),
        )
        id: str = made["AllocationId"]
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        address = ec2.find(cloud, "elastic-ip", id)
        if address is None:
            return None
        dashed = address["PublicIp"].replace(".", "-")
        return {
            "allocationId": id,
            "arn": cloud.arn("ec2", f"elastic-ip/{id}"),
            "domain": address["Domain"],
            "publicDns": f"ec2-{dashed}.{cloud.region}.compute.amazonaws.com",
            "publicIp": address["PublicIp"],
            "tagsAll": ec2.tags_of(address),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Release it, unless it is in use."""
        address = ec2.need(cloud, "elastic-ip", id)
        if address.get("AssociationId"):
            raise AwsRefused(
                "InvalidIPAddress.InUse",
                f"Address {address['PublicIp']} is in use.",
                operation="EC2: ReleaseAddress",
            )
        cloud.call("ec2", "release_address", AllocationId=id)


class NatGateway(AwsResource):
    """The way out for subnets without public addresses."""

    schema = Schema(
        required={"subnetId": str},
        optional={
            "allocationId": str,
            "connectivityType": {"public", "private"},
            **TAGS,
            **REGION,
        },
        replace_on={"subnetId", "allocationId", "connectivityType"},
        computed={"associationId", "networkInterfaceId", "privateIp", "publicIp"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse a public one without, and a private one with an address."""
        kind = news.get("connectivityType", "public")
        if kind is not UNKNOWN and (kind == "public") != ("allocationId" in news):
            raise Refused(
                "'allocationId' must be set for a public NAT gateway, and only for one.",
                "allocationId",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it where a public one has a way out, give it its interface and address."""
        subnet = ec2.need(cloud, "subnet", news["subnetId"])
        allocation = news.get("allocationId")
        if allocation is not None:
            self._check_public(cloud, allocation, subnet["VpcId"])
        made = cloud.call(
            "ec2",
            "create_nat_gateway",
            SubnetId=news["subnetId"],
            ConnectivityType=news.get("connectivityType", "public"),
            TagSpecifications=ec2.tagging("natgateway", news["tagsAll"]),
            **({"AllocationId": allocation} if allocation is not None else {}),
        )
        id: str = made["NatGateway"]["NatGatewayId"]
        facts = {"allocationId": allocation, "interface": _interface(cloud, id, subnet)}
        if allocation is not None:
            facts["association"] = cloud.call(
                "ec2",
                "associate_address",
                AllocationId=allocation,
                NetworkInterfaceId=facts["interface"],
            )["AssociationId"]
        notes.write(cloud, "natgateway", id, facts)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it with its address."""
        gateway = ec2.find(cloud, "natgateway", id)
        if gateway is None:
            return None
        facts = notes.read(cloud, "natgateway", id)
        interface = ec2.find(cloud, "network-interface", facts.get("interface", ""))
        allocation = facts.get("allocationId")
        return {
            "allocationId": allocation,
            "associationId": facts.get("association"),
            "connectivityType": gateway["ConnectivityType"],
            "networkInterfaceId": facts.get("interface"),
            "privateIp": interface["PrivateIpAddress"] if interface else None,
            "publicIp": public_address(cloud, id),
            "subnetId": gateway["SubnetId"],
            "tagsAll": ec2.tags_of(gateway),
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interface; its address stays allocated."""
        ec2.need(cloud, "natgateway", id)
        facts = notes.read(cloud, "natgateway", id)
        if association := facts.get("association"):
            cloud.call("ec2", "disassociate_address", AssociationId=association)
        cloud.call("ec2", "delete_nat_gateway", NatGatewayId=id)
        for each in ec2.interfaces(cloud, _description(id)):
            interface = each["NetworkInterfaceId"]
            cloud.call("ec2", "delete_network_interface", NetworkInterfaceId=interface)
        notes.forget(cloud, "natgateway", id)

    def _check_public(self, cloud: Cloud, allocation: str, vpc: str) -> None:
        address = ec2.need(cloud, "elastic-ip", allocation)
        if address.get("AssociationId"):
            raise AwsRefused(
                "Resource.AlreadyAssociated",
                f"Elastic IP address [{allocation}] is already associated",
                operation="EC2: CreateNatGateway",
            )
        gateways = ec2.every(cloud, "internet-gateway")
        if not any(each["VpcId"] == vpc for one in gateways for each in one["Attachments"]):
            raise AwsRefused(
                "Gateway.NotAttached",
                f"Network {vpc} has no Internet gateway attached",
                operation="EC2: CreateNatGateway",
            )


def public_address(cloud: Cloud, gateway: str) -> str | None:
    """Give a NAT gateway's public address."""
    allocation = notes.read(cloud, "natgateway", gateway).get("allocationId")
    address = ec2.find(cloud, "elastic-ip", allocation) if allocation else None
    return address["PublicIp"] if address else None


def _interface(cloud: Cloud, id: str, subnet: ec2.Item) -> str:
    made = cloud.call(
        "ec2",
        "create_network_interface",
        SubnetId=subnet["SubnetId"],
        Description=_description(id),
    )
    interface: str = made["NetworkInterface"]["NetworkInterfaceId"]
    return interface


def _description(id: str) -> str:
    return f"Interface for NAT Gateway {id}"
