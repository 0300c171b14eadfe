"""
The component `Network`, and its arguments.

All subnets follow from one CIDR block, and availability zones are named, not looked up: so every
address range is known without AWS.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from ..arguments import checked
from ..region import regional_provider
from ..retention import retention_problem
from ..subnets import NatGateways, cidr_problem
from ..zones import region_problem
from .build_context import BuildContext
from .endpoints import interface_endpoints, s3_endpoint
from .flow_logs import flow_log
from .routes import nat_gateways, private_routes, public_routes
from .vpc import internet_gateway, subnets, vpc


@checked
@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """
    Arguments of `Network`.

    All problems are reported together, as one `ValueError`.
    """

    region: str
    """AWS region, e.g. `eu-west-1`: one of `zones.REGIONS`."""

    cidr_block: str
    """Addresses of the VPC: one IPv4 CIDR block between /16 and /20, e.g. `10.10.0.0/16`."""

    nat_gateways: NatGateways = NatGateways.ONE_PER_AZ
    """NAT gateways, through which private subnets reach the internet; one per zone by default."""

    flow_log_retention_days: int | None = None
    """
    Retention of the flow log, in days: a number that CloudWatch accepts.

    None, the default: no flow log, which costs by its volume.
    """

    tags: dict[str, str] = field(default_factory=dict)
    """Tags of every resource, beside its name; not applied if a `provider` is given."""

    provider: aws.Provider | None = None
    """
    Provider of the region; None makes one.

    Each provider is a process, so networks of one region in one program should share one.
    """

    def __post_init__(self) -> None:
        found = [
            region_problem("region of a network", self.region),
            cidr_problem("cidr_block of a network", self.cidr_block),
        ]
        if self.flow_log_retention_days is not None:
            found.append(retention_problem("flow_log_retention_days", self.flow_log_retention_days))
        if problems := [problem for problem in found if problem]:
            raise ValueError("\n".join(problems))


class Network(pulumi.ComponentResource):
    """
    A VPC with private, public and control-plane subnets in three zones.

    Makes:
        a provider for the region, unless one is given; VPC with its default security group closed,
        internet gateway, nine subnets, NAT gateways with their addresses, route tables and routes,
        and a gateway endpoint for S3. Without NAT gateways: interface endpoints and their security
        group. With `flow_log_retention_days`: a flow log, its log group, and a role with a policy.
    Example:
        Network("west", NetworkArgs(region="eu-west-1", cidr_block="10.10.0.0/16"))
    """

    name: str
    """Logical name of the network."""

    region: str
    """AWS region."""

    cidr_block: str
    """Addresses of the VPC."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""

    private_subnet_ids: list[pulumi.Output[str]]
    """Ids of the private subnets, one per zone; what uses them waits for their routes."""

    public_subnet_ids: list[pulumi.Output[str]]
    """Ids of the public subnets, one per zone."""

    control_plane_subnet_ids: list[pulumi.Output[str]]
    """Ids of the control plane's subnets, one per zone."""

    nat_public_ips: list[pulumi.Output[str]]
    """Public addresses of the NAT gateways, from which pods call the internet; maybe none."""

    private_route_table_ids: list[pulumi.Output[str]]
    """Ids of the private route tables, one per zone, to which peerings add routes."""

    provider: aws.Provider
    """Provider of its resources."""

    def __init__(
        self,
        name: str,
        args: NetworkArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:Network", name, {}, opts)
        self.name, self.region, self.cidr_block = name, args.region, args.cidr_block
        self.provider = _provider(name, args, parent=self)
        children = pulumi.ResourceOptions(parent=self, provider=self.provider)
        context = BuildContext(
            name=name, region=args.region, cidr_block=args.cidr_block, opts=children
        )
        made = vpc(context)
        public, private, control_plane = subnets(context, made)
        outside = public_routes(context, made, internet_gateway(context, made), public)
        addresses, nats = nat_gateways(context, args.nat_gateways.gateways, public, outside)
        tables, routes = private_routes(context, made, nats, [private, control_plane])
        s3 = s3_endpoint(context, made, tables)
        services = interface_endpoints(context, args.nat_gateways.private_services, made, private)
        if args.flow_log_retention_days is not None:
            flow_log(context, made, args.flow_log_retention_days)
        self.vpc_id = made.id
        # Nodes load their images through these: what is in the subnets waits for them.
        self.private_subnet_ids = _ids(private, after=[*routes, s3, *services])
        self.public_subnet_ids = _ids(public)
        self.control_plane_subnet_ids = _ids(control_plane)
        self.nat_public_ips = [address.public_ip for address in addresses]
        self.private_route_table_ids = [table.id for table in tables]
        self.register_outputs({"vpc_id": self.vpc_id})


def _provider(name: str, args: NetworkArgs, parent: pulumi.Resource) -> aws.Provider:
    return args.provider or regional_provider(name, args.region, args.tags, parent=parent)


def _ids(
    subnets: Sequence[aws.ec2.Subnet], after: Sequence[pulumi.Resource] = ()
) -> list[pulumi.Output[str]]:
    """Return the ids of subnets; what uses them is created after other resources."""
    # URNs are known in a preview, so that the ids are as well.
    urns = [resource.urn for resource in after]
    return [pulumi.Output.all(subnet.id, *urns).apply(_first) for subnet in subnets]


def _first(known: Sequence[str]) -> str:
    return known[0]
