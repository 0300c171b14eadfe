"""
Linkerd on one cluster of an environment: control plane, multicluster extension and viz.

What a cluster's description and its links lead to, put into the components' words.
"""

from collections.abc import Callable, Mapping, Sequence

import pulumi

from components.cluster import Cluster
from components.helm import merged
from components.linkerd.installation import charts
from components.linkerd.installation.control_plane import (
    LinkerdControlPlane,
    LinkerdControlPlaneArgs,
)
from components.linkerd.installation.data_plane import control_plane_annotations
from components.linkerd.installation.gateway_args import NodePorts
from components.linkerd.installation.multicluster import (
    GatewayArgs,
    LinkerdMulticluster,
    LinkerdMulticlusterArgs,
    Target,
)
from components.linkerd.installation.viz import LinkerdViz, LinkerdVizArgs
from components.subnets import subnet_plan

from . import exposure
from .environment import Eks, Environment, Existing, Kind
from .federation import local_mirror_values
from .kind_network import NODE_PORTS, node_address
from .outputs import IssuerContract, Stacks, TrustContract, WebhooksContract
from .rotation import trust_of
from .settings import Settings


def control_plane(
    environment: Environment,
    name: str,
    cluster: Cluster,
    stacks: Stacks,
    trust: TrustContract,
    settings: Settings,
) -> LinkerdControlPlane:
    """Install the control plane, with its issuer if nobody else makes it."""
    linkerd = environment.linkerd
    issuer = None if linkerd.cert_manager else IssuerContract.from_stack(stacks, name)
    return LinkerdControlPlane(
        f"{name}-linkerd",
        LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=trust.anchors_pem,
            issuer_certificate_pem=issuer.certificate_pem if issuer else None,
            issuer_key_pem=issuer.private_key_pem if issuer else None,
            cert_manager=linkerd.cert_manager,
            pod_annotations=pod_annotations(environment, name, trust, control_plane_annotations),
            profile=linkerd.profile,
            proxy=linkerd.proxy,
            cni=linkerd.cni,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=settings.values(charts.CONTROL_PLANE.name),
            crds_values=settings.values(charts.CRDS.name),
            cni_values=settings.values(charts.CNI.name),
        ),
    )


def multicluster(
    environment: Environment,
    name: str,
    cluster: Cluster,
    settings: Settings,
    nats: dict[str, list[pulumi.Output[str]]],
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    """Install the gateway, and a mirror controller for each target."""
    linkerd = environment.linkerd
    return LinkerdMulticluster(
        f"{name}-multicluster",
        LinkerdMulticlusterArgs(
            cluster=cluster,
            gateway=_gateway(environment, name, nats),
            targets=[_target(environment, target) for target in environment.targets_of(name)],
            profile=linkerd.profile,
            admin_port=linkerd.proxy.admin_port,
            cni=linkerd.cni,
            pod_annotations=annotations,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=merged(
                local_mirror_values(environment, name), settings.values(charts.MULTICLUSTER.name)
            ),
        ),
        opts,
    )


def _target(environment: Environment, target: str) -> Target:
    # The port that the link tells to probe, which the controller's own Service must have.
    by_node = isinstance(environment.cluster(target), Kind)
    return Target(
        name=target,
        gateway=environment.has_gateway(target),
        probe_port=NODE_PORTS["probe_port"] if by_node else environment.linkerd.proxy.admin_port,
    )


def _gateway(
    environment: Environment, name: str, nats: dict[str, list[pulumi.Output[str]]]
) -> GatewayArgs | None:
    """Say how a cluster's gateway is reached: as its kind of cluster can be."""
    described = environment.cluster(name)
    if not environment.has_gateway(name):
        return None
    if isinstance(described, Kind):
        return GatewayArgs(node_ports=NodePorts(address=node_address(name), **NODE_PORTS))
    if isinstance(described, Existing):
        return GatewayArgs()
    return GatewayArgs(
        load_balancer_class=exposure.NLB_CLASS,
        service_annotations=exposure.gateway_annotations(environment, name),
        source_ranges=exposure.gateway_sources(environment, name, nats),
    )


def viz(
    environment: Environment,
    name: str,
    cluster: Cluster,
    settings: Settings,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdViz | None:
    """Install the extension with metrics, if it is asked for."""
    linkerd = environment.linkerd
    if not linkerd.viz:
        return None
    return LinkerdViz(
        f"{name}-viz",
        LinkerdVizArgs(
            cluster=cluster,
            profile=linkerd.profile,
            cni=linkerd.cni,
            api_server_networks=_api_server_networks(environment, name),
            pod_annotations=annotations,
            registry=linkerd.registry,
            version=linkerd.version_on(name),
            charts=settings.charts,
            values=settings.values(charts.VIZ.name),
        ),
        opts,
    )


def _api_server_networks(environment: Environment, name: str) -> Sequence[str]:
    """Tell from where an API server calls pods; nothing where only its maker knows."""
    described = environment.cluster(name)
    return subnet_plan(described.cidr).control_plane if isinstance(described, Eks) else ()


def pod_annotations(
    environment: Environment,
    name: str,
    trust: TrustContract,
    annotations: Callable[..., Mapping[str, str]],
) -> dict[str, pulumi.Input[str]]:
    """Annotate the pods of a cluster: another text rolls them, with trust or with the version."""
    version = environment.linkerd.version_on(name)
    made = pulumi.Output.from_input(trust.state).apply(
        lambda told: annotations(version=version, trust=trust_of(told))
    )
    return {key: made[key] for key in annotations(version=version)}


def once_running(
    control_plane: LinkerdControlPlane, annotations: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[Mapping[str, str]]:
    """Tell the annotations of the data plane when the control plane runs, and not before."""
    both = pulumi.Output.all(control_plane.release.id, dict(annotations))
    return both.apply(lambda known: known[1])


def webhooks(control_plane: LinkerdControlPlane, viz: LinkerdViz | None) -> WebhooksContract:
    """Tell when the certificates of the webhooks expire."""
    expiry = {**control_plane.webhook_expiry, **(viz.webhook_expiry if viz else {})}
    return WebhooksContract(
        expiry={webhook.value: end for webhook, end in expiry.items()},
        authority=control_plane.webhook_authority_expiry or "",
    )
