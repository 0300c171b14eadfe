"""
Why a node in a subnet would never reach the services that it needs to start.

It needs a NAT gateway, or endpoints for these services inside of the VPC, whose security groups let
the subnet in. The API server it reaches inside of the VPC, as all clusters here have it.
"""

from collections.abc import Collection
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws import interface_endpoints as inside
from sandbox.plugins.aws.addresses import ANYWHERE
from sandbox.plugins.aws.cloud import Cloud

# To load images, to know itself, and for the network plug-in; layers come from S3.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
NEEDED = ("ec2", "ecr.api", "ecr.dkr")
HTTPS = 443


def reason_not_to_reach(cloud: Cloud, subnet: ec2.Item) -> str | None:
    """Say what is in the way of nodes in a private subnet, if anything is."""
    table = _table(cloud, subnet)
    routes = (
        each for each in table.get("Routes", []) if each.get("DestinationCidrBlock") == ANYWHERE
    )
    gateway = next((each.get("NatGatewayId") for each in routes), None)
    if gateway is None:
        return _reason_without_internet(cloud, subnet, table)
    if ec2.find(cloud, "natgateway", gateway) is None:
        return f"has a route to {gateway}, which does not exist"
    return None


def _reason_without_internet(cloud: Cloud, subnet: ec2.Item, table: ec2.Item) -> str | None:
    lost = "has no way to the internet, from where nodes load their images"
    vpc = subnet["VpcId"]
    there = inside.serving(cloud, vpc)
    missing = [f"interface endpoint for {each}" for each in NEEDED if each not in there]
    if not _has_s3(cloud, vpc, table):
        missing.append("gateway endpoint for s3 in its route table")
    if missing:
        return f"{lost}, and lacks: {', '.join(missing)}"
    block = IPv4Network(subnet["CidrBlock"])
    for service in NEEDED:
        endpoint = there[service]["VpcEndpointId"]
        groups = inside.observe(cloud, endpoint)["securityGroupIds"]
        if not _admits(cloud, groups, block):
            return f"{lost}, and {endpoint} ({service}) lets nobody in from {block} to port {HTTPS}"
    return None


def _has_s3(cloud: Cloud, vpc: str, table: ec2.Item) -> bool:
    service = f"com.amazonaws.{cloud.region}.s3"
    return any(
        table.get("RouteTableId") in each["RouteTableIds"]
        for each in ec2.every(cloud, "vpc-endpoint", VpcId=vpc, ServiceName=service)
    )


def _admits(cloud: Cloud, groups: Collection[str], block: IPv4Network) -> bool:
    """Tell whether a rule of one of the groups lets the range in."""
    return any(
        rule["FromPort"] <= HTTPS <= rule["ToPort"]
        and rule.get("CidrIpv4") is not None
        and block.subnet_of(IPv4Network(rule["CidrIpv4"]))
        for rule in ec2.every(cloud, "security-group-rule", IsEgress=False, IpProtocol="tcp")
        if rule["GroupId"] in groups
    )


def _table(cloud: Cloud, subnet: ec2.Item) -> ec2.Item:
    """Give the route table of a subnet, if it has its own."""
    tables = ec2.every(cloud, "route-table", VpcId=subnet["VpcId"])
    own = (
        table
        for table in tables
        for each in table["Associations"]
        if each.get("SubnetId") == subnet["SubnetId"]
    )
    return next(own, {})
