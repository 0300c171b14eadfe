"""
Doors to services of AWS that do not lead through the internet.

S3's is a route and costs nothing. The others are network interfaces that cost by the hour, in every
zone: they are for networks without a NAT gateway.
"""

from collections.abc import Sequence

import pulumi_aws as aws

from .plot import Plot

HTTPS = 443


def s3_endpoint(plot: Plot, vpc: aws.ec2.Vpc, tables: Sequence[aws.ec2.RouteTable]) -> None:
    """Lead to S3, from where image layers come: past the NAT gateway, where they would cost."""
    aws.ec2.VpcEndpoint(
        f"{plot.name}-s3",
        vpc_id=vpc.id,
        service_name=f"com.amazonaws.{plot.region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id for table in tables],
        tags=plot.tags("s3"),
        opts=plot.opts,
    )


def interface_endpoints(
    plot: Plot, services: Sequence[str], vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]
) -> None:
    """Give services addresses inside the network, which their usual names then resolve to."""
    if not services:
        return
    group = _admitting_the_network(plot, vpc)
    for service in services:
        role = service.replace(".", "-")
        aws.ec2.VpcEndpoint(
            f"{plot.name}-{role}",
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{plot.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags=plot.tags(role),
            opts=plot.opts,
        )


def _admitting_the_network(plot: Plot, vpc: aws.ec2.Vpc) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        f"{plot.name}-endpoints",
        vpc_id=vpc.id,
        description=f"Services of AWS inside the network {plot.name}",
        tags=plot.tags("endpoints"),
        opts=plot.opts,
    )
    # Not from peers: each network has doors of its own.
    aws.vpc.SecurityGroupIngressRule(
        f"{plot.name}-endpoints-https",
        security_group_id=group.id,
        cidr_ipv4=plot.cidr,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description="Nodes and pods of the network",
        tags=plot.tags("endpoints-https"),
        opts=plot.opts,
    )
    return group
