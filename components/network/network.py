"""
A network for one cluster.

The plan of the subnets is a pure function of one CIDR block, so that whoever reads the description
of an environment can tell every address range without asking AWS. Availability zones are named, not
looked up, for the same reason.
"""

from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from ..region import regional_provider
from ..retention import retention_problem
from ..subnets import Nat, cidr_problem
from ..zones import region_problem
from .endpoints import interface_endpoints, s3_endpoint
from .flow_logs import flow_log
from .plot import Plot
from .routes import nat_gateways, private_routes, public_routes
from .vpc import internet_gateway, subnets, vpc


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Where, and which addresses."""

    region: str
    """AWS region, e.g. `eu-west-1`."""

    cidr: str
    """One IPv4 CIDR block between /16 and /20, e.g. `10.10.0.0/16`."""

    nat: Nat = Nat.PER_ZONE
    """How private subnets reach the internet; one gateway in every zone by default."""

    flow_log_retention_days: int | None = None
    """
    How long records of connections are kept, in days that CloudWatch knows.

    None, the default, records nothing: records cost by their volume.
    """

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of everything, beside the name; a provider that is given has them already."""

    provider: aws.Provider | None = None
    """
    Provider of the region; None makes one.

    Each is a process of its own, so networks of one region in one program should share one.
    """

    def __post_init__(self) -> None:
        found = [
            region_problem("region of a network", self.region),
            cidr_problem("cidr of a network", self.cidr),
        ]
        if self.flow_log_retention_days is not None:
            found.append(retention_problem("flow_log_retention_days", self.flow_log_retention_days))
        if problems := [problem for problem in found if problem]:
            raise ValueError("\n".join(problems))


class Network(pulumi.ComponentResource):
    """
    A VPC with private, public and control-plane subnets in three zones.

    Makes:
        a provider for the region, unless one is given; VPC with its own security group closed,
        internet gateway, nine subnets, NAT gateways with their addresses, route tables and routes,
        and a gateway endpoint for S3. Without NAT gateways: interface endpoints and their security
        group. If connections are recorded: a flow log, its log group, and a role with one policy.
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
    """Public addresses from which its pods call the internet; none without NAT gateways."""

    route_table_ids: list[pulumi.Output[str]]
    """Ids of the private route tables, one a zone, to which peerings add routes."""

    def __init__(
        self,
        name: str,
        args: NetworkArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:Network", name, {}, opts)
        self.cidr, self.region = args.cidr, args.region
        self.provider = args.provider or regional_provider(
            name, args.region, args.tags, parent=self
        )
        children = pulumi.ResourceOptions(parent=self, provider=self.provider)
        plot = Plot(name=name, region=args.region, cidr=args.cidr, opts=children)
        made = vpc(plot)
        public, private, control_plane = subnets(plot, made)
        outside = public_routes(plot, made, internet_gateway(plot, made), public)
        addresses, nats = nat_gateways(plot, args.nat.gateways, public, outside)
        tables = private_routes(plot, made, nats, [private, control_plane])
        s3_endpoint(plot, made, tables)
        interface_endpoints(plot, args.nat.private_services, made, private)
        if args.flow_log_retention_days is not None:
            flow_log(plot, made, args.flow_log_retention_days)
        self.vpc_id = made.id
        self.private_subnet_ids = [subnet.id for subnet in private]
        self.public_subnet_ids = [subnet.id for subnet in public]
        self.control_plane_subnet_ids = [subnet.id for subnet in control_plane]
        self.nat_addresses = [address.public_ip for address in addresses]
        self.route_table_ids = [table.id for table in tables]
        self.register_outputs({"vpc_id": self.vpc_id})
