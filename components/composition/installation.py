"""
Linkerd on one cluster of an environment: control plane, multicluster extension and viz.

It hands what the environment plans for the cluster to the components.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pulumi

from ..cluster import Cluster
from ..environment import ClusterPlan, Environment, GatewayPlan
from ..helm import merged
from ..linkerd.identity.authorities import Issuer
from ..linkerd.identity.cert_manager import CertManagerIssuer
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.installation import charts
from ..linkerd.installation.control_plane import LinkerdControlPlane
from ..linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from ..linkerd.installation.data_plane import control_plane_annotations, data_plane_annotations
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
from .addresses import Resolve
from .charts import ChartSources


class InstallationError(ValueError):
    """Arguments of Linkerd on one cluster, above all extra values, have problems."""


@dataclass(frozen=True, kw_only=True)
class LinkerdInputs:
    """What Linkerd on one cluster needs besides the plan."""

    trust_anchors_pem: pulumi.Input[str]
    """The trust anchors: PEM certificates, one after another."""

    trust_state: pulumi.Input[TrustState]
    """Which generations of trust there are."""

    issuer: Issuer | CertManagerIssuer
    """The cluster's identity issuer."""

    resolve: Resolve
    """Returns the addresses of the clusters that call this one."""

    charts: ChartSources
    """Where charts are, and extra values of them."""

    token_generations: Sequence[int]
    """Numbers of the valid tokens of those who call this cluster."""

    gateway: GatewayArgs | None = None
    """How the gateway is reached, if there is one; None: as planned."""


@dataclass(frozen=True, kw_only=True)
class LinkerdExtensions:
    """Linkerd's control plane on one cluster, and its extensions."""

    control_plane: LinkerdControlPlane
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
        of_viz = self.viz.webhook_expiry if self.viz else {}
        expiry = {**self.control_plane.webhook_expiry, **of_viz}
        return {webhook.value: end for webhook, end in expiry.items()}


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
    control_plane = _control_plane(environment, planned, cluster, inputs, parent)
    annotations = _pod_annotations(planned, inputs, data_plane_annotations)
    opts = pulumi.ResourceOptions(parent=parent, depends_on=[control_plane, *after])
    return LinkerdExtensions(
        control_plane=control_plane,
        multicluster=_multicluster(planned, control_plane, inputs, annotations, opts),
        viz=_viz(environment, planned, control_plane, inputs, annotations, opts),
        data_plane=_once_running(control_plane, annotations),
    )


@contextmanager
def _reporting_values() -> Iterator[None]:
    """Tell problems of arguments, above all of extra values, from others."""
    try:
        yield
    except ValueError as error:
        raise InstallationError(f"Linkerd cannot be installed like this:\n{error}") from None


def _control_plane(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    inputs: LinkerdInputs,
    parent: pulumi.Resource | None,
) -> LinkerdControlPlane:
    linkerd, sources = environment.linkerd, inputs.charts
    with _reporting_values():
        args = LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=inputs.trust_anchors_pem,
            issuer=inputs.issuer,
            pod_annotations=_pod_annotations(planned, inputs, control_plane_annotations),
            profile=linkerd.profile,
            proxy=linkerd.proxy,
            cni=linkerd.cni,
            registry=linkerd.registry,
            version=planned.linkerd_version,
            charts=sources.charts,
            values=sources.values(charts.CONTROL_PLANE.name),
            crds_values=sources.values(charts.CRDS.name),
            cni_values=sources.values(charts.CNI.name),
        )
    opts = pulumi.ResourceOptions(parent=parent)
    return LinkerdControlPlane(f"{planned.name}-linkerd", args, opts)


def _multicluster(
    planned: ClusterPlan,
    control_plane: LinkerdControlPlane,
    inputs: LinkerdInputs,
    annotations: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> LinkerdMulticluster:
    """Install the gateway, and a mirror controller for each target."""
    extra = inputs.charts.values(charts.MULTICLUSTER.name)
    with _reporting_values():
        args = LinkerdMulticlusterArgs(
            control_plane=control_plane,
            gateway=_gateway(planned.gateway, inputs) if planned.gateway else None,
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
    return LoadBalancerGateway(source_ranges=source_ranges)


def _local_mirror_values(planned: ClusterPlan) -> dict[str, Any]:
    """Make the values for services that are federated for chosen sources; often none."""
    if not planned.federated_labels:
        return {}
    selector = local_selector(planned.federated_labels)
    return {"localServiceMirror": {"federatedServiceSelector": selector}}


def _viz(
    environment: Environment,
    planned: ClusterPlan,
    control_plane: LinkerdControlPlane,
    inputs: LinkerdInputs,
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
            values=inputs.charts.values(charts.VIZ.name),
        )
    return LinkerdViz(f"{planned.name}-viz", args, opts)


def _pod_annotations(
    planned: ClusterPlan, inputs: LinkerdInputs, annotations: Callable[..., Mapping[str, str]]
) -> dict[str, pulumi.Input[str]]:
    """Make annotations of a cluster's pods, which roll them when trust or version change."""
    version = planned.linkerd_version
    made = pulumi.Output.from_input(inputs.trust_state).apply(
        lambda state: annotations(version=version, trust=state)
    )
    return {key: made[key] for key in annotations(version=version)}


def _once_running(
    control_plane: LinkerdControlPlane, annotations: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[Mapping[str, str]]:
    """Return the annotations of the data plane once the control plane runs, and not before."""
    both = pulumi.Output.all(control_plane.release.id, dict(annotations))
    return both.apply(lambda known: known[1])
