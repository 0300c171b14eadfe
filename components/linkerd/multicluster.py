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
from ..versions import LINKERD_CHART, LINKERD_CHARTS
from . import charts
from .cni import pod_security
from .control_plane import NAMESPACE as CONTROL_PLANE_NAMESPACE
from .gateway_args import GatewayArgs as GatewayArgs
from .multicluster_values import GATEWAY_PORT, PROBE_PORT, multicluster_values, target_of
from .multicluster_values import PROBE_PATH as PROBE_PATH
from .multicluster_values import PROBE_PERIOD_SECONDS as PROBE_PERIOD_SECONDS
from .multicluster_values import Target as Target
from .profiles import Profile, profile_problems
from .proxy import ADMIN_PORT

NAMESPACE = "linkerd-multicluster"
GATEWAY = "linkerd-gateway"

# `pod_security` adds what its pods may do.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/namespace.yaml
NAMESPACE_LABELS = {"linkerd.io/extension": "multicluster"}


@dataclass(frozen=True, kw_only=True)
class LinkerdMulticlusterArgs:
    """What to install, and where."""

    cluster: Cluster
    """The cluster to install on. Its Linkerd control plane must already run."""

    gateway: GatewayArgs | None = None
    """The gateway through which linked clusters call this one; None if no link comes in."""

    targets: Sequence[str | Target] = ()
    """The clusters that this one calls, by name or described: each gets a mirror controller."""

    profile: Profile = Profile.HIGH_AVAILABILITY
    """How much runs; high availability by default, which needs three nodes that take pods."""

    nodes: int | None = None
    """How many nodes take pods, to be held against the profile; None if that is not known."""

    admin_port: int = ADMIN_PORT
    """Admin port of this cluster's proxies (`Proxy.admin_port`): its gateway is probed there."""

    cni: bool = False
    """Whether the CNI plugin redirects traffic, so that pods of the namespace are restricted."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster; the chart cannot find it out by itself."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods, e.g. those of `data_plane.py`, which roll them with trust."""

    registry: str | None = None
    """Registry of every image; None is Linkerd's own. See `images.py`."""

    version: str = LINKERD_CHART
    """Version of the chart; that of the control plane."""

    charts: str = LINKERD_CHARTS
    """Where the charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-multicluster, merged last."""

    def __post_init__(self) -> None:
        problems = [
            *_target_problems(self.targets),
            *profile_problems(self.profile, self.nodes),
            *charts.problems(location=self.charts, version=self.version, registry=self.registry),
        ]
        if problems:
            raise ValueError("\n".join(problems))


def _target_problems(targets: Sequence[str | Target]) -> list[str]:
    names = [target_of(target).name for target in targets]
    if len(set(names)) == len(names):
        return []
    return [
        f"targets must name each cluster once (got {', '.join(names)}). Two mirror controllers of "
        "one link would have the same name. Leave the second out."
    ]


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """What a source must know of a target's gateway."""

    address: pulumi.Input[str]
    """IP addresses or host names of its load balancer, joined by commas."""

    identity: pulumi.Input[str]
    """Name in its mutual TLS certificate."""

    port: pulumi.Input[int] = GATEWAY_PORT
    """Port for calls."""

    probe_port: pulumi.Input[int] = PROBE_PORT
    """Port of the health probe."""


def gateway_identity(trust_domain: str) -> str:
    """
    Name the identity of a gateway.

    Source: linkerd2, multicluster/charts/linkerd-multicluster/templates/gateway.yaml
    """
    account = f"{GATEWAY}.{NAMESPACE}.serviceaccount"
    return f"{account}.identity.{CONTROL_PLANE_NAMESPACE}.{trust_domain}"


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
        metadata={"name": NAMESPACE, "labels": {**NAMESPACE_LABELS, **pod_security(cni=args.cni)}},
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
    # Helm waits for the gateway's address too, and when there is none says only that its deadline
    # was exceeded. So Helm does not wait where there is a gateway: the mark below does, and names
    # the Service. (Mirror controllers wait for their Link in any case.)
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
    return _reached(args.gateway, args, service)


def _reached(
    gateway: GatewayArgs, args: LinkerdMulticlusterArgs, service: kubernetes.core.v1.ServicePatch
) -> Gateway:
    identity = gateway_identity(args.trust_domain)
    if gateway.node_ports is None:
        address = service.status.apply(addresses)
        return Gateway(address=address, identity=identity, probe_port=args.admin_port)
    ports = gateway.node_ports
    # The mark is waited for, so that the gateway is there when the address is told.
    address = pulumi.Output.all(ports.address, service.id).apply(lambda known: str(known[0]))
    return Gateway(address=address, identity=identity, port=ports.port, probe_port=ports.probe_port)


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
