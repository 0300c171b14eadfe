"""The ways of a network: out of its public subnets, and out of its private ones if at all."""

from collections.abc import Sequence

import pulumi_aws as aws

from .plot import Plot

EVERYWHERE = "0.0.0.0/0"


def public_routes(
    plot: Plot,
    vpc: aws.ec2.Vpc,
    gateway: aws.ec2.InternetGateway,
    subnets: Sequence[aws.ec2.Subnet],
) -> aws.ec2.Route:
    """Lead the public subnets to the internet."""
    table = _table(plot, "public", vpc, subnets)
    return aws.ec2.Route(
        f"{plot.name}-public-internet",
        route_table_id=table.id,
        destination_cidr_block=EVERYWHERE,
        gateway_id=gateway.id,
        opts=plot.opts,
    )


def nat_gateways(
    plot: Plot, count: int, subnets: Sequence[aws.ec2.Subnet], outside: aws.ec2.Route
) -> tuple[list[aws.ec2.Eip], list[aws.ec2.NatGateway]]:
    """Make the NAT gateways, in as many zones, and their addresses."""
    placed = list(zip(plot.zones, subnets, strict=True))[:count]
    addresses = [
        aws.ec2.Eip(
            f"{plot.name}-nat-{zone}",
            domain="vpc",
            tags=plot.tags(f"nat-{zone}"),
            opts=plot.opts,
        )
        for zone, _ in placed
    ]
    gateways = [
        aws.ec2.NatGateway(
            f"{plot.name}-nat-{zone}",
            allocation_id=address.id,
            subnet_id=subnet.id,
            tags=plot.tags(f"nat-{zone}"),
            # A NAT gateway is of use, and AWS lets it be made, only where there is a way out.
            opts=plot.after([outside]),
        )
        for (zone, subnet), address in zip(placed, addresses, strict=True)
    ]
    return addresses, gateways


def private_routes(
    plot: Plot,
    vpc: aws.ec2.Vpc,
    nats: Sequence[aws.ec2.NatGateway],
    subnets: Sequence[Sequence[aws.ec2.Subnet]],
) -> list[aws.ec2.RouteTable]:
    """Make a table in each zone for its private subnets; without NAT gateways it leads nowhere."""
    tables = []
    for index, zone in enumerate(plot.zones):
        table = _table(plot, f"private-{zone}", vpc, [kind[index] for kind in subnets])
        if nats:
            aws.ec2.Route(
                f"{plot.name}-private-{zone}-internet",
                route_table_id=table.id,
                destination_cidr_block=EVERYWHERE,
                nat_gateway_id=nats[index % len(nats)].id,
                opts=plot.opts,
            )
        tables.append(table)
    return tables


def _table(
    plot: Plot, role: str, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]
) -> aws.ec2.RouteTable:
    table = aws.ec2.RouteTable(
        f"{plot.name}-{role}", vpc_id=vpc.id, tags=plot.tags(role), opts=plot.opts
    )
    for index, subnet in enumerate(subnets):
        aws.ec2.RouteTableAssociation(
            f"{plot.name}-{role}-{index}",
            route_table_id=table.id,
            subnet_id=subnet.id,
            opts=plot.opts,
        )
    return table
