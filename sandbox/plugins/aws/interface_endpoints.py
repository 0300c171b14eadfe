"""
Interface endpoints: addresses inside of a VPC for services of AWS.

As in AWS, one has a network interface in each subnet with the security groups that were given, made
by calls of our own, so that neither can be deleted. ministack forgets the groups: the interfaces
have them. All answer to the services' usual names.
"""

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
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


def check(cloud: Cloud, news: Properties) -> None:
    """Refuse what AWS refuses of subnets, groups and names."""
    vpc, service = news["vpcId"], news["serviceName"]
    for kind, names in (("subnet", "subnetIds"), ("security-group", "securityGroupIds")):
        for name in news[names]:
            if ec2.need(cloud, kind, name)["VpcId"] != vpc:
                raise AwsRefused(
                    "InvalidParameter", f"The {kind} {name} does not belong to the VPC {vpc}."
                )
    for other in ec2.every(cloud, KIND, VpcId=vpc, ServiceName=service):
        raise AwsRefused(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service} in the VPC {vpc} ({other['VpcEndpointId']})",
        )


def place(cloud: Cloud, id: str, news: Properties) -> None:
    """Make an interface with the groups in each subnet."""
    for subnet in news["subnetIds"]:
        ec2.place_interface(cloud, subnet, _description(id), *news["securityGroupIds"])


def remove(cloud: Cloud, id: str) -> None:
    """Take its interfaces away."""
    ec2.remove_interfaces(cloud, Description=_description(id))


def observe(cloud: Cloud, id: str) -> Properties:
    """Read what an interface endpoint has and a gateway has not."""
    found = ec2.every(cloud, "network-interface", Description=_description(id))
    groups = {group["GroupId"] for each in found for group in each["Groups"]}
    return {
        "privateDnsEnabled": True,
        "securityGroupIds": sorted(groups),
        "subnetIds": sorted(each["SubnetId"] for each in found),
    }


def _description(id: str) -> str:
    return f"VPC Endpoint Interface {id}"
