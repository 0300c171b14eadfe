"""
What decides whether a managed node group may be made, and whether its nodes ever join.

AWS accepts a group whose nodes cannot join, waits half an hour and calls it CREATE_FAILED; here
the reasons are looked up at once. A node needs a NAT gateway, or endpoints inside of the VPC whose
security groups let its subnet in; the API server it reaches inside of the VPC, as all clusters here
have it.
"""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws import interface_endpoints as inside
from sandbox.plugins.aws.cloud import Cloud, invalid

# Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")

# To load images, to know itself, and for the network plug-in; layers come from S3.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
NEEDED = ("ec2", "ecr.api", "ecr.dkr")
HTTPS = 443
ANYWHERE = "0.0.0.0/0"


def check_subnets(cloud: Cloud, subnets: Sequence[str], vpc: str) -> list[ec2.Item]:
    """Refuse subnets that do not exist or are of another VPC than the cluster."""
    found = []
    for id in subnets:
        subnet = ec2.find(cloud, "subnet", id)
        if subnet is None or subnet["VpcId"] != vpc:
            raise invalid(f"The subnet ID '{id}' does not exist in the cluster's VPC {vpc}")
        found.append(subnet)
    return found


def reasons_not_to_join(cloud: Cloud, cluster: str, subnets: Sequence[ec2.Item]) -> list[str]:
    """Say why nodes in these subnets would never join the cluster."""
    reasons = []
    if "vpc-cni" not in cloud.call("eks", "list_addons", clusterName=cluster)["addons"]:
        reasons.append("no network plug-in: the cluster has no add-on vpc-cni")
    for subnet in subnets:
        if reason := _reason_not_to_reach(cloud, subnet):
            reasons.append(f"{subnet['SubnetId']} {reason}")
    return reasons


def _reason_not_to_reach(cloud: Cloud, subnet: ec2.Item) -> str | None:
    """Say what is in the way of nodes in a private subnet, if anything is."""
    table = _table(cloud, subnet)
    for route in table.get("Routes", []):
        if route.get("DestinationCidrBlock") == ANYWHERE and "NatGatewayId" in route:
            return None
    return _reason_without_internet(cloud, subnet, table)


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
