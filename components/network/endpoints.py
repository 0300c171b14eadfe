"""
VPC endpoints: AWS services, reached without the internet.

The gateway endpoint of S3 is a route and costs nothing. Interface endpoints cost by the hour, in
every zone: they are for networks without a NAT gateway.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext

HTTPS = 443


def s3_endpoint(
    context: BuildContext, vpc: aws.ec2.Vpc, tables: Sequence[aws.ec2.RouteTable]
) -> pulumi.Resource:
    """Route to S3, the source of image layers, without the NAT gateway and its costs."""
    endpoint: pulumi.Resource = aws.ec2.VpcEndpoint(
        f"{context.name}-s3",
        vpc_id=vpc.id,
        service_name=f"com.amazonaws.{context.region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id for table in tables],
        tags=context.tags("s3"),
        opts=context.opts,
    )
    return endpoint


def interface_endpoints(
    context: BuildContext,
    services: Sequence[str],
    vpc: aws.ec2.Vpc,
    subnets: Sequence[aws.ec2.Subnet],
) -> list[pulumi.Resource]:
    """Give services addresses in the network, to which their public names then resolve."""
    if not services:
        return []
    group = _endpoints_group(context, vpc)
    endpoints: list[pulumi.Resource] = []
    for service in services:
        role = service.replace(".", "-")
        endpoint = aws.ec2.VpcEndpoint(
            f"{context.name}-{role}",
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{context.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags=context.tags(role),
            opts=context.opts,
        )
        endpoints.append(endpoint)
    return endpoints


def _endpoints_group(context: BuildContext, vpc: aws.ec2.Vpc) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        f"{context.name}-endpoints",
        vpc_id=vpc.id,
        description=f"Services of AWS inside the network {context.name}",
        tags=context.tags("endpoints"),
        opts=context.opts,
    )
    # Not from peered networks: each has endpoints of its own.
    aws.vpc.SecurityGroupIngressRule(
        f"{context.name}-endpoints-https",
        security_group_id=group.id,
        cidr_ipv4=context.cidr_block,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description="Nodes and pods of the network",
        tags=context.tags("endpoints-https"),
        opts=context.opts,
    )
    return group
