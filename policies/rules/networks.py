"""Rules on networks: security groups and addresses."""

import ipaddress
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from .clusters import CLUSTER, EVERYWHERE
from .rule import Finding, ForEach, Resource, Rule

VPC = "aws:ec2/vpc:Vpc"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

CLUSTER_TAG = "kubernetes.io/cluster/"


def _open_group(group: Resource) -> Iterator[str]:
    for rule in group.at("ingress") or ():
        blocks = [*(rule.get("cidrBlocks") or ()), *(rule.get("ipv6CidrBlocks") or ())]
        if any(block in EVERYWHERE for block in blocks):
            port = f"{rule.get('fromPort'):g}"
            yield f"a security group must not allow the whole internet (port {port})."


def _open_rule(rule: Resource) -> Iterator[str]:
    if rule.at("cidrIpv4") in EVERYWHERE or rule.at("cidrIpv6") in EVERYWHERE:
        yield "a rule of a security group must name CIDR blocks (got the whole internet)."


def _allows_the_internet(resources: Sequence[Resource]) -> Iterator[Finding]:
    yield from ForEach(type=SECURITY_GROUP, check=_open_group)(resources)
    yield from ForEach(type=INGRESS_RULE, check=_open_rule)(resources)


def _tagged_clusters(group: Resource) -> list[str]:
    tags = {**(group.at("tagsAll") or {}), **(group.at("tags") or {})}
    return [key.removeprefix(CLUSTER_TAG) for key in tags if key.startswith(CLUSTER_TAG)]


def _two_tagged_groups(resources: Sequence[Resource]) -> Iterator[Finding]:
    groups = [each for each in resources if each.type == SECURITY_GROUP]
    counted = Counter(name for group in groups for name in _tagged_clusters(group))
    # EKS creates and tags one for each cluster.
    of_eks = {each.at("name") or each.name for each in resources if each.type == CLUSTER}
    for group in groups:
        for name in _tagged_clusters(group):
            if counted[name] + (name in of_eks) > 1:
                yield Finding(
                    f"only one security group may have the tag {CLUSTER_TAG}{name} (got "
                    f"{counted[name] + (name in of_eks)}). The load balancer controller "
                    "refuses nodes that have two.",
                    group.urn,
                )


def _overlapping(resources: Sequence[Resource]) -> Iterator[Finding]:
    known = [
        (each, ipaddress.ip_network(each.at("cidrBlock")))
        for each in resources
        if each.type == VPC and each.at("cidrBlock")
    ]
    for (one, block), (other, second) in itertools.combinations(known, 2):
        if block.version == second.version and block.overlaps(second):
            yield Finding(
                f"networks must have addresses of their own (got {block} of {one.name} and "
                f"{second} of {other.name}). They could never be peered or call each other.",
                other.urn,
            )


RULES = (
    Rule(
        name="security-group-named",
        description="Security groups allow named addresses only.",
        source="AWS Foundational Security Best Practices, EC2.18",
        check=_allows_the_internet,
    ),
    Rule(
        name="security-group-one-tag",
        description="One security group of a cluster has its tag.",
        source="aws-load-balancer-controller, pkg/networking (security groups of an interface)",
        check=_two_tagged_groups,
    ),
    Rule(
        name="vpc-own-addresses",
        description="Networks of one stack do not overlap.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
        check=_overlapping,
    ),
)
