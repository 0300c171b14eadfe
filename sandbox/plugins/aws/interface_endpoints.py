"""
Interface endpoints: addresses inside of a VPC for services of AWS.

As in AWS, one has a network interface in each subnet with the security groups that were given, made
by calls of our own, so that neither can be deleted. ministack keeps the subnets, and forgets groups
and private names: the interfaces have the one, notes the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.plugins.aws import ec2, notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.framework import Properties

KIND = "vpc-endpoint"

# Those that EKS clusters use, of several hundred.
# Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
SERVICES = frozenset(
    {
        "acm-pca",
        "aps-workspaces",
        "autoscaling",
        "cloudtrail",
        "ec2",
        "ec2messages",
        "ecr.api",
        "ecr.dkr",
        "eks",
        "eks-auth",
        "elasticfilesystem",
        "elasticloadbalancing",
        "guardduty-data",
        "kms",
        "logs",
        "monitoring",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "ssmmessages",
        "sts",
        "xray",
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


def keep(cloud: Cloud, id: str, news: Properties) -> None:
    """Have its interfaces and its private names as they are asked for."""
    notes.write(cloud, KIND, id, {"privateDnsEnabled": bool(news.get("privateDnsEnabled"))})
    _place(cloud, id, news)


def _place(cloud: Cloud, id: str, news: Properties) -> None:
    """Have an interface with the groups in each subnet, and no others."""
    groups = news.get("securityGroupIds") or [_default_group(cloud, news["vpcId"])]
    placed = set()
    for each in interfaces(cloud, id):
        has = {group["GroupId"] for group in each["Groups"]}
        if each["SubnetId"] in news.get("subnetIds", []) and has == set(groups):
            placed.add(each["SubnetId"])
        else:
            _drop(cloud, each)
    for subnet in news.get("subnetIds", []):
        if subnet not in placed:
            cloud.call(
                "ec2",
                "create_network_interface",
                SubnetId=subnet,
                Description=_description(id),
                Groups=list(groups),
            )


def remove(cloud: Cloud, id: str) -> None:
    """Take its interfaces away."""
    for each in interfaces(cloud, id):
        _drop(cloud, each)
    notes.forget(cloud, KIND, id)


def observe(cloud: Cloud, id: str, service: str) -> Properties:
    """Read what an interface endpoint has and a gateway has not."""
    found = interfaces(cloud, id)
    private = notes.read(cloud, KIND, id).get("privateDnsEnabled", False)
    short = service.rpartition(f".{cloud.region}.")[2]
    # As AWS names them; ECR's registries and a few others differ in their private names.
    names = [f"{id}.{short}.{cloud.region}.vpce.amazonaws.com"]
    if private:
        names.append(f"{short}.{cloud.region}.amazonaws.com")
    return {
        "dnsEntries": [{"dnsName": name} for name in names],
        "ipAddressType": "ipv4",
        "networkInterfaceIds": sorted(each["NetworkInterfaceId"] for each in found),
        "privateDnsEnabled": private,
        "securityGroupIds": sorted(
            {group["GroupId"] for each in found for group in each["Groups"]}
        ),
        "subnetIds": sorted(each["SubnetId"] for each in found),
    }


def interfaces(cloud: Cloud, id: str) -> list[ec2.Item]:
    """List the interfaces of an endpoint."""
    return ec2.interfaces(cloud, Description=_description(id))


def serving(cloud: Cloud, vpc: str) -> dict[str, ec2.Item]:
    """Give the interface endpoints that answer to the usual names, by the services' short ones."""
    return {
        each["ServiceName"].rpartition(f".{cloud.region}.")[2]: each
        for each in ec2.every(cloud, KIND, VpcId=vpc, VpcEndpointType="Interface")
        if notes.read(cloud, KIND, each["VpcEndpointId"]).get("privateDnsEnabled")
    }


def refused(code: str, message: str, *, operation: str = "CreateVpcEndpoint") -> AwsRefused:
    """Make the refusal of an endpoint."""
    return AwsRefused(code, message, operation=f"EC2: {operation}")


def missing(cloud: Cloud, vpc: str, services: Sequence[str]) -> list[str]:
    """Name the services of these that a VPC has no private name for."""
    there = serving(cloud, vpc)
    return [service for service in services if service not in there]


def _check_names(cloud: Cloud, id: str, news: Properties) -> None:
    vpc, service = news["vpcId"], news["serviceName"]
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = cloud.call("ec2", "describe_vpc_attribute", VpcId=vpc, Attribute=attribute)
        if not answer[attribute[0].upper() + attribute[1:]]["Value"]:
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


def _drop(cloud: Cloud, interface: ec2.Item) -> None:
    id = interface["NetworkInterfaceId"]
    cloud.call("ec2", "delete_network_interface", NetworkInterfaceId=id)


def _description(id: str) -> str:
    return f"VPC Endpoint Interface {id}"
