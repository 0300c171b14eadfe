"""The clusters of an environment, as a user describes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..arguments import checked
from ..names import CLUSTER_DOMAIN
from ..node_group import Ami, NodeGroup
from ..subnets import NatGateways
from ..versions import KUBERNETES
from .gateways import GatewayService


@checked
@dataclass(frozen=True)
class Kind:
    """A kind cluster on the machine that runs `pulumi up`."""

    name: str
    """Short name, one DNS label: the end of every mirror service's name."""

    workers: int = field(default=3, kw_only=True)
    """How many workers; three for Linkerd's high availability."""


@checked
@dataclass(frozen=True)
class Eks:
    """An EKS cluster with a network of its own."""

    name: str
    """
    Short name, one DNS label: the end of every mirror service's name.

    It is the cluster's name in AWS as well, so two environments in one account and region need
    different names; another name replaces the cluster.
    """

    region: str = field(kw_only=True)
    """AWS region, e.g. `eu-west-1`."""

    cidr: str = field(kw_only=True)
    """Addresses of its network: one IPv4 CIDR block between /16 and /20, no other cluster's."""

    kubernetes: str = field(default=KUBERNETES, kw_only=True)
    """Minor version of Kubernetes: one that Linkerd and the add-ons are known to go with."""

    nodes: int = field(default=3, kw_only=True)
    """How many nodes; three for Linkerd's high availability."""

    instance_types: Sequence[str] = field(default=("m7i.large",), kw_only=True)
    """Instance types of the nodes, in order of preference."""

    disk_gib: int = field(default=50, kw_only=True)
    """Size of a node's encrypted disk in GiB."""

    ami: Ami = field(default=Ami.AL2023, kw_only=True)
    """Operating system of the nodes."""

    nat: NatGateways = field(default=NatGateways.ONE_PER_AZ, kw_only=True)
    """How pods reach the internet: a NAT gateway in every zone, one, or not at all."""

    log_retention_days: int = field(default=90, kw_only=True)
    """How long CloudWatch stores the logs of the API server, in days."""

    flow_log_retention_days: int | None = field(default=None, kw_only=True)
    """How long CloudWatch stores flow logs of the network, in days; None makes no flow logs."""

    protect: bool = field(default=False, kw_only=True)
    """Whether AWS and Pulumi refuse to delete it; for production."""

    @property
    def node_group(self) -> NodeGroup:
        """Its nodes."""
        return NodeGroup(
            nodes=self.nodes,
            instance_types=self.instance_types,
            disk_gib=self.disk_gib,
            ami=self.ami,
        )


@checked
@dataclass(frozen=True)
class Existing:
    """
    A cluster that already exists and is managed elsewhere, e.g. on-premises.

    Its administrator's kubeconfig is a secret setting: `linkmesh:kubeconfig` of its stack, or a
    file that LINKMESH_KUBECONFIG_<NAME> names. Linkerd is installed on it as on the others, unless
    it has one. What is on it already is named here, stays as it is, and is not deleted;
    `mesh doctor` lists it.
    """

    name: str
    """Short name, one DNS label: the end of every mirror service's name."""

    egress: Sequence[str] = field(default=(), kw_only=True)
    """Public CIDR blocks from which its pods call others; required if it calls an EKS cluster."""

    api_server: str | None = field(default=None, kw_only=True)
    """URL at which pods of other clusters reach its API server; None if it is the kubeconfig's."""

    nodes: int = field(default=3, kw_only=True)
    """How many nodes take pods; three for Linkerd's high availability."""

    cluster_domain: str = field(default=CLUSTER_DOMAIN, kw_only=True)
    """Suffix of its DNS names, as its DNS server has it."""

    flat_with: Sequence[str] = field(default=(), kw_only=True)
    """
    Names of other existing clusters on the same flat network: pods of both reach one another.

    Modes FLAT and FEDERATED need it. One of two clusters names the other.
    """

    gateway_service: GatewayService | None = field(default=None, kw_only=True)
    """
    How its gateway is reached, if others call it; None: by the default load balancer.

    `NodePorts(address)` for a cluster without load balancers.
    """

    namespaces: Sequence[str] = field(default=(), kw_only=True)
    """
    Namespaces of exports, mirrors and routes that are on it already, made by others.

    linkmesh sets only its own annotation on them, takes it back, and never deletes them.
    """

    gateway_api: str | None = field(default=None, kw_only=True)
    """
    Version of the Gateway API's CRDs that are on it already, e.g. `1.4.0`, made by others.

    None: they come with Linkerd's CRDs.
    """

    has_linkerd: bool = field(default=False, kw_only=True)
    """
    Whether Linkerd's control plane is on it already, made by others, with its CRDs.

    Then linkmesh installs only the multicluster extension. It must trust the anchors of the
    environment, in the trust domain `cluster.local`, and have the version of `Linkerd(versions=)`.
    """


ClusterSpec = Kind | Eks | Existing
"""A cluster of an environment."""


def domain_of(cluster: ClusterSpec) -> str:
    """Return the suffix of a cluster's DNS names."""
    return cluster.cluster_domain if isinstance(cluster, Existing) else CLUSTER_DOMAIN
