"""
Networks on AWS: a VPC for each cluster, and what joins two of them.

The plan of the subnets is a pure function of one CIDR block, so that whoever reads the description
of an environment can tell every address range without asking AWS. Availability zones are named, not
looked up, for the same reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from .region import regional_provider
from .subnets import ZONES, Nat, subnet_plan


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Where, and which addresses."""

    region: str
    """AWS region, e.g. `eu-west-1`."""

    cidr: str
    """One IPv4 CIDR block between /16 and /20, e.g. `10.10.0.0/16`."""

    nat: Nat = Nat.PER_ZONE
    """How private subnets reach the internet; one gateway in every zone by default."""

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of everything, beside the name."""

    def __post_init__(self) -> None:
        subnet_plan(self.cidr)


class Network(pulumi.ComponentResource):
    """
    A VPC with private, public and control-plane subnets in three zones.

    Makes:
        a provider for the region; VPC, internet gateway, nine subnets, NAT gateways with their
        addresses, route tables and routes, and a gateway endpoint for S3.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    private_subnet_ids: list[pulumi.Output[str]]
    """Ids of the private subnets, one a zone."""

    public_subnet_ids: list[pulumi.Output[str]]
    """Ids of the public subnets, one a zone."""

    control_plane_subnet_ids: list[pulumi.Output[str]]
    """Ids of the control plane's subnets, one a zone."""

    nat_addresses: list[pulumi.Output[str]]
    """Public addresses from which its pods call the internet."""

    route_table_ids: list[pulumi.Output[str]]
    """Ids of the private route tables, to which peerings add routes."""

    def __init__(
        self,
        name: str,
        args: NetworkArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:Network", name, {}, opts)
        self.cidr = args.cidr
        self.region = args.region
        self.provider = regional_provider(name, args.region, args.tags, parent=self)
        making = _Making(name, args, pulumi.ResourceOptions(parent=self, provider=self.provider))
        vpc = making.vpc()
        gateway = making.internet_gateway(vpc)
        public, private, control_plane = making.subnets(vpc)
        outside = making.public_routes(vpc, gateway, public)
        addresses, nats = making.nat_gateways(public, outside)
        tables = making.private_routes(vpc, nats, private, control_plane)
        making.s3_endpoint(vpc, tables)
        self.vpc_id = vpc.id
        self.private_subnet_ids = [subnet.id for subnet in private]
        self.public_subnet_ids = [subnet.id for subnet in public]
        self.control_plane_subnet_ids = [subnet.id for subnet in control_plane]
        self.nat_addresses = [address.public_ip for address in addresses]
        self.route_table_ids = [table.id for table in tables]
        self.register_outputs({"vpc_id": self.vpc_id})


@dataclass(frozen=True)
class _Making:
    """The steps of a network; each takes what it needs and returns what it made."""

    name: str
    args: NetworkArgs
    opts: pulumi.ResourceOptions

    def _tags(self, role: str) -> dict[str, str]:
        return {"Name": f"{self.name}-{role}"}

    def vpc(self) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            f"{self.name}-vpc",
            cidr_block=self.args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._tags("vpc"),
            opts=self.opts,
        )

    def internet_gateway(self, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway:
        return aws.ec2.InternetGateway(
            f"{self.name}-internet", vpc_id=vpc.id, tags=self._tags("internet"), opts=self.opts
        )

    def subnets(self, vpc: aws.ec2.Vpc) -> tuple[list[aws.ec2.Subnet], ...]:
        plan = subnet_plan(self.args.cidr)
        # Load balancer controllers find their subnets by these tags.
        # Source: AWS Load Balancer Controller, deploy/subnet_discovery
        return (
            self._subnets("public", vpc, plan.public, {"kubernetes.io/role/elb": "1"}),
            self._subnets("private", vpc, plan.private, {"kubernetes.io/role/internal-elb": "1"}),
            self._subnets("control-plane", vpc, plan.control_plane, {}),
        )

    def _subnets(
        self, role: str, vpc: aws.ec2.Vpc, cidrs: Sequence[str], tags: dict[str, str]
    ) -> list[aws.ec2.Subnet]:
        return [
            aws.ec2.Subnet(
                f"{self.name}-{role}-{zone}",
                vpc_id=vpc.id,
                cidr_block=cidr,
                availability_zone=f"{self.args.region}{zone}",
                tags={**self._tags(f"{role}-{zone}"), **tags},
                opts=self.opts,
            )
            for zone, cidr in zip(ZONES, cidrs, strict=True)
        ]

    def public_routes(
        self,
        vpc: aws.ec2.Vpc,
        gateway: aws.ec2.InternetGateway,
        subnets: Sequence[aws.ec2.Subnet],
    ) -> aws.ec2.Route:
        table = self._table("public", vpc, subnets)
        return aws.ec2.Route(
            f"{self.name}-public-internet",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            gateway_id=gateway.id,
            opts=self.opts,
        )

    def nat_gateways(
        self, subnets: Sequence[aws.ec2.Subnet], outside: aws.ec2.Route
    ) -> tuple[list[aws.ec2.Eip], list[aws.ec2.NatGateway]]:
        placed = list(zip(ZONES, subnets, strict=True))[: self.args.nat.gateways]
        addresses = [
            aws.ec2.Eip(
                f"{self.name}-nat-{zone}",
                domain="vpc",
                tags=self._tags(f"nat-{zone}"),
                opts=self.opts,
            )
            for zone, _ in placed
        ]
        # A NAT gateway is of use, and AWS lets it be made, only where there is a way out.
        waiting = pulumi.ResourceOptions.merge(
            self.opts, pulumi.ResourceOptions(depends_on=[outside])
        )
        gateways = [
            aws.ec2.NatGateway(
                f"{self.name}-nat-{zone}",
                allocation_id=address.id,
                subnet_id=subnet.id,
                tags=self._tags(f"nat-{zone}"),
                opts=waiting,
            )
            for (zone, subnet), address in zip(placed, addresses, strict=True)
        ]
        return addresses, gateways

    def private_routes(
        self,
        vpc: aws.ec2.Vpc,
        nats: Sequence[aws.ec2.NatGateway],
        private: Sequence[aws.ec2.Subnet],
        control_plane: Sequence[aws.ec2.Subnet],
    ) -> list[aws.ec2.RouteTable]:
        tables = []
        for index, zone in enumerate(ZONES):
            table = self._table(f"private-{zone}", vpc, [private[index], control_plane[index]])
            aws.ec2.Route(
                f"{self.name}-private-{zone}-internet",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=nats[index % len(nats)].id,
                opts=self.opts,
            )
            tables.append(table)
        return tables

    def _table(
        self, role: str, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]
    ) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(
            f"{self.name}-{role}", vpc_id=vpc.id, tags=self._tags(role), opts=self.opts
        )
        for index, subnet in enumerate(subnets):
            aws.ec2.RouteTableAssociation(
                f"{self.name}-{role}-{index}",
                route_table_id=table.id,
                subnet_id=subnet.id,
                opts=self.opts,
            )
        return table

    def s3_endpoint(self, vpc: aws.ec2.Vpc, tables: Sequence[aws.ec2.RouteTable]) -> None:
        # Image layers come from S3; through the endpoint they cost nothing at the NAT gateway.
        aws.ec2.VpcEndpoint(
            f"{self.name}-s3",
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{self.args.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            tags=self._tags("s3"),
            opts=self.opts,
        )
