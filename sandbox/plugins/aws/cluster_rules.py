"""
What EKS checks when a cluster is made or changed, and ministack does not.

Each rule cites what AWS answers; the words are AWS' where they are known.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.addresses import network
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import attached_policies, role_of_arn, trusts
from sandbox.plugins.aws.kms import find_key

# Standard and extended support on the day this was written.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35")

LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}
PUBLIC_CIDRS_LIMIT = 40

RESERVED = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    *("127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"),
)


def invalid(message: str) -> AwsRefused:
    """Make the refusal of a parameter."""
    return AwsRefused("InvalidParameterException", message, operation="EKS: CreateCluster")


def check_role(cloud: Cloud, arn: str) -> None:
    """Refuse a role that EKS could not take on, or that allows nothing."""
    role = role_of_arn(cloud, arn)
    if role is None or not trusts(role, "eks.amazonaws.com", ["sts:AssumeRole"]):
        raise invalid(
            f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted "
            "entity is not correct"
        )
    policy = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    if policy not in attached_policies(cloud, role["RoleName"]):
        raise invalid(
            "The provided role doesn't have the Amazon EKS Managed Policies associated with it. "
            f"Please ensure the following policy is attached: {policy}"
        )


def check_network(cloud: Cloud, subnets: Sequence[str]) -> str:
    """Refuse subnets that no cluster may have; give their VPC."""
    found = [ec2.find(cloud, "subnet", id) for id in subnets]
    for id, subnet in zip(subnets, found, strict=True):
        if subnet is None:
            raise invalid(f"The subnet ID '{id}' does not exist")
    known = [each for each in found if each is not None]
    vpcs = {str(each["VpcId"]) for each in known}
    if len(vpcs) != 1:
        raise invalid("Subnets specified must belong to the same VPC")
    if len({each["AvailabilityZone"] for each in known}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs")
    return vpcs.pop()


def check_public_cidrs(cidrs: Sequence[str]) -> None:
    """Refuse ranges that are no public ones, and too many."""
    if len(cidrs) > PUBLIC_CIDRS_LIMIT:
        raise invalid(f"publicAccessCidrs: at most {PUBLIC_CIDRS_LIMIT} (got {len(cidrs)})")
    for cidr in cidrs:
        block = network("vpcConfig.publicAccessCidrs", cidr)
        if any(block.subnet_of(IPv4Network(each)) for each in RESERVED):
            raise invalid(f"The following CIDRs are not allowed in publicAccessCidrs: [{cidr}]")


def check_key(cloud: Cloud, arn: str) -> None:
    """Refuse a key that EKS could not use."""
    key = find_key(cloud, arn)
    if key is None or key["Arn"] != arn or f":{cloud.region}:" not in arn or not key["Enabled"]:
        raise invalid(f"Provided key is invalid or does not exist in {cloud.region}: {arn}")


def check_version(version: str) -> None:
    """Refuse versions that EKS does not offer."""
    if version not in VERSIONS:
        raise invalid(f"unsupported Kubernetes version {version}")
