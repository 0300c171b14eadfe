"""
What EKS checks when a cluster is made or changed, and ministack does not.

Each rule cites what AWS answers; the words are AWS' where they are known.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network

from sandbox.plugins.aws import ec2
from sandbox.plugins.aws.cloud import Cloud, invalid

# Standard and extended support on the day this was written.
# Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
VERSIONS = {"1.31", "1.32", "1.33", "1.34", "1.35"}

LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}

RESERVED = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    *("127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"),
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
    """Refuse ranges that are no public ones."""
    for cidr in cidrs:
        if any(IPv4Network(cidr).subnet_of(IPv4Network(each)) for each in RESERVED):
            raise invalid(f"The following CIDRs are not allowed in publicAccessCidrs: [{cidr}]")
