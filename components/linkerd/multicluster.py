"""
The multicluster extension: the gateway that lets linked clusters call, and the mirror controllers.

A cluster that is called has a gateway; one that calls has a mirror controller for each outbound
link. Values of high availability go beyond the chart's own file, which forgets the controllers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from .. import helm
from ..cluster import Cluster
from ..versions import LINKERD_CHARTS
from . import charts
from .control_plane import NAMESPACE as CONTROL_PLANE_NAMESPACE

NAMESPACE = "linkerd-multicluster"
GATEWAY = "linkerd-gateway"

# Source: linkerd2, multicluster/charts/linkerd-multicluster/values.yaml, gateway
GATEWAY_PORT = 4143
PROBE_PORT = 4191
PROBE_PATH = "/ready"
PROBE_PERIOD_SECONDS = 3

# Three on three nodes: one node can be drained while another fails. The chart's values-ha.yaml sets
# the gateway's only; controllers and the local mirror have switches of their own.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/{values-ha.yaml,templates/controller}
HA_REPLICAS = 3

# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/namespace.yaml
NAMESPACE_LABELS = {
    "linkerd.io/extension": "multicluster",
    "pod-security.kubernetes.io/enforce": "privileged",
}


@dataclass(frozen=True, kw_only=True)
class GatewayArgs:
    """How the gateway is reached from outside."""

    service_annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations of the gateway's Service, e.g. those that shape the cloud's load balancer."""

    source_ranges: Sequence[pulumi.Input[str]] = ()
    """CIDR blocks that may call through the load balancer; empty means no limit is set there."""


@dataclass(frozen=True, kw_only=True)
class LinkerdMulticlusterArgs:
    """What to install, and where."""

    cluster: Cluster
    """The cluster to install on. Its Linkerd control plane must already run."""

    gateway: GatewayArgs | None = None
    """The gateway through which linked clusters call this one; None if no link comes in."""

    targets: Sequence[str] = ()
    """Names of the clusters that this one calls: each gets a mirror controller."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster; the chart cannot find it out by itself."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-multicluster, merged last."""

    def __post_init__(self) -> None:
        if len(set(self.targets)) < len(self.targets):
            raise ValueError(
                f"targets must name each cluster once (got {', '.join(self.targets)}). Two mirror "
                "controllers of one link would have the same name. Leave the second out."
            )


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """What a source must know of a target's gateway."""

    address: pulumi.Input[str]
    """IP addresses or host names of its load balancer, joined by commas."""

    identity: pulumi.Input[str]
    """Name in its mutual TLS certificate."""

    port: int = GATEWAY_PORT
    """Port for calls."""

    probe_port: int = PROBE_PORT
    """Port of the health probe."""


def gateway_identity(trust_domain: str) -> str:
    """
    Name the identity of a gateway.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/gateway.yaml
    """
    account = f"{GATEWAY}.{NAMESPACE}.serviceaccount"
    return f"{account}.identity.{CONTROL_PLANE_NAMESPACE}.{trust_domain}"


def gateway_values(gateway: GatewayArgs | None) -> dict[str, Any]:
    """Make the chart's values under `gateway`."""
    if gateway is None:
        return {"enabled": False}
    values: dict[str, Any] = {
        "enabled": True,
        "replicas": HA_REPLICAS,
        "port": GATEWAY_PORT,
        "probe": {"port": PROBE_PORT, "path": PROBE_PATH, "seconds": PROBE_PERIOD_SECONDS},
        "serviceType": "LoadBalancer",
    }
    if gateway.service_annotations:
        values["serviceAnnotations"] = dict(gateway.service_annotations)
    if gateway.source_ranges:
        values["loadBalancerSourceRanges"] = list(gateway.source_ranges)
    return values


def multicluster_values(
    *, gateway: GatewayArgs | None, targets: Sequence[str], trust_domain: str
) -> dict[str, Any]:
    """Make the Helm values of the linkerd-multicluster chart."""
    return {
        "gateway": gateway_values(gateway),
        "identityTrustDomain": trust_domain,
        "enablePodAntiAffinity": True,
        "controllerDefaults": {"replicas": HA_REPLICAS, "enablePodAntiAffinity": True},
        "controllers": [{"link": {"ref": {"name": target}}} for target in targets],
        "localServiceMirror": {"replicas": HA_REPLICAS},
        "remoteMirrorServiceAccount": False,
        "createNamespaceMetadataJob": False,
    }


class LinkerdMulticluster(pulumi.ComponentResource):
    """
    Linkerd's multicluster extension on one cluster.

    Makes:
        the namespace and one Helm release; if there is a gateway, a mark on its Service, which
        waits until the Service has an address and its pods are ready.
    Source: https://linkerd.io/2-edge/tasks/installing-multicluster/
    """

    namespace: pulumi.Output[str]
    """Namespace of the extension, known once it is installed."""

    gateway: Gateway | None
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
        metadata={"name": NAMESPACE, "labels": NAMESPACE_LABELS},
        opts=pulumi.ResourceOptions(parent=parent, provider=args.cluster.provider),
    )


def _release(
    name: str,
    args: LinkerdMulticlusterArgs,
    namespace: kubernetes.core.v1.Namespace,
    parent: pulumi.Resource,
) -> kubernetes.helm.v3.Release:
    values = multicluster_values(
        gateway=args.gateway, targets=args.targets, trust_domain=args.trust_domain
    )
    # Helm waits for the gateway's address too, and when there is none says only that its deadline
    # was exceeded. So Helm does not wait where there is a gateway: the mark below does, and names
    # the Service. (Mirror controllers wait for their Link in any case.)
    return helm.release(
        f"{name}-release",
        chart=charts.MULTICLUSTER,
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
) -> Gateway | None:
    if args.gateway is None:
        return None
    service = kubernetes.core.v1.ServicePatch(
        f"{name}-{GATEWAY}",
        metadata={
            "name": GATEWAY,
            "namespace": NAMESPACE,
            "annotations": {"linkmesh.io/cluster": args.cluster.name},
        },
        opts=pulumi.ResourceOptions(
            parent=parent, provider=args.cluster.provider, depends_on=[release]
        ),
    )
    return Gateway(
        address=service.status.apply(addresses), identity=gateway_identity(args.trust_domain)
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
            f"Service {NAMESPACE}/{GATEWAY} must have the address of a load balancer (it has none)."
            " No linked cluster could call this one. Is there a load balancer controller? See:"
            f" kubectl -n {NAMESPACE} describe service {GATEWAY}"
        )
    return ",".join(found)
