"""
The shelf: what can be built.

Arguments in, resources out. Nothing here knows a stack or reads a setting. Names are loaded when
they are first used, so that a program of kind clusters never loads the AWS SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .access_entry import AccessEntry as AccessEntry
    from .access_entry import Role as Role
    from .cluster import Cluster as Cluster
    from .eks_cluster import EksCluster as EksCluster
    from .eks_cluster import EksClusterArgs as EksClusterArgs
    from .eks_cluster import LoadBalancerController as LoadBalancerController
    from .eks_cluster import LoadBalancerControllerArgs as LoadBalancerControllerArgs
    from .existing_cluster import ExistingCluster as ExistingCluster
    from .existing_cluster import ExistingClusterArgs as ExistingClusterArgs
    from .ingress import IngressRule as IngressRule
    from .kind_cluster import KindCluster as KindCluster
    from .kind_cluster import KindClusterArgs as KindClusterArgs
    from .linkerd.access import LinkAccess as LinkAccess
    from .linkerd.access import LinkAccessArgs as LinkAccessArgs
    from .linkerd.aliases import ServiceAlias as ServiceAlias
    from .linkerd.aliases import ServiceAliasArgs as ServiceAliasArgs
    from .linkerd.authorization import ServiceAuthorization as ServiceAuthorization
    from .linkerd.authorization import ServiceAuthorizationArgs as ServiceAuthorizationArgs
    from .linkerd.cert_manager import CertManager as CertManager
    from .linkerd.clients import Client as Client
    from .linkerd.cni import LinkerdCni as LinkerdCni
    from .linkerd.cni import LinkerdCniArgs as LinkerdCniArgs
    from .linkerd.control_plane import LinkerdControlPlane as LinkerdControlPlane
    from .linkerd.control_plane import LinkerdControlPlaneArgs as LinkerdControlPlaneArgs
    from .linkerd.exports import ExportedService as ExportedService
    from .linkerd.exports import ExportedServiceArgs as ExportedServiceArgs
    from .linkerd.gateway_args import NodePorts as NodePorts
    from .linkerd.given_certificates import GivenAnchor as GivenAnchor
    from .linkerd.given_certificates import GivenIssuer as GivenIssuer
    from .linkerd.identity import IdentityIssuer as IdentityIssuer
    from .linkerd.identity import IdentityIssuerArgs as IdentityIssuerArgs
    from .linkerd.identity import TrustAnchor as TrustAnchor
    from .linkerd.identity import TrustAnchorArgs as TrustAnchorArgs
    from .linkerd.injection import Injection as Injection
    from .linkerd.injection import MeshedNamespace as MeshedNamespace
    from .linkerd.injection import MeshedNamespaceArgs as MeshedNamespaceArgs
    from .linkerd.injection import Unmeshed as Unmeshed
    from .linkerd.link import Grant as Grant
    from .linkerd.link import Link as Link
    from .linkerd.link import LinkArgs as LinkArgs
    from .linkerd.mode import Mode as Mode
    from .linkerd.multicluster import Gateway as Gateway
    from .linkerd.multicluster import GatewayArgs as GatewayArgs
    from .linkerd.multicluster import LinkerdMulticluster as LinkerdMulticluster
    from .linkerd.multicluster import LinkerdMulticlusterArgs as LinkerdMulticlusterArgs
    from .linkerd.multicluster import Target as Target
    from .linkerd.profiles import Profile as Profile
    from .linkerd.protocol import Protocol as Protocol
    from .linkerd.proxy import Proxy as Proxy
    from .linkerd.proxy import ProxyResources as ProxyResources
    from .linkerd.proxy import Tracing as Tracing
    from .linkerd.rotation import TrustState as TrustState
    from .linkerd.routes import Backend as Backend
    from .linkerd.routes import Match as Match
    from .linkerd.routes import Retries as Retries
    from .linkerd.routes import RouteKind as RouteKind
    from .linkerd.routes import Timeouts as Timeouts
    from .linkerd.traffic import WeightedRoute as WeightedRoute
    from .linkerd.traffic import WeightedRouteArgs as WeightedRouteArgs
    from .linkerd.viz import LinkerdViz as LinkerdViz
    from .linkerd.viz import LinkerdVizArgs as LinkerdVizArgs
    from .linkerd.webhooks import WebhookCertificates as WebhookCertificates
    from .linkerd.webhooks import WebhookCertificatesArgs as WebhookCertificatesArgs
    from .linkerd.workload_proxy import WorkloadProxy as WorkloadProxy
    from .network import Network as Network
    from .network import NetworkArgs as NetworkArgs
    from .node_group import Ami as Ami
    from .node_group import NodeGroup as NodeGroup
    from .peering import NetworkPeering as NetworkPeering
    from .peering import NetworkPeeringArgs as NetworkPeeringArgs
    from .peering import PeeringSide as PeeringSide
    from .subnets import Nat as Nat
    from .yelb import YelbTier as YelbTier
    from .yelb import YelbTierArgs as YelbTierArgs

_HOMES = {
    "AccessEntry": "access_entry",
    "Ami": "node_group",
    "Backend": "linkerd.routes",
    "CertManager": "linkerd.cert_manager",
    "Client": "linkerd.clients",
    "Cluster": "cluster",
    "EksCluster": "eks_cluster",
    "EksClusterArgs": "eks_cluster",
    "ExistingCluster": "existing_cluster",
    "ExistingClusterArgs": "existing_cluster",
    "ExportedService": "linkerd.exports",
    "ExportedServiceArgs": "linkerd.exports",
    "Gateway": "linkerd.multicluster",
    "GatewayArgs": "linkerd.multicluster",
    "GivenAnchor": "linkerd.given_certificates",
    "GivenIssuer": "linkerd.given_certificates",
    "Grant": "linkerd.link",
    "IdentityIssuer": "linkerd.identity",
    "IdentityIssuerArgs": "linkerd.identity",
    "IngressRule": "ingress",
    "Injection": "linkerd.injection",
    "KindCluster": "kind_cluster",
    "KindClusterArgs": "kind_cluster",
    "Link": "linkerd.link",
    "LinkAccess": "linkerd.access",
    "LinkAccessArgs": "linkerd.access",
    "LinkArgs": "linkerd.link",
    "LinkerdCni": "linkerd.cni",
    "LinkerdCniArgs": "linkerd.cni",
    "LinkerdControlPlane": "linkerd.control_plane",
    "LinkerdControlPlaneArgs": "linkerd.control_plane",
    "LinkerdMulticluster": "linkerd.multicluster",
    "LinkerdMulticlusterArgs": "linkerd.multicluster",
    "LinkerdViz": "linkerd.viz",
    "LinkerdVizArgs": "linkerd.viz",
    "LoadBalancerController": "eks_cluster",
    "LoadBalancerControllerArgs": "eks_cluster",
    "Match": "linkerd.routes",
    "MeshedNamespace": "linkerd.injection",
    "MeshedNamespaceArgs": "linkerd.injection",
    "Mode": "linkerd.mode",
    "Nat": "subnets",
    "Network": "network",
    "NetworkArgs": "network",
    "NetworkPeering": "peering",
    "NetworkPeeringArgs": "peering",
    "NodeGroup": "node_group",
    "NodePorts": "linkerd.gateway_args",
    "PeeringSide": "peering",
    "Profile": "linkerd.profiles",
    "Protocol": "linkerd.protocol",
    "Proxy": "linkerd.proxy",
    "ProxyResources": "linkerd.proxy",
    "Retries": "linkerd.routes",
    "Role": "access_entry",
    "RouteKind": "linkerd.routes",
    "ServiceAlias": "linkerd.aliases",
    "ServiceAliasArgs": "linkerd.aliases",
    "ServiceAuthorization": "linkerd.authorization",
    "ServiceAuthorizationArgs": "linkerd.authorization",
    "Target": "linkerd.multicluster",
    "Timeouts": "linkerd.routes",
    "Tracing": "linkerd.proxy",
    "TrustAnchor": "linkerd.identity",
    "TrustAnchorArgs": "linkerd.identity",
    "TrustState": "linkerd.rotation",
    "Unmeshed": "linkerd.injection",
    "WebhookCertificates": "linkerd.webhooks",
    "WebhookCertificatesArgs": "linkerd.webhooks",
    "WeightedRoute": "linkerd.traffic",
    "WeightedRouteArgs": "linkerd.traffic",
    "WorkloadProxy": "linkerd.workload_proxy",
    "YelbTier": "yelb",
    "YelbTierArgs": "yelb",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
