"""
The component `LinkerdMulticluster`: the gateway of a cluster, and its mirror controllers.

A cluster that is called has a gateway; one that calls has a mirror controller for each outbound
link. Values of high availability go beyond the chart's own file, which omits the controllers.
"""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ..identities import gateway_identity
from ..labels import EXTENSION, GATEWAY, MULTICLUSTER_NAMESPACE
from . import charts
from .cni import pod_security
from .gateway_args import GatewayArgs, LoadBalancerGateway, NlbGateway, NodePortGateway
from .installed import GatewayEndpoint, MulticlusterInstallation, waiting_for
from .multicluster_args import LinkerdMulticlusterArgs

# `pod_security` adds what its pods may do.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/namespace.yaml
NAMESPACE_LABELS = {EXTENSION: "multicluster"}


class LinkerdMulticluster(pulumi.ComponentResource):
    """
    Linkerd's multicluster extension on one cluster.

    It waits for its control plane, and for the controller of its gateway's load balancer.

    Makes:
        the namespace and one Helm release; with a gateway, an annotation of its Service, which
        waits until the Service has an address and its pods are ready.
    Example:
        LinkerdMulticluster(
            "west-multicluster",
            LinkerdMulticlusterArgs(
                control_plane=control_plane,
                gateway=NlbGateway(controller=load_balancer_controller),  # others call west
                targets=["east"],  # west calls east
            ),
        )
    Source: https://linkerd.io/2-edge/tasks/installing-multicluster/
    """

    namespace: pulumi.Output[str]
    """Namespace of the extension, `linkerd-multicluster`, known once it exists."""

    gateway: GatewayEndpoint | None
    """The gateway, known once it has an address; None without one."""

    installation: MulticlusterInstallation
    """Settings that links share with the extension."""

    def __init__(
        self,
        name: str,
        args: LinkerdMulticlusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        controller = args.gateway.controller if isinstance(args.gateway, NlbGateway) else None
        opts = waiting_for(opts, args.control_plane, controller)
        super().__init__("linkmesh:index:LinkerdMulticluster", name, {}, opts)
        installation = args.installation
        namespace = _namespace(name, args, parent=self)
        self.release = _release(name, args, namespace, parent=self)
        self.gateway = _gateway(name, args, self.release, parent=self)
        self.installation = MulticlusterInstallation(
            cluster=installation.cluster,
            gateway=self.gateway,
            cluster_domain=installation.cluster_domain,
            trust_domain=installation.trust_domain,
        )
        self.namespace = namespace.metadata.name
        self.register_outputs({"namespace": self.namespace})


def multicluster_of(
    multicluster: LinkerdMulticluster | MulticlusterInstallation,
) -> MulticlusterInstallation:
    """Return the settings of a multicluster extension, of this program or another one."""
    if isinstance(multicluster, LinkerdMulticluster):
        return multicluster.installation
    return multicluster


def _namespace(
    name: str, args: LinkerdMulticlusterArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": MULTICLUSTER_NAMESPACE,
            "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.installation.cni)},
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.installation.cluster.provider),
    )


def _release(
    name: str,
    args: LinkerdMulticlusterArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    installation = args.installation
    # Helm would wait for the gateway's address too, and without one report only that its deadline
    # was exceeded. So the annotation below waits instead, and its error names the Service. (Mirror
    # controllers wait for their Link in any case.)
    return helm.release(
        f"{name}-release",
        chart=charts.at(charts.MULTICLUSTER, installation.version),
        namespace=namespace.metadata.name,
        location=installation.charts_location,
        values=helm.merged(args.own_values(), args.values),
        provider=args.installation.cluster.provider,
        skip_await=args.gateway is not None,
        parent=parent,
    )


def _gateway(
    name: str,
    args: LinkerdMulticlusterArgs,
    release: kubernetes.helm.v3.Release,
    parent: pulumi.Resource,
) -> GatewayEndpoint | None:
    if args.gateway is None:
        return None
    service = kubernetes.core.v1.ServicePatch(
        f"{name}-{GATEWAY}",
        metadata={
            "name": GATEWAY,
            "namespace": MULTICLUSTER_NAMESPACE,
            "annotations": {"linkmesh.io/cluster": args.installation.cluster.name},
        },
        # Without a gateway the release deletes its Service, before this is deleted. The provider
        # would recreate the Service to remove the annotation, which the API server refuses.
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=args.installation.cluster.provider,
            depends_on=[release],
            retain_on_delete=True,
        ),
    )
    return _endpoint(args.gateway, args, service)


def _endpoint(
    gateway: GatewayArgs, args: LinkerdMulticlusterArgs, service: kubernetes.core.v1.ServicePatch
) -> GatewayEndpoint:
    identity = gateway_identity(args.installation.trust_domain)
    if isinstance(gateway, NodePortGateway):
        return GatewayEndpoint(
            address=_once_there(gateway.address, service),
            identity=identity,
            port=gateway.port,
            probe_port=gateway.probe_port,
        )
    given = gateway.address if isinstance(gateway, LoadBalancerGateway) else None
    return GatewayEndpoint(
        address=service.status.apply(addresses) if given is None else _once_there(given, service),
        identity=identity,
        probe_port=args.installation.proxy.admin_port,
    )


def _once_there(
    address: pulumi.Input[str], service: kubernetes.core.v1.ServicePatch
) -> pulumi.Output[str]:
    """Return a given address, known once the gateway exists."""
    return pulumi.Output.all(address, service.id).apply(lambda known: str(known[0]))


def addresses(status: Any) -> str:
    """
    Join the addresses of a load balancer, as `linkerd multicluster link-gen` does.

    Source: linkerd2, multicluster/cmd/link-gen.go
    """
    ingress = (status and status.load_balancer and status.load_balancer.ingress) or []
    found = [entry.ip or entry.hostname for entry in ingress if entry.ip or entry.hostname]
    if not found:
        raise pulumi.RunError(
            f"Service {MULTICLUSTER_NAMESPACE}/{GATEWAY} must have the address of a load balancer "
            "(it has none)."
            " No linked cluster could call this one. Is there a load balancer controller? See:"
            f" kubectl -n {MULTICLUSTER_NAMESPACE} describe service {GATEWAY}"
        )
    return ",".join(found)
