"""Routes of a network: from public subnets, and from private ones through NAT gateways."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .build_context import BuildContext

EVERYWHERE = "0.0.0.0/0"


def public_routes(
    context: BuildContext,
    vpc: aws.ec2.Vpc,
    gateway: aws.ec2.InternetGateway,
    subnets: Sequence[aws.ec2.Subnet],
) -> aws.ec2.Route:
    """Route the public subnets to the internet."""
    table = _table(context, "public", vpc, subnets)
    return aws.ec2.Route(
        f"{context.name}-public-internet",
        route_table_id=table.id,
        destination_cidr_block=EVERYWHERE,
        gateway_id=gateway.id,
        opts=context.opts,
    )


def nat_gateways(
    context: BuildContext, count: int, subnets: Sequence[aws.ec2.Subnet], outside: aws.ec2.Route
) -> tuple[list[aws.ec2.Eip], list[aws.ec2.NatGateway]]:
    """Make this number of NAT gateways, each in its own zone, and their addresses."""
    placed = list(zip(context.zones, subnets, strict=True))[:count]
    addresses = [
        aws.ec2.Eip(
            f"{context.name}-nat-{zone}",
            domain="vpc",
            tags=context.tags(f"nat-{zone}"),
            opts=context.opts,
        )
        for zone, _ in placed
    ]
    gateways = [
        aws.ec2.NatGateway(
            f"{context.name}-nat-{zone}",
            allocation_id=address.id,
            subnet_id=subnet.id,
            tags=context.tags(f"nat-{zone}"),
            # AWS refuses a NAT gateway in a network without an internet gateway.
            opts=context.after([outside]),
        )
        for (zone, subnet), address in zip(placed, addresses, strict=True)
    ]
    return addresses, gateways


def private_routes(
    context: BuildContext,
    vpc: aws.ec2.Vpc,
    nats: Sequence[aws.ec2.NatGateway],
    subnets: Sequence[Sequence[aws.ec2.Subnet]],
) -> tuple[list[aws.ec2.RouteTable], list[pulumi.Resource]]:
    """
    Make the route table of each zone's private subnets.

    Returns: the tables, and their routes to the internet: none without NAT gateways.
    """
    tables: list[aws.ec2.RouteTable] = []
    routes: list[pulumi.Resource] = []
    for index, zone in enumerate(context.zones):
        table = _table(context, f"private-{zone}", vpc, [kind[index] for kind in subnets])
        if nats:
            route = aws.ec2.Route(
                f"{context.name}-private-{zone}-internet",
                route_table_id=table.id,
                destination_cidr_block=EVERYWHERE,
                nat_gateway_id=nats[index % len(nats)].id,
                opts=context.opts,
            )
            routes.append(route)
        tables.append(table)
    return tables, routes


def _table(
    context: BuildContext, role: str, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]
) -> aws.ec2.RouteTable:
    table = aws.ec2.RouteTable(
        f"{context.name}-{role}", vpc_id=vpc.id, tags=context.tags(role), opts=context.opts
    )
    for index, subnet in enumerate(subnets):
        aws.ec2.RouteTableAssociation(
            f"{context.name}-{role}-{index}",
            route_table_id=table.id,
            subnet_id=subnet.id,
            opts=context.opts,
        )
    return table
