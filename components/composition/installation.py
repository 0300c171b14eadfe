"""
Linkerd on one cluster of an environment: control plane, multicluster extension and viz.

It hands what the environment plans for the cluster to the components.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ..cluster import Cluster
from ..environment import ClusterPlan, Environment, GatewayPlan, LoadBalancer
from ..helm import merged
from ..linkerd.installation import charts
from ..linkerd.installation.control_plane import LinkerdControlPlane
from ..linkerd.installation.data_plane import data_plane_annotations
from ..linkerd.installation.gateway_args import (
    GatewayArgs,
    LoadBalancerGateway,
    NlbGateway,
    NodePortGateway,
)
from ..linkerd.installation.multicluster import LinkerdMulticluster
from ..linkerd.installation.multicluster_args import LinkerdMulticlusterArgs
from ..linkerd.installation.multicluster_values import LinkTarget
from ..linkerd.installation.viz import LinkerdViz, LinkerdVizArgs
from ..linkerd.links.export_labels import local_selector
from .control_plane import ControlPlane, make_control_plane, running
from .linkerd_inputs import LinkerdInputs, pod_annotations, reporting_values


@dataclass(frozen=True, kw_only=True)
class LinkerdExtensions:
    """Linkerd's control plane on one cluster, and its extensions."""

    control_plane: ControlPlane
    """The control plane."""

    multicluster: LinkerdMulticluster
    """The gateway and the mirror controllers."""

    viz: LinkerdViz | None
    """The extension with metrics, if it is asked for."""

    data_plane: pulumi.Output[Mapping[str, str]]
    """Annotations of pods that were made with what runs here; known once it does run."""

    @property
    def webhook_expiries(self) -> dict[str, pulumi.Output[str]]:
        """When the certificate of each webhook expires, by its key in the chart's values."""
        expiry = dict(self.viz.webhook_expiry) if self.viz else {}
        if isinstance(self.control_plane, LinkerdControlPlane):
            expiry = {**self.control_plane.webhook_expiry, **expiry}
        return {webhook.value: end for webhook, end in expiry.items()}

    @property
    def webhook_authority_expiry(self) -> pulumi.Output[str] | None:
        """When the CA of these certificates expires; None if they are not made here."""
        if isinstance(self.control_plane, LinkerdControlPlane):
            return self.control_plane.webhook_authority_expiry
        return None


def install_linkerd(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    inputs: LinkerdInputs,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None = None,
) -> LinkerdExtensions:
    """
    Install Linkerd on one cluster.

    Args:
        after: what makes load balancers; it still runs when the gateway is removed.
    """
    control_plane = make_control_plane(environment, planned, cluster, inputs, parent)
    annotations = pod_annotations(planned, inputs, data_plane_annotations)
    opts = pulumi.ResourceOptions(parent=parent, depends_on=[control_plane, *after])
    return LinkerdExtensions(
        control_plane=control_plane,
        multicluster=_multicluster(planned, control_plane, inputs, annotations, opts),
        viz=_viz(environment, planned, control_plane, inputs, annotations, opts),
        data_plane=_once_running(control_plane, annotations),
    )


def _multicluster(
    planned: ClusterPlan,
    control_plane: ControlPlane,
    inputs: LinkerdInputs,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    """Install the gateway, and a mirror controller for each target."""
    extra = inputs.charts.values(charts.MULTICLUSTER.name)
    with reporting_values():
        args = LinkerdMulticlusterArgs(
            control_plane=control_plane,
            gateway=_gateway(planned.gateway, inputs) if planned.gateway else None,
            targets=[
                # The port that the link probes, which the controller's Service must have.
                LinkTarget(
                    name=link.target,
                    gateway=link.target_has_gateway,
                    probe_port=link.probe_port,
                    headless=link.headless,
                )
                for link in planned.outbound
            ],
            pod_annotations=annotations,
            values=merged(_local_mirror_values(planned), extra),
        )
    return LinkerdMulticluster(f"{planned.name}-multicluster", args, opts)


def _gateway(gateway: GatewayPlan, inputs: LinkerdInputs) -> GatewayArgs:
    """Make the arguments of a gateway, with the addresses of NAT gateways."""
    if inputs.gateway is not None:
        return inputs.gateway
    if ports := gateway.node_ports:
        return NodePortGateway(address=ports.address, port=ports.port, probe_port=ports.probe_port)
    source_ranges = [inputs.resolve(block) for block in gateway.source_ranges]
    if gateway.is_nlb:
        return NlbGateway(internet_facing=gateway.internet_facing, source_ranges=source_ranges)
    given = gateway.load_balancer or LoadBalancer()
    return LoadBalancerGateway(
        address=given.address,
        load_balancer_class=given.load_balancer_class,
        service_annotations=given.annotations,
        source_ranges=source_ranges,
    )


def _local_mirror_values(planned: ClusterPlan) -> dict[str, Any]:
    """Make the values for services that are federated for chosen sources; often none."""
    if not planned.federated_labels:
        return {}
    selector = local_selector(planned.federated_labels)
    return {"localServiceMirror": {"federatedServiceSelector": selector}}


def _viz(
    environment: Environment,
    planned: ClusterPlan,
    control_plane: ControlPlane,
    inputs: LinkerdInputs,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdViz | None:
    """Install the extension with metrics, if it is asked for and Linkerd is ours."""
    if not environment.linkerd.viz or planned.has_linkerd:
        return None
    with reporting_values():
        args = LinkerdVizArgs(
            control_plane=control_plane,
            api_server_networks=planned.api_server_networks,
            pod_annotations=annotations,
            values=inputs.charts.values(charts.VIZ.name),
        )
    return LinkerdViz(f"{planned.name}-viz", args, opts)


def _once_running(
    control_plane: ControlPlane,
    annotations: Mapping[str, pulumi.Input[str]],
) -> pulumi.Output[Mapping[str, str]]:
    """Return the annotations of the data plane once the control plane runs, and not before."""
    both = pulumi.Output.all(running(control_plane), dict(annotations))
    return both.apply(lambda known: known[1])
