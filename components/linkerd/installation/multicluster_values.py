"""The Helm values of Linkerd's multicluster extension; pure."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ... import helm
from ..ports import ADMIN_PORT, GATEWAY_PORT, PROBE_PORT
from .gateway_args import GatewayArgs
from .images import multicluster_images
from .profiles import InstallProfile

PROBE_PATH = "/ready"
PROBE_PERIOD_SECONDS = 3

# Three on three nodes: one node can be drained while another fails. The chart's values-ha.yaml sets
# only the gateway's; controllers and the local mirror have separate keys.
# Source: linkerd2, multicluster/charts/linkerd-multicluster/{values-ha.yaml,templates/controller}
REPLICAS = {InstallProfile.HIGH_AVAILABILITY: 3, InstallProfile.SMALL: 1}


@dataclass(frozen=True, kw_only=True)
class LinkTarget:
    """A cluster that this one calls, with the settings of its mirror controller."""

    name: str
    """Its name: of the `Link`, of the controller, and the end of every mirror service's name."""

    gateway: bool = True
    """Whether it has a gateway, which the controller then probes; False if all calls are pod to "
    "pod."""

    probe_port: int = PROBE_PORT
    """Port of its gateway's health probe."""

    headless: bool = False
    """Whether headless services are mirrored pod by pod, e.g. those of a StatefulSet."""


def target_of(target: "str | LinkTarget") -> LinkTarget:
    """Return a target; one that is a name gets the defaults."""
    return LinkTarget(name=target) if isinstance(target, str) else target


def gateway_values(
    gateway: GatewayArgs | None,
    *,
    replicas: int = REPLICAS[InstallProfile.HIGH_AVAILABILITY],
    probe_port: int = PROBE_PORT,
) -> dict[str, Any]:
    """Make the chart's values under `gateway`."""
    if gateway is None:
        return {"enabled": False}
    probe = {"port": probe_port, "path": PROBE_PATH, "seconds": PROBE_PERIOD_SECONDS}
    values: dict[str, Any] = {
        "enabled": True,
        "replicas": replicas,
        "port": GATEWAY_PORT,
        "probe": probe,
        "serviceType": "LoadBalancer",
    }
    if gateway.service_annotations:
        values["serviceAnnotations"] = dict(gateway.service_annotations)
    if gateway.source_ranges:
        values["loadBalancerSourceRanges"] = list(gateway.source_ranges)
    if gateway.load_balancer_class is not None:
        values["loadBalancerClass"] = gateway.load_balancer_class
    if gateway.node_ports is not None:
        values["serviceType"] = "NodePort"
        values["nodePort"] = gateway.node_ports.port
        values["probe"] = {**probe, "nodePort": gateway.node_ports.probe_port}
    return values


def controller_values(target: str | LinkTarget) -> dict[str, Any]:
    """Make one entry of the chart's `controllers`, with what differs from its defaults."""
    known = target_of(target)
    values: dict[str, Any] = {"link": {"ref": {"name": known.name}}}
    if not known.gateway:
        values["gateway"] = {"enabled": False}
    elif known.probe_port != PROBE_PORT:
        values["gateway"] = {"probe": {"port": known.probe_port}}
    if known.headless:
        values["enableHeadlessServices"] = True
    return values


def multicluster_values(
    *,
    gateway: GatewayArgs | None,
    targets: Sequence[str | LinkTarget],
    trust_domain: str,
    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY,
    admin_port: int = ADMIN_PORT,
    registry: str | None = None,
    pod_annotations: Mapping[str, pulumi.Input[str]] | None = None,
) -> dict[str, Any]:
    """Make the Helm values of the linkerd-multicluster chart."""
    replicas = REPLICAS[profile]
    values = {
        "gateway": gateway_values(gateway, replicas=replicas, probe_port=admin_port),
        "identityTrustDomain": trust_domain,
        "enablePodAntiAffinity": replicas > 1,
        "controllerDefaults": {"replicas": replicas, "enablePodAntiAffinity": replicas > 1},
        "controllers": [controller_values(target) for target in targets],
        "localServiceMirror": {"replicas": replicas},
        "remoteMirrorServiceAccount": False,
        "createNamespaceMetadataJob": False,
    }
    layers = [values, _annotated(pod_annotations or {}, gateway), multicluster_images(registry)]
    return functools.reduce(helm.merged, layers)


def _annotated(
    annotations: Mapping[str, pulumi.Input[str]], gateway: GatewayArgs | None
) -> dict[str, Any]:
    """Make the annotations of all pods; those of the gateway have a separate key."""
    if not annotations:
        return {}
    values: dict[str, Any] = {"podAnnotations": dict(annotations)}
    return values | ({"gateway": {"deploymentAnnotations": dict(annotations)}} if gateway else {})
