"""
Linkerd on one cluster of an environment: control plane, multicluster extension and viz.

It hands what the environment plans for the cluster to the components.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi

from components.cluster import Cluster
from components.environment import Block, ClusterPlan, Environment, GatewayPlan
from components.helm import merged
from components.linkerd.installation import charts
from components.linkerd.installation.control_plane import LinkerdControlPlane
from components.linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from components.linkerd.installation.data_plane import control_plane_annotations
from components.linkerd.installation.gateway_args import (
    GatewayArgs,
    LoadBalancerGateway,
    NlbGateway,
    NodePortGateway,
)
from components.linkerd.installation.multicluster import LinkerdMulticluster
from components.linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from components.linkerd.installation.multicluster_values import LinkTarget
from components.linkerd.installation.viz import LinkerdViz, LinkerdVizArgs
from components.linkerd.links.export_labels import local_selector

from .outputs import IssuerContract, Stacks, TrustContract, WebhooksContract
from .rotation import parsed_trust
from .settings import Settings


@contextmanager
def _reporting_values() -> Iterator[None]:
    """Turn problems of arguments, above all of extra values, into one message."""
    try:
        yield
    except ValueError as error:
        raise pulumi.RunError(
            f"Linkerd cannot be installed like this:\n{error}\nExtra values of charts are those of "
            "linkmesh:chartValues, or of the file of LINKMESH_CHART_VALUES"
        ) from None


def control_plane(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    stacks: Stacks,
    trust: TrustContract,
    settings: Settings,
) -> LinkerdControlPlane:
    """Install the control plane, with its issuer unless cert-manager makes it."""
    linkerd = environment.linkerd
    with _reporting_values():
        args = LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=trust.anchors_pem,
            issuer=linkerd.cert_manager or IssuerContract.from_stack(stacks, planned.name),
            pod_annotations=pod_annotations(planned, trust, control_plane_annotations),
            profile=linkerd.profile,
            proxy=linkerd.proxy,
            cni=linkerd.cni,
            registry=linkerd.registry,
            version=planned.linkerd_version,
            charts=settings.charts,
            values=settings.values(charts.CONTROL_PLANE.name),
            crds_values=settings.values(charts.CRDS.name),
            cni_values=settings.values(charts.CNI.name),
        )
    return LinkerdControlPlane(f"{planned.name}-linkerd", args)


def multicluster(
    planned: ClusterPlan,
    control_plane: LinkerdControlPlane,
    settings: Settings,
    resolve: Callable[[Block], pulumi.Input[str]],
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    """Install the gateway, and a mirror controller for each target."""
    with _reporting_values():
        args = LinkerdMulticlusterArgs(
            control_plane=control_plane,
            gateway=_gateway(planned.gateway, resolve) if planned.gateway else None,
            targets=[
                # The port that the link probes, which the controller's Service must have.
                LinkTarget(
                    name=link.target,
                    gateway=link.target_has_gateway,
                    probe_port=link.probe_port,
                )
                for link in planned.outbound
            ],
            pod_annotations=annotations,
            values=merged(_local_mirror_values(planned), settings.values(charts.MULTICLUSTER.name)),
        )
    return LinkerdMulticluster(f"{planned.name}-multicluster", args, opts)


def _gateway(gateway: GatewayPlan, resolve: Callable[[Block], pulumi.Input[str]]) -> GatewayArgs:
    """Make the arguments of a gateway, with the addresses of NAT gateways."""
    if ports := gateway.node_ports:
        return NodePortGateway(address=ports.address, port=ports.port, probe_port=ports.probe_port)
    source_ranges = [resolve(block) for block in gateway.source_ranges]
    if gateway.is_nlb:
        return NlbGateway(internet_facing=gateway.internet_facing, source_ranges=source_ranges)
    return LoadBalancerGateway(source_ranges=source_ranges)


def _local_mirror_values(planned: ClusterPlan) -> dict[str, Any]:
    """Make the values for services that are federated for chosen sources; often none."""
    if not planned.federated_labels:
        return {}
    selector = local_selector(planned.federated_labels)
    return {"localServiceMirror": {"federatedServiceSelector": selector}}


def viz(
    environment: Environment,
    planned: ClusterPlan,
    control_plane: LinkerdControlPlane,
    settings: Settings,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdViz | None:
    """Install the extension with metrics, if it is asked for."""
    if not environment.linkerd.viz:
        return None
    with _reporting_values():
        args = LinkerdVizArgs(
            control_plane=control_plane,
            api_server_networks=planned.api_server_networks,
            pod_annotations=annotations,
            values=settings.values(charts.VIZ.name),
        )
    return LinkerdViz(f"{planned.name}-viz", args, opts)


def pod_annotations(
    planned: ClusterPlan,
    trust: TrustContract,
    annotations: Callable[..., Mapping[str, str]],
) -> dict[str, pulumi.Input[str]]:
    """Make annotations of a cluster's pods, which roll them when trust or version change."""
    version = planned.linkerd_version
    made = pulumi.Output.from_input(trust.state).apply(
        lambda state: annotations(version=version, trust=parsed_trust(state))
    )
    return {key: made[key] for key in annotations(version=version)}


def once_running(
    control_plane: LinkerdControlPlane, annotations: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[Mapping[str, str]]:
    """Return the annotations of the data plane once the control plane runs, and not before."""
    both = pulumi.Output.all(control_plane.release.id, dict(annotations))
    return both.apply(lambda known: known[1])


def webhooks(control_plane: LinkerdControlPlane, viz: LinkerdViz | None) -> WebhooksContract:
    """Return when the certificates of the webhooks expire."""
    expiry = {**control_plane.webhook_expiry, **(viz.webhook_expiry if viz else {})}
    return WebhooksContract(
        expiry={webhook.value: end for webhook, end in expiry.items()},
        authority=control_plane.webhook_authority_expiry or "",
    )
