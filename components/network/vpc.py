"""The VPC, its internet gateway and its subnets."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..subnets import subnet_plan
from ..zones import zone_id
from .build_context import BuildContext


def vpc(context: BuildContext) -> aws.ec2.Vpc:
    """Make the VPC, and close the security group that AWS creates with it."""
    made = aws.ec2.Vpc(
        f"{context.name}-vpc",
        cidr_block=context.cidr_block,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags=context.tags("vpc"),
        opts=context.opts,
    )
    # It allows all traffic between its members: interfaces for which no group is named. None exists
    # here. Source: AWS Security Hub, control EC2.2
    aws.ec2.DefaultSecurityGroup(
        f"{context.name}-default",
        vpc_id=made.id,
        ingress=[],
        egress=[],
        tags=context.tags("default-closed"),
        opts=context.opts,
    )
    return made


def internet_gateway(context: BuildContext, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway:
    """Make the internet gateway, for NAT gateways and internet-facing load balancers."""
    return aws.ec2.InternetGateway(
        f"{context.name}-internet", vpc_id=vpc.id, tags=context.tags("internet"), opts=context.opts
    )


def subnets(context: BuildContext, vpc: aws.ec2.Vpc) -> tuple[list[aws.ec2.Subnet], ...]:
    """Make the public, the private and the control plane's subnets."""
    plan = subnet_plan(context.cidr_block)
    # Load balancer controllers find their subnets by these tags.
    # Source: AWS Load Balancer Controller, deploy/subnet_discovery
    return (
        _subnets(context, "public", vpc, plan.public, {"kubernetes.io/role/elb": "1"}),
        _subnets(context, "private", vpc, plan.private, {"kubernetes.io/role/internal-elb": "1"}),
        _subnets(context, "control-plane", vpc, plan.control_plane, {}),
    )


def _zone(context: BuildContext, letter: str) -> dict[str, Any]:
    """Place a subnet by letter, or by id; one that was placed by letter stays where it is."""
    by_id = zone_id(context.region, letter)
    if by_id is None:
        return {"availability_zone": f"{context.region}{letter}", "opts": context.opts}
    stays = pulumi.ResourceOptions(ignore_changes=["availabilityZone", "availabilityZoneId"])
    return {
        "availability_zone_id": by_id,
        "opts": pulumi.ResourceOptions.merge(context.opts, stays),
    }


def _subnets(
    context: BuildContext, role: str, vpc: aws.ec2.Vpc, cidrs: Sequence[str], tags: dict[str, str]
) -> list[aws.ec2.Subnet]:
    return [
        aws.ec2.Subnet(
            f"{context.name}-{role}-{zone}",
            vpc_id=vpc.id,
            cidr_block=cidr,
            # Public addresses are requested, not given by the subnet.
            map_public_ip_on_launch=False,
            tags={**context.tags(f"{role}-{zone}"), **tags},
            **_zone(context, zone),
        )
        for zone, cidr in zip(context.zones, cidrs, strict=True)
    ]
