"""
The multicluster extension: the gateway that lets linked clusters call, and the mirror controllers.

A target has a gateway; a source has a mirror controller for each of its targets. The values for
high availability also cover the controllers, which the chart's own file for it does not.
"""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from ... import helm
from ..identities import gateway_identity
from ..labels import EXTENSION, GATEWAY, MULTICLUSTER_NAMESPACE
from ..ports import GATEWAY_PORT, PROBE_PORT
from . import charts
from .cni import pod_security
from .gateway_args import GatewayArgs as GatewayArgs
from .multicluster_args import LinkerdMulticlusterArgs as LinkerdMulticlusterArgs
from .multicluster_values import PROBE_PATH as PROBE_PATH
from .multicluster_values import PROBE_PERIOD_SECONDS as PROBE_PERIOD_SECONDS
from .multicluster_values import LinkTarget as LinkTarget
from .multicluster_values import multicluster_values

# `pod_security` adds what its pods may do.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/namespace.yaml
NAMESPACE_LABELS = {EXTENSION: "multicluster"}


@dataclass(frozen=True, kw_only=True)
class GatewayEndpoint:
    """Address and identity of a target's gateway."""

    address: pulumi.Input[str]
    """IP addresses or host names of its load balancer, joined by commas."""

    identity: pulumi.Input[str]
    """Name in its mutual TLS certificate."""

    port: pulumi.Input[int] = GATEWAY_PORT
    """Port for calls."""

    probe_port: pulumi.Input[int] = PROBE_PORT
    """Port of the health probe."""


class LinkerdMulticluster(pulumi.ComponentResource):
    """
    Linkerd's multicluster extension on one cluster.

    Makes:
        the namespace and one Helm release; if there is a gateway, an annotation of its Service,
        which waits until the Service has an address and its pods are ready.
    Source: https://linkerd.io/2-edge/tasks/installing-multicluster/
    """

    namespace: pulumi.Output[str]
    """Namespace of the extension, known once it is installed."""

    gateway: GatewayEndpoint | None
    """The gateway, if there is one."""

    def __init__(
        self,
        name: str,
        args: LinkerdMulticlusterArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("linkmesh:index:LinkerdMulticluster", name, {}, opts)
        namespace = _namespace(name, args, parent=self)
        self.release = _release(name, args, namespace, parent=self)
        self.gateway = _gateway(name, args, self.release, parent=self)
        self.namespace = namespace.metadata.name
        self.register_outputs({"namespace": self.namespace})


def _namespace(
    name: str, args: LinkerdMulticlusterArgs, parent: pulumi.Resource
) -> kubernetes.core.v1.Namespace:
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": MULTICLUSTER_NAMESPACE,
            "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.cni)},
        },
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _release(
    name: str,
    args: LinkerdMulticlusterArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    values = multicluster_values(
        gateway=args.gateway,
        targets=args.targets,
        trust_domain=args.trust_domain,
        profile=args.profile,
        admin_port=args.admin_port,
        registry=args.registry,
        pod_annotations=args.pod_annotations,
    )
    # Helm would wait for the gateway's address, and its error names no Service. So with a gateway
    # Helm does not wait: the annotation below does. (Mirror controllers wait for their Link.)
    return helm.release(
        f"{name}-release",
        chart=charts.at(charts.MULTICLUSTER, args.version),
        namespace=namespace.metadata.name,
        location=args.charts,
        values=helm.merged(values, args.values),
        provider=args.cluster.provider,
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
            "annotations": {"linkmesh.io/cluster": args.cluster.name},
        },
        # Without a gateway the release deletes the Service before this patch. Removing a patch from
        # an object that does not exist would create it, which the API server refuses.
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=args.cluster.provider,
            depends_on=[release],
            retain_on_delete=True,
        ),
    )
    return _reached(args.gateway, args, service)


def _reached(
    gateway: GatewayArgs, args: LinkerdMulticlusterArgs, service: kubernetes.core.v1.ServicePatch
) -> GatewayEndpoint:
    identity = gateway_identity(args.trust_domain)
    if gateway.node_ports is None:
        address = service.status.apply(addresses)
        return GatewayEndpoint(address=address, identity=identity, probe_port=args.admin_port)
    ports = gateway.node_ports
    # Waits for the annotation, so that the address is known only when the gateway exists.
    address = pulumi.Output.all(ports.address, service.id).apply(lambda known: str(known[0]))
    return GatewayEndpoint(
        address=address, identity=identity, port=ports.port, probe_port=ports.probe_port
    )


def addresses(status: Any) -> str:
    """
    Join the addresses of a load balancer's Service as `linkerd multicluster link-gen` does.

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
