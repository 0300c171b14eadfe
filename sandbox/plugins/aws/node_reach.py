"""
Why a node in a subnet would never reach the API server, or the services that it needs to start.

It needs a way to the internet, or endpoints for these services inside of the VPC, whose security
groups let the subnet in.
"""

import ipaddress
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws import interface_endpoints as inside
from sandbox.plugins.aws.addresses import ANYWHERE, contains
from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.nat import public_address
from sandbox.plugins.values import Properties

# To load images, to know itself, and for the network plug-in; layers come from S3.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
NEEDED = ("ec2", "ecr.api", "ecr.dkr")
HTTPS = 443


def reason_not_to_reach(cloud: Cloud, endpoints: Properties, subnet: ec2.Item) -> str | None:
    """Say what is in the way of nodes in a subnet, if anything is."""
    table = _table(cloud, subnet)
    route = _default_route(table)
    gateway = route.get("NatGatewayId")
    if gateway is not None and ec2.find(cloud, "natgateway", gateway) is None:
        return f"has a route to {gateway}, which does not exist"
    outside = gateway is not None or (
        str(route.get("GatewayId", "")).startswith("igw-") and subnet["MapPublicIpOnLaunch"]
    )
    if not outside and (reason := _reason_without_internet(cloud, subnet, table)):
        return reason
    if endpoints["endpointPrivateAccess"]:
        return None
    if not outside:
        return "has no way to the internet, and the API server has no private endpoint"
    address = public_address(cloud, gateway) if gateway else None
    cidrs = endpoints["publicAccessCidrs"]
    everybody = any(ipaddress.ip_network(each).prefixlen == 0 for each in cidrs)
    if everybody or (address and contains(cidrs, address)):
        return None
    return f"calls the API server from {address}, which publicAccessCidrs do not allow"


def _reason_without_internet(cloud: Cloud, subnet: ec2.Item, table: ec2.Item) -> str | None:
    lost = "has no way to the internet, from where nodes load their images"
    vpc = subnet["VpcId"]
    there = inside.serving(cloud, vpc)
    if not there:
        return lost
    missing = [f"interface endpoint for {each}" for each in NEEDED if each not in there]
    if not _has_s3(cloud, vpc, table):
        missing.append("gateway endpoint for s3 in its route table")
    if missing:
        return f"{lost}, and lacks: {', '.join(missing)}"
    block = IPv4Network(subnet["CidrBlock"])
    for service in NEEDED:
        endpoint = there[service]["VpcEndpointId"]
        found = inside.interfaces(cloud, endpoint)
        groups = {group["GroupId"] for each in found for group in each["Groups"]}
        if not _admits(cloud, groups, block):
            return f"{lost}, and {endpoint} ({service}) lets nobody in from {block} to port {HTTPS}"
    return None


def _has_s3(cloud: Cloud, vpc: str, table: ec2.Item) -> bool:
    service = f"com.amazonaws.{cloud.region}.s3"
    return any(
        table.get("RouteTableId") in each["RouteTableIds"]
        for each in ec2.every(cloud, "vpc-endpoint", VpcId=vpc, ServiceName=service)
    )


def _admits(cloud: Cloud, groups: set[str], block: IPv4Network) -> bool:
    """Tell whether a group lets the range in; rules that name another group are believed."""
    for rule in ec2.every(cloud, "security-group-rule", IsEgress=False):
        if rule["GroupId"] not in groups or rule["IpProtocol"] not in ("tcp", "-1"):
            continue
        if rule["IpProtocol"] == "tcp" and not rule["FromPort"] <= HTTPS <= rule["ToPort"]:
            continue
        other = rule.get("ReferencedGroupInfo", {}).get("GroupId")
        if other is not None and other not in groups:
            return True
        cidr = rule.get("CidrIpv4")
        if cidr is not None and block.subnet_of(IPv4Network(cidr)):
            return True
    return False


def _table(cloud: Cloud, subnet: ec2.Item) -> ec2.Item:
    """Give the route table of a subnet: its own, or else the VPC's main one."""
    main: ec2.Item = {}
    for table in ec2.every(cloud, "route-table", VpcId=subnet["VpcId"]):
        if any(each.get("SubnetId") == subnet["SubnetId"] for each in table["Associations"]):
            return table
        if any(each["Main"] for each in table["Associations"]):
            main = table
    return main


def _default_route(table: ec2.Item) -> ec2.Item:
    routes = (each for each in table.get("Routes", []))
    return next((each for each in routes if each.get("DestinationCidrBlock") == ANYWHERE), {})
