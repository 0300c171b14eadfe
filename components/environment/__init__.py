"""
An environment: the clusters that share one trust anchor, as a user describes them.

`Environment` and its parts are what a user writes. `Plan.of(environment)` validates a description
and resolves everything that follows from it, once. Nothing here imports Pulumi, a client of an API
server, or anything else that does I/O; a contract of import-linter holds it to that.
"""

from ..access_entry import AccessEntry, AccessPolicy
from ..linkerd.identity.cert_manager import CertManager
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.installation.profiles import Profile
from ..linkerd.mode import Mode
from ..linkerd.proxies.injection import Injection, Unmeshed
from ..linkerd.proxies.proxy import Proxy, ProxyResources, Tracing
from ..linkerd.traffic.protocol import Protocol
from ..node_group import Ami
from ..subnets import Nat
from .aliases import Alias
from .clusters import ClusterSpec, Eks, Existing, Kind
from .description import Environment
from .exports import Export
from .exposure import Block, NatGateway, Opening
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
    "Ami",
    "Block",
    "CertManager",
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
    "Kind",
    "LinkPlan",
    "LinkSpec",
    "Linkerd",
    "Mirror",
    "Mode",
    "Nat",
    "NatGateway",
    "NodePortsPlan",
    "Opening",
    "Plan",
    "Profile",
    "Protocol",
    "Proxy",
    "ProxyResources",
    "Route",
    "RoutePlan",
    "TierPlan",
    "Tracing",
    "TrustState",
    "Unmeshed",
    "Yelb",
    "chain",
    "hub",
    "mesh",
]
