"""
VPC peerings: the request, and its acceptance on the other side.

A peering of overlapping ranges becomes `failed` at once in AWS; ministack lets it be accepted.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.resource import REGION, TAGS, AwsResource
from sandbox.plugins.framework import Properties, Refused, Schema

KIND = "vpc-peering-connection"

# Source: https://docs.aws.amazon.com/general/latest/gr/vpc-service.html
ACTIVE_LIMIT = 50


class VpcPeeringConnection(AwsResource):
    """A request to join two VPCs; it is accepted by itself only within one region."""

    schema = Schema(
        required={"vpcId": str, "peerVpcId": str},
        optional={"peerRegion": str, "peerOwnerId": str, "autoAccept": bool, **TAGS, **REGION},
        replace_on={"vpcId", "peerVpcId", "peerRegion", "peerOwnerId"},
        computed={"acceptStatus", "peerOwnerId", "peerRegion"},
    )

    def refuse(self, news: Properties) -> None:
        """Refuse to accept for another region, as AWS' provider does."""
        if news.get("autoAccept") is True and "peerRegion" in news:
            raise Refused(
                "'peerRegion' must not be set together with 'autoAccept'. The other region accepts "
                "for itself. Use: VpcPeeringConnectionAccepter",
                "autoAccept",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Ask, if both VPCs exist and may be joined."""
        peer = cloud.at(news.get("peerRegion"))
        if news.get("peerOwnerId", cloud.account) != cloud.account:
            raise AwsRefused("InvalidParameterValue", "the sandbox has one account only")
        self._check_ranges(cloud, peer, news)
        _check_quota(cloud, news["vpcId"], "CreateVpcPeeringConnection")
        made = cloud.call(
            "ec2",
            "create_vpc_peering_connection",
            VpcId=news["vpcId"],
            PeerVpcId=news["peerVpcId"],
            PeerRegion=peer.region,
            TagSpecifications=ec2.tagging(KIND, news["tagsAll"]),
        )
        id: str = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        if news.get("autoAccept"):
            _check_quota(cloud, news["peerVpcId"], "AcceptVpcPeeringConnection")
            cloud.call("ec2", "accept_vpc_peering_connection", VpcPeeringConnectionId=id)
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it from the side that asked."""
        peering = ec2.find(cloud, KIND, id)
        if peering is None:
            return None
        return {
            "acceptStatus": peering["Status"]["Code"],
            "peerOwnerId": peering["AccepterVpcInfo"]["OwnerId"],
            "peerRegion": peering["AccepterVpcInfo"]["Region"],
            "peerVpcId": peering["AccepterVpcInfo"]["VpcId"],
            "tagsAll": ec2.tags_of(peering),
            "vpcId": peering["RequesterVpcInfo"]["VpcId"],
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change its tags."""
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it for both sides."""
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


class VpcPeeringConnectionAccepter(AwsResource):
    """The other side's consent. Deleting it leaves the peering, as AWS' provider does."""

    schema = Schema(
        required={"vpcPeeringConnectionId": str},
        optional={"autoAccept": bool, **TAGS, **REGION},
        replace_on={"vpcPeeringConnectionId"},
        computed={"acceptStatus", "peerOwnerId", "peerRegion", "peerVpcId", "vpcId"},
    )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Accept what waits for us."""
        id: str = news["vpcPeeringConnectionId"]
        self._accept(cloud, id, news)
        ec2.retag(cloud, id, {}, news["tagsAll"])
        return id

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it from the side that accepts; the peer is who asked."""
        peering = ec2.find(cloud, KIND, id)
        if peering is None:
            return None
        return {
            "acceptStatus": peering["Status"]["Code"],
            "peerOwnerId": peering["RequesterVpcInfo"]["OwnerId"],
            "peerRegion": peering["RequesterVpcInfo"]["Region"],
            "peerVpcId": peering["RequesterVpcInfo"]["VpcId"],
            "tagsAll": ec2.tags_of(peering),
            "vpcId": peering["AccepterVpcInfo"]["VpcId"],
            "vpcPeeringConnectionId": id,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Accept if it was not, change tags."""
        self._accept(cloud, id, news)
        ec2.retag(cloud, id, olds["tagsAll"], news["tagsAll"])

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Only forget it."""

    def _accept(self, cloud: Cloud, id: str, news: Properties) -> None:
        peering = ec2.need(cloud, KIND, id)
        if not news.get("autoAccept") or peering["Status"]["Code"] != "pending-acceptance":
            return
        if peering["AccepterVpcInfo"]["Region"] != cloud.region:
            raise AwsRefused(
                "OperationNotPermitted",
                f"Incorrect region ({cloud.region}) specified for this request. Use region "
                f"{peering['AccepterVpcInfo']['Region']} to accept this VPC peering connection",
                operation="EC2: AcceptVpcPeeringConnection",
            )
        _check_quota(cloud, peering["AccepterVpcInfo"]["VpcId"], "AcceptVpcPeeringConnection")
        cloud.call("ec2", "accept_vpc_peering_connection", VpcPeeringConnectionId=id)


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
