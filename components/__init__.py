"""
The shelf: what can be built.

Arguments in, resources out. Nothing here knows a stack or reads a setting. Names are loaded when
they are first used, so that a program of kind clusters never loads the AWS SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import Cluster as Cluster
    from .eks_cluster import EksCluster as EksCluster
    from .eks_cluster import EksClusterArgs as EksClusterArgs
    from .existing_cluster import ExistingCluster as ExistingCluster
    from .existing_cluster import ExistingClusterArgs as ExistingClusterArgs
    from .kind_cluster import KindCluster as KindCluster
    from .kind_cluster import KindClusterArgs as KindClusterArgs
    from .linkerd.access import LinkAccess as LinkAccess
    from .linkerd.access import LinkAccessArgs as LinkAccessArgs
    from .linkerd.control_plane import LinkerdControlPlane as LinkerdControlPlane
    from .linkerd.control_plane import LinkerdControlPlaneArgs as LinkerdControlPlaneArgs
    from .linkerd.exports import ExportedService as ExportedService
    from .linkerd.exports import ExportedServiceArgs as ExportedServiceArgs
    from .linkerd.identity import IdentityIssuer as IdentityIssuer
    from .linkerd.identity import IdentityIssuerArgs as IdentityIssuerArgs
    from .linkerd.identity import TrustAnchor as TrustAnchor
    from .linkerd.identity import TrustAnchorArgs as TrustAnchorArgs
    from .linkerd.injection import Injection as Injection
    from .linkerd.injection import MeshedNamespace as MeshedNamespace
    from .linkerd.injection import MeshedNamespaceArgs as MeshedNamespaceArgs
    from .linkerd.link import Grant as Grant
    from .linkerd.link import Link as Link
    from .linkerd.link import LinkArgs as LinkArgs
    from .linkerd.multicluster import Gateway as Gateway
    from .linkerd.multicluster import GatewayArgs as GatewayArgs
    from .linkerd.multicluster import LinkerdMulticluster as LinkerdMulticluster
    from .linkerd.multicluster import LinkerdMulticlusterArgs as LinkerdMulticlusterArgs
    from .linkerd.viz import LinkerdViz as LinkerdViz
    from .linkerd.viz import LinkerdVizArgs as LinkerdVizArgs
    from .network import Network as Network
    from .network import NetworkArgs as NetworkArgs
    from .peering import NetworkPeering as NetworkPeering
    from .peering import NetworkPeeringArgs as NetworkPeeringArgs
    from .peering import PeeringSide as PeeringSide
    from .subnets import Nat as Nat
    from .yelb import YelbTier as YelbTier
    from .yelb import YelbTierArgs as YelbTierArgs

_HOMES = {
    "Cluster": "cluster",
    "EksCluster": "eks_cluster",
    "EksClusterArgs": "eks_cluster",
    "ExistingCluster": "existing_cluster",
    "ExistingClusterArgs": "existing_cluster",
    "ExportedService": "linkerd.exports",
    "ExportedServiceArgs": "linkerd.exports",
    "Gateway": "linkerd.multicluster",
    "GatewayArgs": "linkerd.multicluster",
    "Grant": "linkerd.link",
    "IdentityIssuer": "linkerd.identity",
    "IdentityIssuerArgs": "linkerd.identity",
    "Injection": "linkerd.injection",
    "KindCluster": "kind_cluster",
    "KindClusterArgs": "kind_cluster",
    "Link": "linkerd.link",
    "LinkAccess": "linkerd.access",
    "LinkAccessArgs": "linkerd.access",
    "LinkArgs": "linkerd.link",
    "LinkerdControlPlane": "linkerd.control_plane",
    "LinkerdControlPlaneArgs": "linkerd.control_plane",
    "LinkerdMulticluster": "linkerd.multicluster",
    "LinkerdMulticlusterArgs": "linkerd.multicluster",
    "LinkerdViz": "linkerd.viz",
    "LinkerdVizArgs": "linkerd.viz",
    "MeshedNamespace": "linkerd.injection",
    "MeshedNamespaceArgs": "linkerd.injection",
    "Nat": "subnets",
    "Network": "network",
    "NetworkArgs": "network",
    "NetworkPeering": "peering",
    "NetworkPeeringArgs": "peering",
    "PeeringSide": "peering",
    "TrustAnchor": "linkerd.identity",
    "TrustAnchorArgs": "linkerd.identity",
    "YelbTier": "yelb",
    "YelbTierArgs": "yelb",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
