"""Linkerd's control plane on one cluster: installed here, or by something else."""

from typing import Any

import pulumi

from ..cluster import Cluster
from ..environment import ClusterPlan, Environment
from ..linkerd.installation import charts
from ..linkerd.installation.control_plane import LinkerdControlPlane
from ..linkerd.installation.control_plane_args import LinkerdControlPlaneArgs
from ..linkerd.installation.data_plane import control_plane_annotations
from ..linkerd.installation.existing_control_plane import (
    ExistingControlPlane,
    ExistingControlPlaneArgs,
)
from .linkerd_inputs import LinkerdInputs, pod_annotations, reporting_values

ControlPlane = LinkerdControlPlane | ExistingControlPlane


def make_control_plane(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    inputs: LinkerdInputs,
    parent: pulumi.Resource | None,
) -> ControlPlane:
    """Install the control plane, or compare the one that is there with the description."""
    make = _existing if planned.has_linkerd else _installed
    return make(environment, planned, cluster, inputs, pulumi.ResourceOptions(parent=parent))


def running(control_plane: ControlPlane) -> pulumi.Output[str]:
    """Return a value that is known once the control plane runs, and not before."""
    if isinstance(control_plane, ExistingControlPlane):
        return control_plane.version
    known: pulumi.Output[str] = control_plane.release.id
    return known


def _installed(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    inputs: LinkerdInputs,
    opts: pulumi.ResourceOptions,
) -> LinkerdControlPlane:
    sources = inputs.charts
    assert inputs.issuer is not None
    with reporting_values():
        args = LinkerdControlPlaneArgs(
            cluster=cluster,
            trust_anchors_pem=inputs.trust_anchors_pem,
            issuer=inputs.issuer,
            pod_annotations=pod_annotations(planned, inputs, control_plane_annotations),
            **_settings(environment, planned, inputs),
            gateway_api=planned.gateway_api is None,
            gateway_api_version=planned.gateway_api,
            values=sources.values(charts.CONTROL_PLANE.name),
            crds_values=sources.values(charts.CRDS.name),
            cni_values=sources.values(charts.CNI.name),
        )
    return LinkerdControlPlane(f"{planned.name}-linkerd", args, opts)


def _existing(
    environment: Environment,
    planned: ClusterPlan,
    cluster: Cluster,
    inputs: LinkerdInputs,
    opts: pulumi.ResourceOptions,
) -> ExistingControlPlane:
    args = ExistingControlPlaneArgs(
        cluster=cluster,
        trust_anchors_pem=inputs.trust_anchors_pem,
        **_settings(environment, planned, inputs),
    )
    return ExistingControlPlane(f"{planned.name}-linkerd", args, opts)


def _settings(
    environment: Environment, planned: ClusterPlan, inputs: LinkerdInputs
) -> dict[str, Any]:
    """Return the settings of a control plane, which this program or something else installed."""
    linkerd = environment.linkerd
    return {
        "profile": linkerd.profile,
        "proxy": linkerd.proxy,
        "cni": linkerd.cni,
        "registry": linkerd.registry,
        "version": planned.linkerd_version,
        "charts": inputs.charts.charts,
        "cluster_domain": planned.cluster_domain,
    }
