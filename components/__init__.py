"""
The public API: what `import linkmesh` offers.

Components with their arguments, and the values that arguments consist of. Names are loaded at their
first use, so that a program of kind clusters never loads the AWS SDK. Modules below this one are
internal, except `linkmesh.versions`. Decision: docs/decisions/0015-public-api.md
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .access_entry import AccessEntry as AccessEntry
    from .access_entry import AccessPolicy as AccessPolicy
    from .cluster import Cluster as Cluster
    from .composition.args import MeshArgs as MeshArgs
    from .composition.member import Member as Member
    from .composition.mesh import Mesh as Mesh
    from .composition.outputs import MeshCluster as MeshCluster
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
    from .environment import LoadBalancer as LoadBalancer
    from .environment import NodePorts as NodePorts
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
    from .linkerd.installation.control_plane import LinkerdControlPlane as LinkerdControlPlane
    from .linkerd.installation.control_plane_args import (
        LinkerdControlPlaneArgs as LinkerdControlPlaneArgs,
    )
    from .linkerd.installation.existing_control_plane import (
        ExistingControlPlane as ExistingControlPlane,
    )
    from .linkerd.installation.existing_control_plane import (
        ExistingControlPlaneArgs as ExistingControlPlaneArgs,
    )
    from .linkerd.installation.gateway_args import LoadBalancerGateway as LoadBalancerGateway
    from .linkerd.installation.gateway_args import NlbGateway as NlbGateway
    from .linkerd.installation.gateway_args import NodePortGateway as NodePortGateway
    from .linkerd.installation.installed import GatewayEndpoint as GatewayEndpoint
    from .linkerd.installation.installed import LinkerdInstallation as LinkerdInstallation
    from .linkerd.installation.installed import MulticlusterInstallation as MulticlusterInstallation
    from .linkerd.installation.multicluster import LinkerdMulticluster as LinkerdMulticluster
    from .linkerd.installation.multicluster_args import (
        LinkerdMulticlusterArgs as LinkerdMulticlusterArgs,
    )
    from .linkerd.installation.multicluster_values import LinkTarget as LinkTarget
    from .linkerd.installation.profiles import InstallProfile as InstallProfile
    from .linkerd.installation.viz import LinkerdViz as LinkerdViz
    from .linkerd.installation.viz import LinkerdVizArgs as LinkerdVizArgs
    from .linkerd.links.access import LinkAccess as LinkAccess
    from .linkerd.links.access import LinkAccessArgs as LinkAccessArgs
    from .linkerd.links.exports import ExportedService as ExportedService
    from .linkerd.links.exports import ExportedServiceArgs as ExportedServiceArgs
    from .linkerd.links.grant import LinkGrant as LinkGrant
    from .linkerd.links.link import Link as Link
    from .linkerd.links.link import LinkArgs as LinkArgs
    from .linkerd.mode import LinkMode as LinkMode
    from .linkerd.policy.authorization import ServiceAuthorization as ServiceAuthorization
    from .linkerd.policy.authorization_args import (
        ServiceAuthorizationArgs as ServiceAuthorizationArgs,
    )
    from .linkerd.policy.clients import MeshClient as MeshClient
    from .linkerd.proxies.injection import Injection as Injection
    from .linkerd.proxies.injection import Unmeshed as Unmeshed
    from .linkerd.proxies.injection import workload_annotations as workload_annotations
    from .linkerd.proxies.meshed_namespace import MeshedNamespace as MeshedNamespace
    from .linkerd.proxies.meshed_namespace import MeshedNamespaceArgs as MeshedNamespaceArgs
    from .linkerd.proxies.proxy import ProxyConfig as ProxyConfig
    from .linkerd.proxies.proxy import ProxyResources as ProxyResources
    from .linkerd.proxies.proxy import ProxyTracing as ProxyTracing
    from .linkerd.proxies.workload_proxy import WorkloadProxyConfig as WorkloadProxyConfig
    from .linkerd.traffic.aliases import ServiceAlias as ServiceAlias
    from .linkerd.traffic.aliases import ServiceAliasArgs as ServiceAliasArgs
    from .linkerd.traffic.backends import even_backends as even_backends
    from .linkerd.traffic.backends import fallback_backends as fallback_backends
    from .linkerd.traffic.backends import traffic_shift_steps as traffic_shift_steps
    from .linkerd.traffic.protocol import AliasProtocol as AliasProtocol
    from .linkerd.traffic.retries import RouteKind as RouteKind
    from .linkerd.traffic.retries import RouteRetries as RouteRetries
    from .linkerd.traffic.retries import RouteTimeouts as RouteTimeouts
    from .linkerd.traffic.routes import RouteBackend as RouteBackend
    from .linkerd.traffic.routes import RouteMatch as RouteMatch
    from .linkerd.traffic.weighted_route import WeightedRoute as WeightedRoute
    from .linkerd.traffic.weighted_route import WeightedRouteArgs as WeightedRouteArgs
    from .network import Network as Network
    from .network import NetworkArgs as NetworkArgs
    from .node_group import Ami as Ami
    from .node_group import NodeGroup as NodeGroup
    from .peering import NetworkPeering as NetworkPeering
    from .peering import NetworkPeeringArgs as NetworkPeeringArgs
    from .subnets import NatGateways as NatGateways

_MODULES = {
    "AccessEntry": "access_entry",
    "AccessPolicy": "access_entry",
    "Alias": "environment",
    "AliasProtocol": "linkerd.traffic.protocol",
    "Ami": "node_group",
    "CertManagerIssuer": "linkerd.identity.cert_manager",
    "Cluster": "cluster",
    "DescriptionError": "environment",
    "Eks": "environment",
    "EksCluster": "eks_cluster",
    "EksClusterArgs": "eks_cluster",
    "Environment": "environment",
    "Existing": "environment",
    "ExistingCluster": "existing_cluster",
    "ExistingClusterArgs": "existing_cluster",
    "ExistingControlPlane": "linkerd.installation.existing_control_plane",
    "ExistingControlPlaneArgs": "linkerd.installation.existing_control_plane",
    "Export": "environment",
    "ExportedService": "linkerd.links.exports",
    "ExportedServiceArgs": "linkerd.links.exports",
    "ExternalIdentityIssuer": "linkerd.identity.external_certificates",
    "ExternalTrustAnchor": "linkerd.identity.external_certificates",
    "GatewayEndpoint": "linkerd.installation.installed",
    "IdentityIssuer": "linkerd.identity.authorities",
    "IdentityIssuerArgs": "linkerd.identity.authorities",
    "Injection": "linkerd.proxies.injection",
    "InstallProfile": "linkerd.installation.profiles",
    "Kind": "environment",
    "KindCluster": "kind_cluster",
    "KindClusterArgs": "kind_cluster",
    "Link": "linkerd.links.link",
    "LinkAccess": "linkerd.links.access",
    "LinkAccessArgs": "linkerd.links.access",
    "LinkArgs": "linkerd.links.link",
    "LinkGrant": "linkerd.links.grant",
    "LinkMode": "linkerd.mode",
    "LinkSpec": "environment",
    "LinkTarget": "linkerd.installation.multicluster_values",
    "Linkerd": "environment",
    "LinkerdControlPlane": "linkerd.installation.control_plane",
    "LinkerdControlPlaneArgs": "linkerd.installation.control_plane_args",
    "LinkerdInstallation": "linkerd.installation.installed",
    "LinkerdMulticluster": "linkerd.installation.multicluster",
    "LinkerdMulticlusterArgs": "linkerd.installation.multicluster_args",
    "LinkerdViz": "linkerd.installation.viz",
    "LinkerdVizArgs": "linkerd.installation.viz",
    "LoadBalancer": "environment",
    "LoadBalancerController": "eks_cluster",
    "LoadBalancerControllerArgs": "eks_cluster",
    "LoadBalancerGateway": "linkerd.installation.gateway_args",
    "Member": "composition.member",
    "Mesh": "composition.mesh",
    "MeshArgs": "composition.args",
    "MeshClient": "linkerd.policy.clients",
    "MeshCluster": "composition.outputs",
    "MeshedNamespace": "linkerd.proxies.meshed_namespace",
    "MeshedNamespaceArgs": "linkerd.proxies.meshed_namespace",
    "MulticlusterInstallation": "linkerd.installation.installed",
    "NatGateways": "subnets",
    "Network": "network",
    "NetworkArgs": "network",
    "NetworkPeering": "peering",
    "NetworkPeeringArgs": "peering",
    "NlbGateway": "linkerd.installation.gateway_args",
    "NodeGroup": "node_group",
    "NodePorts": "environment",
    "NodePortGateway": "linkerd.installation.gateway_args",
    "Plan": "environment",
    "ProxyConfig": "linkerd.proxies.proxy",
    "ProxyResources": "linkerd.proxies.proxy",
    "ProxyTracing": "linkerd.proxies.proxy",
    "Route": "environment",
    "RouteBackend": "linkerd.traffic.routes",
    "RouteKind": "linkerd.traffic.retries",
    "RouteMatch": "linkerd.traffic.routes",
    "RouteRetries": "linkerd.traffic.retries",
    "RouteTimeouts": "linkerd.traffic.retries",
    "SecurityGroupIngressRule": "ingress",
    "ServiceAlias": "linkerd.traffic.aliases",
    "ServiceAliasArgs": "linkerd.traffic.aliases",
    "ServiceAuthorization": "linkerd.policy.authorization",
    "ServiceAuthorizationArgs": "linkerd.policy.authorization_args",
    "TrustAnchor": "linkerd.identity.authorities",
    "TrustAnchorArgs": "linkerd.identity.authorities",
    "TrustState": "linkerd.identity.trust_rotation",
    "Unmeshed": "linkerd.proxies.injection",
    "WeightedRoute": "linkerd.traffic.weighted_route",
    "WeightedRouteArgs": "linkerd.traffic.weighted_route",
    "WorkloadProxyConfig": "linkerd.proxies.workload_proxy",
    "Yelb": "environment",
    "chain": "environment",
    "even_backends": "linkerd.traffic.backends",
    "fallback_backends": "linkerd.traffic.backends",
    "hub": "environment",
    "mesh": "environment",
    "traffic_shift_steps": "linkerd.traffic.backends",
    "workload_annotations": "linkerd.proxies.injection",
}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
