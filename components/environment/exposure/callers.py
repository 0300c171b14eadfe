"""Who calls an EKS cluster, by the addresses that they call from."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...cidr_blocks import is_private
from ...linkerd.mode import LinkMode
from ..clusters import Existing
from ..links import LinkSpec
from ..topology import Topology


@dataclass(frozen=True)
class NatGateway:
    """The public address of one NAT gateway, which is known once its network is deployed."""

    cluster: str
    """Name of the EKS cluster whose pods call through it."""

    index: int
    """Its place among the cluster's NAT gateways, from 0."""

    def __str__(self) -> str:
        return f"NAT of {self.cluster}"


Block = str | NatGateway
"""A CIDR block: written in the description, or the address of a NAT gateway."""


@dataclass(frozen=True, kw_only=True)
class Callers:
    """Who calls one target, as CIDR blocks of each kind."""

    public_operators: Sequence[str]
    """Operators who call over the internet."""

    private_operators: Sequence[str]
    """Operators who call from private networks."""

    networks: Sequence[str]
    """Networks of calling clusters on AWS."""

    nat_gateways: Sequence[NatGateway]
    """NAT gateways of calling clusters on AWS."""

    sites: Sequence[str]
    """Addresses of calling clusters that already exist."""

    flat_networks: Sequence[str]
    """Networks of clusters on AWS whose pods call pods, not the gateway."""

    gateway_is_public: bool
    """Whether the gateway faces the internet: some caller is outside of AWS."""

    @property
    def api_is_public(self) -> bool:
        """
        Whether the API server has a public endpoint, for the callers that are listed.

        Then its name resolves to public addresses outside of its own VPC.
        """
        return bool(self.public_operators or self.sites)


def callers(topology: Topology, target: str) -> Callers:
    """Find out who calls a target, and from which addresses."""
    environment = topology.environment
    on_aws = topology.eks_sources_of(target)
    sources = [environment.cluster(name) for name in topology.sources_of(target)]
    return Callers(
        public_operators=public_operators(environment.operators),
        private_operators=[block for block in environment.operators if is_private(block)],
        networks=[source.cidr for source in on_aws],
        nat_gateways=[
            NatGateway(source.name, index)
            for source in on_aws
            for index in range(source.nat.gateways)
        ],
        sites=[
            block for source in sources if isinstance(source, Existing) for block in source.egress
        ],
        flat_networks=[
            source.cidr
            for source in on_aws
            if {LinkMode.FLAT, LinkMode.FEDERATED}
            & {*topology.modes_of(LinkSpec(source.name, target))}
        ],
        gateway_is_public=len(on_aws) < len(sources),
    )


def public_operators(operators: Sequence[str]) -> list[str]:
    """Return the blocks of operators who call over the internet."""
    return [block for block in operators if not is_private(block)]
