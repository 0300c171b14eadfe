"""
Interface endpoints: addresses inside of a VPC for services of AWS.

As in AWS, one has a network interface in each subnet with the security groups that were given, made
by calls of our own, so that neither can be deleted. ministack forgets groups and private names: the
interfaces have the one, notes the other.
"""

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.vpc import ATTRIBUTES, attribute
from sandbox.plugins.values import Properties

KIND = "vpc-endpoint"

# Those that EKS clusters use, of several hundred.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
SERVICES = frozenset(
    {
        *("autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing"),
        *("kms", "logs", "sts", "ssm"),
    }
)


def check(cloud: Cloud, id: str, news: Properties) -> None:
    """Refuse what AWS refuses of subnets, groups and private names; `id` is empty when new."""
    vpc = news["vpcId"]
    zones: dict[str, str] = {}
    for name in news.get("subnetIds", []):
        subnet = ec2.need(cloud, "subnet", name)
        if subnet["VpcId"] != vpc:
            raise refused("InvalidParameter", f"Subnet {name} does not belong to the VPC {vpc}.")
        if zones.setdefault(subnet["AvailabilityZone"], name) != name:
            raise refused(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {name}. "
                f"({zones[subnet['AvailabilityZone']]})",
            )
    for name in news.get("securityGroupIds", []):
        if ec2.need(cloud, "security-group", name)["VpcId"] != vpc:
            raise refused(
                "InvalidParameter", f"Security group {name} does not belong to the VPC {vpc}."
            )
    if news.get("privateDnsEnabled"):
        _check_names(cloud, id, news)


def place(cloud: Cloud, id: str, news: Properties) -> None:
    """Have an interface with the groups in each subnet, and the private names as asked for."""
    notes.write(cloud, KIND, id, {"privateDnsEnabled": bool(news.get("privateDnsEnabled"))})
    groups = news.get("securityGroupIds") or [_default_group(cloud, news["vpcId"])]
    placed = set()
    for each in interfaces(cloud, id):
        has = {group["GroupId"] for group in each["Groups"]}
        if each["SubnetId"] in news.get("subnetIds", []) and has == set(groups):
            placed.add(each["SubnetId"])
        else:
            ec2.remove_interfaces(cloud, NetworkInterfaceId=each["NetworkInterfaceId"])
    for subnet in news.get("subnetIds", []):
        if subnet not in placed:
            ec2.place_interface(cloud, subnet, _description(id), *groups)


def remove(cloud: Cloud, id: str) -> None:
    """Take its interfaces away."""
    ec2.remove_interfaces(cloud, Description=_description(id))
    notes.forget(cloud, KIND, id)


def observe(cloud: Cloud, id: str) -> Properties:
    """Read what an interface endpoint has and a gateway has not."""
    found = interfaces(cloud, id)
    groups = {group["GroupId"] for each in found for group in each["Groups"]}
    return {
        "networkInterfaceIds": sorted(each["NetworkInterfaceId"] for each in found),
        "privateDnsEnabled": notes.read(cloud, KIND, id).get("privateDnsEnabled", False),
        "securityGroupIds": sorted(groups),
        "subnetIds": sorted(each["SubnetId"] for each in found),
    }


def interfaces(cloud: Cloud, id: str) -> list[ec2.Item]:
    """List the interfaces of an endpoint."""
    return ec2.every(cloud, "network-interface", Description=_description(id))


def serving(cloud: Cloud, vpc: str) -> dict[str, ec2.Item]:
    """Give the interface endpoints that answer to the usual names, by the services' short ones."""
    return {
        each["ServiceName"].rpartition(f".{cloud.region}.")[2]: each
        for each in ec2.every(cloud, KIND, VpcId=vpc, VpcEndpointType="Interface")
        if notes.read(cloud, KIND, each["VpcEndpointId"]).get("privateDnsEnabled")
    }


def refused(code: str, message: str) -> AwsRefused:
    """Make the refusal of an endpoint."""
    return AwsRefused(code, message, operation="EC2: CreateVpcEndpoint")


def _check_names(cloud: Cloud, id: str, news: Properties) -> None:
    vpc, service = news["vpcId"], news["serviceName"]
    if not all(attribute(cloud, vpc, name) for name in ATTRIBUTES):
        raise refused(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC "
            f"attributes set to true for {vpc}",
        )
    other = serving(cloud, vpc).get(service.rpartition(f".{cloud.region}.")[2])
    if other is not None and other["VpcEndpointId"] != id:
        raise refused(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service} in the VPC {vpc} ({other['VpcEndpointId']})",
        )


def _default_group(cloud: Cloud, vpc: str) -> str:
    [group] = ec2.every(cloud, "security-group", VpcId=vpc, GroupName="default")
    return str(group["GroupId"])


def _description(id: str) -> str:
    return f"VPC Endpoint Interface {id}"
