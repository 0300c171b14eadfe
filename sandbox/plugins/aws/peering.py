"""
VPC peerings: the request, and its acceptance on the other side.

A peering of overlapping ranges becomes `failed` at once in AWS; ministack lets it be accepted.
"""

from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import TAGS, Ec2Resource
from sandbox.plugins.contract import Refused
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import Properties

KIND = "vpc-peering-connection"

# Source: https://docs.aws.amazon.com/general/latest/gr/vpc-service.html
ACTIVE_LIMIT = 50


class VpcPeeringConnection(Ec2Resource):
    """A request to join two VPCs."""

    kind = KIND
    schema = Schema(
        required={"vpcId": str, "peerVpcId": str},
        optional={"peerRegion": str, **TAGS},
        replace_on={"vpcId", "peerVpcId", "peerRegion"},
        computed={"acceptStatus", "peerOwnerId", "peerRegion"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Ask, if both VPCs exist and may be joined."""
        peer = cloud.at(news.get("peerRegion"))
        self._check_ranges(cloud, peer, news)
        _check_quota(cloud, news["vpcId"], "CreateVpcPeeringConnection")
        ends = {"VpcId": news["vpcId"], "PeerVpcId": news["peerVpcId"]}
        return self.ask(cloud, news, PeerRegion=peer.region, **ends)

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give it as the side that asked sees it."""
        return _seen_from("Requester", "Accepter", item)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it on both sides."""
        ec2.need(cloud, KIND, id)
        cloud.call("ec2", "delete_vpc_peering_connection", VpcPeeringConnectionId=id)

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
                    operation="EC2: CreateVpcPeeringConnection",
                )


class VpcPeeringConnectionAccepter(Ec2Resource):
    """The other side's consent. Deleting it leaves the peering, as AWS' provider does."""

    kind = KIND
    schema = Schema(
        required={"vpcPeeringConnectionId": str},
        optional={"autoAccept": bool, **TAGS},
        replace_on={"vpcPeeringConnectionId"},
        computed={"acceptStatus", "peerOwnerId", "peerRegion", "peerVpcId", "vpcId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Accept what waits for us."""
        id: str = news["vpcPeeringConnectionId"]
        self._accept(cloud, id, news)
        ec2.retag(cloud, id, {}, news["tagsAll"])
        return id

    def describe(self, cloud: Cloud, item: ec2.Item) -> Properties:
        """Give it as the side that accepts sees it; the peer is who asked."""
        id = item["VpcPeeringConnectionId"]
        return {**_seen_from("Accepter", "Requester", item), "vpcPeeringConnectionId": id}

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Accept if it was not, change tags."""
        self._accept(cloud, id, news)
        super().change(cloud, id, olds, news)

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Only forget it."""

    def _accept(self, cloud: Cloud, id: str, news: Properties) -> None:
        peering = ec2.need(cloud, KIND, id)
        if not news.get("autoAccept") or peering["Status"]["Code"] != "pending-acceptance":
            return
        accepter = peering["AccepterVpcInfo"]
        if accepter["Region"] != cloud.region:
            raise AwsRefused(
                "OperationNotPermitted",
                f"Incorrect region ({cloud.region}) specified for this request. Use region "
                f"{accepter['Region']} to accept this VPC peering connection",
                operation="EC2: AcceptVpcPeeringConnection",
            )
        _check_quota(cloud, accepter["VpcId"], "AcceptVpcPeeringConnection")
        cloud.call("ec2", "accept_vpc_peering_connection", VpcPeeringConnectionId=id)


def _seen_from(one: str, other: str, peering: ec2.Item) -> Properties:
    ours, theirs = peering[f"{one}VpcInfo"], peering[f"{other}VpcInfo"]
    return {
        "acceptStatus": peering["Status"]["Code"],
        "peerOwnerId": theirs["OwnerId"],
        "peerRegion": theirs["Region"],
        "peerVpcId": theirs["VpcId"],
        "vpcId": ours["VpcId"],
    }


def _check_quota(cloud: Cloud, vpc: str, operation: str) -> None:
    active = [
        each
        for each in ec2.every(cloud, KIND)
        if each["Status"]["Code"] == "active"
        and vpc in (each["RequesterVpcInfo"]["VpcId"], each["AccepterVpcInfo"]["VpcId"])
    ]
    if len(active) >= ACTIVE_LIMIT:
        raise AwsRefused(
            "ActiveVpcPeeringConnectionPerVpcLimitExceeded",
            "The maximum number of active VPC peering connections per VPC has been reached. "
            f"({vpc}: {ACTIVE_LIMIT})",
            operation=f"EC2: {operation}",
        )
