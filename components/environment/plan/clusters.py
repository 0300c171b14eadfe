"""What follows for one cluster: its links, namespaces, gateway, and what is open on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ... import kind_network
from ...linkerd.links.export_labels import EVERY_SOURCE, label_value
from ...linkerd.mode import LinkMode
from ...subnets import subnet_plan
from .. import exposure
from ..clusters import ClusterSpec, Eks, Existing, Kind, domain_of
from ..exposure import Block, Enforcement, NatGateway, Opening
from ..gateways import LoadBalancer, NodePorts
from ..topology import Topology
from .links import LinkPlan


@dataclass(frozen=True, kw_only=True)
class NodePortsPlan:
    """A gateway on a port of every node."""

    address: str
    """Address of a node."""

    port: int
    """Port for calls."""

    probe_port: int
    """Port for the health probe."""


@dataclass(frozen=True, kw_only=True)
class GatewayPlan:
    """How a cluster's gateway is reached from outside."""

    is_nlb: bool = False
    """Whether it is behind a Network Load Balancer of AWS, and not one of the cluster's own."""

    internet_facing: bool = False
    """Whether that has public addresses."""

    source_ranges: tuple[Block, ...] = ()
    """The blocks that may call through the load balancer; empty sets no limit there."""

    node_ports: NodePortsPlan | None = None
    """Ports of nodes instead of a load balancer; None if it has one."""

    load_balancer: LoadBalancer | None = None
    """What the description says of a load balancer of the cluster's own; None: nothing."""


@dataclass(frozen=True, kw_only=True)
class ClusterPlan:
    """A cluster, and what follows from the environment for it."""

    described: ClusterSpec
    """The cluster, as it is described."""

    linkerd_version: str
    """Version of Linkerd's charts on it."""

    inbound: tuple[LinkPlan, ...]
    """The links over which it is called."""

    outbound: tuple[LinkPlan, ...]
    """The links over which it calls."""

    peers: tuple[str, ...]
    """Names of the EKS clusters whose networks are peered with its own, sorted."""

    namespaces: tuple[str, ...]
    """Its meshed namespaces, sorted."""

    gateway: GatewayPlan | None
    """How its gateway is reached; None if it has none."""

    gateway_is_public: bool
    """Whether its gateway faces the internet: some source is outside of AWS."""

    openings: tuple[Opening, ...]
    """Who may reach what on it; empty unless it is an EKS cluster."""

    federated_labels: tuple[str, ...]
    """Values of the label of its federated services that are for chosen sources, sorted."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.described.name

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the clusters that call it."""
        return tuple(link.source for link in self.inbound)

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the clusters that it calls."""
        return tuple(link.target for link in self.outbound)

    @property
    def cluster_domain(self) -> str:
        """Suffix of its DNS names."""
        return domain_of(self.described)

    @property
    def has_linkerd(self) -> bool:
        """Whether something else installed Linkerd's control plane on it."""
        return isinstance(self.described, Existing) and self.described.has_linkerd

    @property
    def gateway_api(self) -> str | None:
        """Version of the Gateway API's CRDs that others installed; None if Linkerd's come."""
        return self.described.gateway_api if isinstance(self.described, Existing) else None

    @property
    def adopted_namespaces(self) -> tuple[str, ...]:
        """Those of its meshed namespaces that others made."""
        return tuple(self.described.namespaces) if isinstance(self.described, Existing) else ()

    @property
    def made_namespaces(self) -> tuple[str, ...]:
        """The others, which are deleted when the environment no longer needs them."""
        return tuple(name for name in self.namespaces if name not in self.adopted_namespaces)

    @property
    def nat_gateways(self) -> tuple[NatGateway, ...]:
        """Its NAT gateways, from whose public addresses its pods call the internet."""
        count = self.described.nat.gateways if isinstance(self.described, Eks) else 0
        return tuple(NatGateway(self.name, index) for index in range(count))

    @property
    def public_access(self) -> tuple[Block, ...]:
        """The blocks that may call the public endpoint of its API server; empty turns it off."""
        return exposure.admitted(self.openings, Enforcement.PUBLIC_ENDPOINT)

    @property
    def security_group_openings(self) -> list[Opening]:
        """What its security group admits besides itself."""
        return [
            opening
            for opening in self.openings
            if opening.row.enforced_by is Enforcement.SECURITY_GROUP
        ]

    @property
    def api_server_networks(self) -> Sequence[str]:
        """CIDR blocks from which its API server calls pods; empty where only its maker knows."""
        described = self.described
        return subnet_plan(described.cidr).control_plane if isinstance(described, Eks) else ()


def cluster_plan(
    topology: Topology,
    described: ClusterSpec,
    *,
    inbound: Sequence[LinkPlan],
    outbound: Sequence[LinkPlan],
) -> ClusterPlan:
    """Resolve one cluster, from the plans of its links."""
    name = described.name
    openings = exposure.openings(topology, name) if isinstance(described, Eks) else ()
    is_public = len(topology.eks_sources_of(name)) < len(inbound)
    return ClusterPlan(
        described=described,
        linkerd_version=topology.environment.linkerd.version_on(name),
        inbound=tuple(inbound),
        outbound=tuple(outbound),
        peers=tuple(sorted(topology.peers_of(name))),
        namespaces=tuple(topology.namespaces_of(name)),
        gateway=_gateway(topology, described, openings, is_public=is_public) if inbound else None,
        gateway_is_public=is_public,
        openings=openings,
        federated_labels=_federated_labels(topology, name),
    )


def _gateway(
    topology: Topology, described: ClusterSpec, openings: Sequence[Opening], *, is_public: bool
) -> GatewayPlan | None:
    """Return how a gateway is reached, which depends on what the cluster runs on."""
    if not topology.has_gateway(described.name):
        return None
    if isinstance(described, Kind):
        return GatewayPlan(
            node_ports=NodePortsPlan(
                address=kind_network.node_address(described.name),
                port=kind_network.GATEWAY_PORT,
                probe_port=kind_network.PROBE_PORT,
            )
        )
    if isinstance(described, Existing):
        return _existing_gateway(described)
    return GatewayPlan(
        is_nlb=True,
        internet_facing=is_public,
        source_ranges=exposure.admitted(openings, Enforcement.LOAD_BALANCER),
    )


def _existing_gateway(described: Existing) -> GatewayPlan:
    service = described.gateway_service
    if isinstance(service, NodePorts):
        ports = NodePortsPlan(
            address=service.address, port=service.port, probe_port=service.probe_port
        )
        return GatewayPlan(node_ports=ports)
    return GatewayPlan(load_balancer=service)


def _federated_labels(topology: Topology, cluster: str) -> tuple[str, ...]:
    values = {
        label_value(LinkMode.FEDERATED, of=cluster, sources=topology.chosen_sources(export))
        for export in topology.exports_of(cluster)
        if export.mode is LinkMode.FEDERATED
    }
    return tuple(sorted(values - {EVERY_SOURCE[LinkMode.FEDERATED]}))
