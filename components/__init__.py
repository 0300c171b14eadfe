"""
The public API: components, and the description of an environment.

Components take arguments and make resources; `Environment` describes many of them, and `Plan` is
what follows from it. Nothing here knows a stack or reads a setting. Names are loaded when they are
first used, so that a program of kind clusters never loads the AWS SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .access_entry import AccessEntry as AccessEntry
    from .access_entry import AccessPolicy as AccessPolicy
    from .cluster import Cluster as Cluster
    from .eks_cluster import EksCluster as EksCluster
    from .eks_cluster import EksClusterArgs as EksClusterArgs
    from .eks_cluster import LoadBalancerController as LoadBalancerController
    from .eks_cluster import LoadBalancerControllerArgs as LoadBalancerControllerArgs
    from .environment import Alias as Alias
    from .environment import DescriptionError as DescriptionError
    from .environment import Eks as Eks
    from .environment import Environment as Environment
    from .environment import Existing as Existing
    from .environment import Export as Export
    from .environment import Kind as Kind
    from .environment import Linkerd as Linkerd
    from .environment import LinkSpec as LinkSpec
    from .environment import Plan as Plan
    from .environment import Route as Route
    from .environment import Yelb as Yelb
    from .environment import chain as chain
    from .environment import hub as hub
    from .environment import mesh as mesh
    from .existing_cluster import ExistingCluster as ExistingCluster
    from .existing_cluster import ExistingClusterArgs as ExistingClusterArgs
    from .ingress import SecurityGroupIngressRule as SecurityGroupIngressRule
    from .kind_cluster import KindCluster as KindCluster
    from .kind_cluster import KindClusterArgs as KindClusterArgs
    from .linkerd.identity.authorities import IdentityIssuer as IdentityIssuer
    from .linkerd.identity.authorities import IdentityIssuerArgs as IdentityIssuerArgs
    from .linkerd.identity.authorities import TrustAnchor as TrustAnchor
    from .linkerd.identity.authorities import TrustAnchorArgs as TrustAnchorArgs
    from .linkerd.identity.cert_manager import CertManagerIssuer as CertManagerIssuer
    from .linkerd.identity.external_certificates import (
        ExternalIdentityIssuer as ExternalIdentityIssuer,
    )
    from .linkerd.identity.external_certificates import ExternalTrustAnchor as ExternalTrustAnchor
    from .linkerd.identity.trust_rotation import TrustState as TrustState
    from .linkerd.identity.webhooks import WebhookCertificates as WebhookCertificates
    from .linkerd.identity.webhooks import WebhookCertificatesArgs as WebhookCertificatesArgs
    from .linkerd.installation.cni import LinkerdCni as LinkerdCni
    from .linkerd.installation.cni import LinkerdCniArgs as LinkerdCniArgs
    from .linkerd.installation.control_plane import LinkerdControlPlane as LinkerdControlPlane
    from .linkerd.installation.control_plane import (
        LinkerdControlPlaneArgs as LinkerdControlPlaneArgs,
    )
    from .linkerd.installation.gateway_args import NodePortGateway as NodePortGateway
    from .linkerd.installation.multicluster import GatewayArgs as GatewayArgs
    from .linkerd.installation.multicluster import GatewayEndpoint as GatewayEndpoint
    from .linkerd.installation.multicluster import LinkerdMulticluster as LinkerdMulticluster
    from .linkerd.installation.multicluster import (
        LinkerdMulticlusterArgs as LinkerdMulticlusterArgs,
    )
    from .linkerd.installation.multicluster import LinkTarget as LinkTarget
    from .linkerd.installation.profiles import InstallProfile as InstallProfile
    from .linkerd.installation.viz import LinkerdViz as LinkerdViz
    from .linkerd.installation.viz import LinkerdVizArgs as LinkerdVizArgs
    from .linkerd.links.access import LinkAccess as LinkAccess
    from .linkerd.links.access import LinkAccessArgs as LinkAccessArgs
    from .linkerd.links.exports import ExportedService as ExportedService
    from .linkerd.links.exports import ExportedServiceArgs as ExportedServiceArgs
    from .linkerd.links.link import Link as Link
    from .linkerd.links.link import LinkArgs as LinkArgs
    from .linkerd.links.link import LinkGrant as LinkGrant
    from .linkerd.mode import LinkMode as LinkMode
    from .linkerd.policy.authorization import ServiceAuthorization as ServiceAuthorization
    from .linkerd.policy.authorization import ServiceAuthorizationArgs as ServiceAuthorizationArgs
    from .linkerd.policy.clients import MeshClient as MeshClient
    from .linkerd.proxies.injection import Injection as Injection
    from .linkerd.proxies.injection import Unmeshed as Unmeshed
    from .linkerd.proxies.meshed_namespace import MeshedNamespace as MeshedNamespace
    from .linkerd.proxies.meshed_namespace import MeshedNamespaceArgs as MeshedNamespaceArgs
    from .linkerd.proxies.proxy import ProxyConfig as ProxyConfig
    from .linkerd.proxies.proxy import ProxyResources as ProxyResources
    from .linkerd.proxies.proxy import ProxyTracing as ProxyTracing
    from .linkerd.proxies.workload_proxy import WorkloadProxyConfig as WorkloadProxyConfig
    from .linkerd.traffic.aliases import ServiceAlias as ServiceAlias
    from .linkerd.traffic.aliases import ServiceAliasArgs as ServiceAliasArgs
    from .linkerd.traffic.protocol import AliasProtocol as AliasProtocol
    from .linkerd.traffic.routes import RouteBackend as RouteBackend
    from .linkerd.traffic.routes import RouteKind as RouteKind
    from .linkerd.traffic.routes import RouteMatch as RouteMatch
    from .linkerd.traffic.routes import RouteRetries as RouteRetries
    from .linkerd.traffic.routes import RouteTimeouts as RouteTimeouts
    from .linkerd.traffic.weighted_route import WeightedRoute as WeightedRoute
    from .linkerd.traffic.weighted_route import WeightedRouteArgs as WeightedRouteArgs
    from .network import Network as Network
    from .network import NetworkArgs as NetworkArgs
    from .node_group import Ami as Ami
    from .node_group import NodeGroup as NodeGroup
    from .peering import NetworkPeering as NetworkPeering
    from .peering import NetworkPeeringArgs as NetworkPeeringArgs
    from .subnets import NatGateways as NatGateways
    from .yelb import YelbTier as YelbTier
    from .yelb import YelbTierArgs as YelbTierArgs

_HOMES = {
    "AccessEntry": "access_entry",
    "Alias": "environment",
    "Ami": "node_group",
    "Backend": "linkerd.traffic.routes",
    "CertManager": "linkerd.identity.cert_manager",
    "Client": "linkerd.policy.clients",
    "Cluster": "cluster",
    "DescriptionError": "environment",
    "Eks": "environment",
    "EksCluster": "eks_cluster",
    "EksClusterArgs": "eks_cluster",
    "Environment": "environment",
    "Existing": "environment",
    "ExistingCluster": "existing_cluster",
    "ExistingClusterArgs": "existing_cluster",
    "Export": "environment",
    "ExportedService": "linkerd.links.exports",
    "ExportedServiceArgs": "linkerd.links.exports",
    "Gateway": "linkerd.installation.multicluster",
    "GatewayArgs": "linkerd.installation.multicluster",
    "GivenAnchor": "linkerd.identity.external_certificates",
    "GivenIssuer": "linkerd.identity.external_certificates",
    "Grant": "linkerd.links.link",
    "IdentityIssuer": "linkerd.identity.authorities",
    "IdentityIssuerArgs": "linkerd.identity.authorities",
    "SecurityGroupIngressRule": "ingress",
    "Injection": "linkerd.proxies.injection",
    "Kind": "environment",
    "KindCluster": "kind_cluster",
    "KindClusterArgs": "kind_cluster",
    "Link": "linkerd.links.link",
    "LinkAccess": "linkerd.links.access",
    "LinkAccessArgs": "linkerd.links.access",
    "LinkArgs": "linkerd.links.link",
    "LinkSpec": "environment",
    "Linkerd": "environment",
    "LinkerdCni": "linkerd.installation.cni",
    "LinkerdCniArgs": "linkerd.installation.cni",
    "LinkerdControlPlane": "linkerd.installation.control_plane",
    "LinkerdControlPlaneArgs": "linkerd.installation.control_plane",
    "LinkerdMulticluster": "linkerd.installation.multicluster",
    "LinkerdMulticlusterArgs": "linkerd.installation.multicluster",
    "LinkerdViz": "linkerd.installation.viz",
    "LinkerdVizArgs": "linkerd.installation.viz",
    "LoadBalancerController": "eks_cluster",
    "LoadBalancerControllerArgs": "eks_cluster",
    "Match": "linkerd.traffic.routes",
    "MeshedNamespace": "linkerd.proxies.meshed_namespace",
    "MeshedNamespaceArgs": "linkerd.proxies.meshed_namespace",
    "Mode": "linkerd.mode",
    "Nat": "subnets",
    "Network": "network",
    "NetworkArgs": "network",
    "NetworkPeering": "peering",
    "NetworkPeeringArgs": "peering",
    "NodeGroup": "node_group",
    "NodePorts": "linkerd.installation.gateway_args",
    "Plan": "environment",
    "Profile": "linkerd.installation.profiles",
    "Protocol": "linkerd.traffic.protocol",
    "Proxy": "linkerd.proxies.proxy",
    "ProxyResources": "linkerd.proxies.proxy",
    "Retries": "linkerd.traffic.routes",
    "AccessPolicy": "access_entry",
    "Route": "environment",
    "RouteKind": "linkerd.traffic.routes",
    "ServiceAlias": "linkerd.traffic.aliases",
    "ServiceAliasArgs": "linkerd.traffic.aliases",
    "ServiceAuthorization": "linkerd.policy.authorization",
    "ServiceAuthorizationArgs": "linkerd.policy.authorization",
    "LinkTarget": "linkerd.installation.multicluster",
    "Timeouts": "linkerd.traffic.routes",
    "Tracing": "linkerd.proxies.proxy",
    "TrustAnchor": "linkerd.identity.authorities",
    "TrustAnchorArgs": "linkerd.identity.authorities",
    "TrustState": "linkerd.identity.trust_rotation",
    "Unmeshed": "linkerd.proxies.injection",
    "WebhookCertificates": "linkerd.identity.webhooks",
    "WebhookCertificatesArgs": "linkerd.identity.webhooks",
    "WeightedRoute": "linkerd.traffic.weighted_route",
    "WeightedRouteArgs": "linkerd.traffic.weighted_route",
    "WorkloadProxy": "linkerd.proxies.workload_proxy",
    "Yelb": "environment",
    "YelbTier": "yelb",
    "YelbTierArgs": "yelb",
    "chain": "environment",
    "hub": "environment",
    "mesh": "environment",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
