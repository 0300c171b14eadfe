"""
Elastic addresses and NAT gateways.

A NAT gateway here has a network interface with its address, as in AWS, made by a call of our own;
so what is in a subnet can be seen there. ministack drops its address.
"""

from typing import ClassVar

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties


class Eip(ec2.Resource):
    """A public address."""

    kind = "elastic-ip"
    outputs: ClassVar = {"domain": "Domain", "publicIp": "PublicIp"}
    schema = Schema(required={"domain": {"vpc"}}, optional=TAGS, computed={"publicIp"})

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Allocate it."""
        return self.ask(cloud, news, "allocate_address", Domain="vpc")

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Release it, unless it is in use."""
        address = ec2.need(cloud, "elastic-ip", id)
        if address.get("AssociationId"):
            raise AwsRefused("InvalidIPAddress.InUse", f"Address {address['PublicIp']} is in use.")
        cloud.call("ec2", "release_address", AllocationId=id)


class NatGateway(ec2.Resource):
    """The way out for subnets without public addresses."""

    kind = "natgateway"
    outputs: ClassVar = {"subnetId": "SubnetId"}
    forgotten = ("allocationId",)
    schema = Schema(
        required={"allocationId": str, "subnetId": str},
        optional=TAGS,
        replace_on={"subnetId", "allocationId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it with an interface and its address."""
        allocation = news["allocationId"]
        ec2.need(cloud, "subnet", news["subnetId"])
        if ec2.need(cloud, "elastic-ip", allocation).get("AssociationId"):
            raise AwsRefused(
                "Resource.AlreadyAssociated",
                f"Elastic IP address [{allocation}] is already associated",
            )
        id = self.ask(cloud, news, SubnetId=news["subnetId"], AllocationId=allocation)
        interface = ec2.place_interface(cloud, news["subnetId"], _description(id))
        cloud.call(
            "ec2", "associate_address", AllocationId=allocation, NetworkInterfaceId=interface
        )
        return id

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it with its interface; its address stays allocated."""
        super().remove(cloud, id, olds)
        if address := ec2.find(cloud, "elastic-ip", olds["allocationId"]):
            cloud.call("ec2", "disassociate_address", AssociationId=address["AssociationId"])
        ec2.remove_interfaces(cloud, Description=_description(id))


def _description(id: str) -> str:
    return f"Interface for NAT Gateway {id}"
