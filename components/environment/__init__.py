"""
An environment: the clusters that share one trust anchor, as a user describes them.

`Environment` and its parts are what a user writes. `Plan.of(environment)` validates a description
and resolves everything that follows from it, once. Nothing here imports Pulumi, a client of an API
server, or anything else that does I/O; a contract of import-linter holds it to that.
"""

from ..access_entry import AccessEntry, AccessPolicy
from ..linkerd.identity.cert_manager import CertManagerIssuer
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.installation.profiles import InstallProfile
from ..linkerd.mode import LinkMode
from ..linkerd.proxies.injection import Injection, Unmeshed
from ..linkerd.proxies.proxy import ProxyConfig, ProxyResources, ProxyTracing
from ..linkerd.traffic.protocol import AliasProtocol
from ..node_group import Ami
from ..subnets import NatGateways
from .aliases import Alias
from .changes import impossible_changes
from .clusters import ClusterSpec, Eks, Existing, Kind
from .description import Environment
from .exports import Export
from .exposure import Block, NatGateway, Opening
from .gateways import LoadBalancer, NodePorts
from .linkerd import Linkerd
from .links import LinkSpec, chain, hub, mesh
from .plan import (
    AliasPlan,
    ClusterPlan,
    ExportPlan,
    GatewayPlan,
    LinkPlan,
    Mirror,
    NodePortsPlan,
    Plan,
    RoutePlan,
    TierPlan,
)
from .routes import Route
from .validation import DescriptionError
from .yelb import Yelb

__all__ = [
    "AccessEntry",
    "AccessPolicy",
    "Alias",
    "AliasPlan",
    "AliasProtocol",
    "Ami",
    "Block",
    "CertManagerIssuer",
    "ClusterPlan",
    "ClusterSpec",
    "DescriptionError",
    "Eks",
    "Environment",
    "Existing",
    "Export",
    "ExportPlan",
    "GatewayPlan",
    "Injection",
    "InstallProfile",
    "Kind",
    "LinkMode",
    "LinkPlan",
    "LinkSpec",
    "Linkerd",
    "LoadBalancer",
    "Mirror",
    "NatGateway",
    "NatGateways",
    "NodePorts",
    "NodePortsPlan",
    "Opening",
    "Plan",
    "ProxyConfig",
    "ProxyResources",
    "ProxyTracing",
    "Route",
    "RoutePlan",
    "TierPlan",
    "TrustState",
    "Unmeshed",
    "Yelb",
    "chain",
    "hub",
    "impossible_changes",
    "mesh",
]
