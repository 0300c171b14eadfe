"""The VPC itself, its door to the internet, and its subnets."""

from collections.abc import Sequence

import pulumi_aws as aws

from ..subnets import subnet_plan
from .plot import Plot


def vpc(plot: Plot) -> aws.ec2.Vpc:
    """Make the VPC, and close the security group that AWS makes with it."""
    made = aws.ec2.Vpc(
        f"{plot.name}-vpc",
        cidr_block=plot.cidr,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags=plot.tags("vpc"),
        opts=plot.opts,
    )
    # It admits all of its members to one another, and whoever names no group becomes a member.
    # Nothing here does; closed, nothing can. Source: AWS Security Hub, control EC2.2
    aws.ec2.DefaultSecurityGroup(
        f"{plot.name}-default",
        vpc_id=made.id,
        ingress=[],
        egress=[],
        tags=plot.tags("default-closed"),
        opts=plot.opts,
    )
    return made


def internet_gateway(plot: Plot, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway:
    """Make the door: for NAT gateways, and for load balancers that face the internet."""
    return aws.ec2.InternetGateway(
        f"{plot.name}-internet", vpc_id=vpc.id, tags=plot.tags("internet"), opts=plot.opts
    )


def subnets(plot: Plot, vpc: aws.ec2.Vpc) -> tuple[list[aws.ec2.Subnet], ...]:
    """Make the public, the private and the control plane's subnets."""
    plan = subnet_plan(plot.cidr)
    # Load balancer controllers find their subnets by these tags.
    # Source: AWS Load Balancer Controller, deploy/subnet_discovery
    return (
        _subnets(plot, "public", vpc, plan.public, {"kubernetes.io/role/elb": "1"}),
        _subnets(plot, "private", vpc, plan.private, {"kubernetes.io/role/internal-elb": "1"}),
        _subnets(plot, "control-plane", vpc, plan.control_plane, {}),
    )


def _subnets(
    plot: Plot, role: str, vpc: aws.ec2.Vpc, cidrs: Sequence[str], tags: dict[str, str]
) -> list[aws.ec2.Subnet]:
    return [
        aws.ec2.Subnet(
            f"{plot.name}-{role}-{zone}",
            vpc_id=vpc.id,
            cidr_block=cidr,
            availability_zone=f"{plot.region}{zone}",
            # Whatever needs a public address, asks for one; nothing gets one by its place.
            map_public_ip_on_launch=False,
            tags={**plot.tags(f"{role}-{zone}"), **tags},
            opts=plot.opts,
        )
        for zone, cidr in zip(plot.zones, cidrs, strict=True)
    ]
