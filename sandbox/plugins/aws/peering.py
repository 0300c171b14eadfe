"""
VPC peerings: the request, and its acceptance on the other side.

A peering of overlapping ranges becomes `failed` at once in AWS; ministack lets it be accepted.
"""

from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

KIND = "vpc-peering-connection"


class VpcPeeringConnection(ec2.Resource):
    """A request to join two VPCs."""

    kind = KIND
    schema = Schema(
        required={"vpcId": str, "peerVpcId": str, "peerRegion": str},
        optional=TAGS,
        replace_on={"vpcId", "peerVpcId", "peerRegion"},
        computed={"acceptStatus"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Ask, if both VPCs exist and may be joined."""
        peer = cloud.at(news["peerRegion"])
        self._check_ranges(cloud, peer, news)
        ends = {"VpcId": news["vpcId"], "PeerVpcId": news["peerVpcId"]}
        return self.ask(cloud, news, PeerRegion=peer.region, **ends)

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give both sides."""
        return {
            "acceptStatus": item["Status"]["Code"],
            "peerRegion": item["AccepterVpcInfo"]["Region"],
            "peerVpcId": item["AccepterVpcInfo"]["VpcId"],
            "vpcId": item["RequesterVpcInfo"]["VpcId"],
        }

    def _check_ranges(self, cloud: Cloud, peer: Cloud, news: Properties) -> None:
        ours = ec2.need(cloud, "vpc", news["vpcId"])["CidrBlock"]
        theirs = ec2.find(peer, "vpc", news["peerVpcId"])
        if theirs is None or IPv4Network(ours).overlaps(IPv4Network(theirs["CidrBlock"])):
            raise Refused(
                "waiting for EC2 VPC Peering Connection create: unexpected state 'failed', wanted "
                "target 'active, pending-acceptance'. last error: Failed due to incorrect VPC-ID, "
                f"Account ID, or overlapping CIDR range ({news['vpcId']} has {ours}, "
                f"{news['peerVpcId']} in {peer.region} "
                f"{'does not exist' if theirs is None else 'has ' + theirs['CidrBlock']})"
            )
        ends = (news["vpcId"], news["peerVpcId"])
        for each in ec2.every(cloud, KIND):
            if ends == (each["RequesterVpcInfo"]["VpcId"], each["AccepterVpcInfo"]["VpcId"]):
                raise AwsRefused(
                    "VpcPeeringConnectionAlreadyExists",
                    f"the VPCs are joined already ({each['VpcPeeringConnectionId']})",
                )


class VpcPeeringConnectionAccepter(ec2.Resource):
    """The other side's consent. Deleting it leaves the peering, as AWS' provider does."""

    kind = KIND
    schema = Schema(
        required={"autoAccept": {True}, "vpcPeeringConnectionId": str},
        optional=TAGS,
        replace_on={"vpcPeeringConnectionId"},
        computed={"acceptStatus"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Accept what waits for us."""
        id: str = news["vpcPeeringConnectionId"]
        region = ec2.need(cloud, KIND, id)["AccepterVpcInfo"]["Region"]
        if region != cloud.region:
            raise AwsRefused(
                "OperationNotPermitted",
                f"Incorrect region ({cloud.region}) specified for this request. Use region "
                f"{region} to accept this VPC peering connection",
            )
        cloud.call("ec2", "accept_vpc_peering_connection", VpcPeeringConnectionId=id)
        ec2.retag(cloud, id, {}, news["tagsAll"])
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give its state."""
        id, status = item["VpcPeeringConnectionId"], item["Status"]["Code"]
        return {"acceptStatus": status, "vpcPeeringConnectionId": id}

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Only forget it."""
