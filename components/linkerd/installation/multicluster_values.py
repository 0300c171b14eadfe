"""The Helm values of Linkerd's multicluster extension, of each profile and as a whole."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ... import helm
from ...arguments import checked
from ...load_balancer import NLB_CLASS, nlb_annotations
from ..ports import ADMIN_PORT, GATEWAY_PORT, PROBE_PORT
from .gateway_args import GatewayArgs, LoadBalancerGateway, NlbGateway, NodePortGateway
from .images import multicluster_images
from .probe import PROBE_PATH, PROBE_PERIOD_SECONDS
from .profiles import REPLICAS, InstallProfile


@checked
@dataclass(frozen=True, kw_only=True)
class LinkTarget:
    """A cluster that this one calls, if its mirror controller needs other values than defaults."""

    name: str
    """Name of the cluster: of the `Link`, and the end of every mirror service's name."""

    gateway: bool = True
    """Whether it has a gateway, which the controller probes; False if it is called pod to pod."""

    probe_port: int = PROBE_PORT
    """Port of its gateway's health probe: `GatewayEndpoint.probe_port`."""

    headless: bool = False
    """Whether headless services are mirrored pod by pod, e.g. those of a StatefulSet."""


def target_of(target: "str | LinkTarget") -> LinkTarget:
    """Return a target; one given by its name has the defaults."""
    return LinkTarget(name=target) if isinstance(target, str) else target


def gateway_values(
    gateway: GatewayArgs | None,
    *,
    replicas: int = REPLICAS[InstallProfile.HIGH_AVAILABILITY],
    probe_port: int = PROBE_PORT,
) -> dict[str, Any]:
    """Make the values of the chart's key `gateway`."""
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
    if isinstance(gateway, NodePortGateway):
        probe = {**probe, "nodePort": gateway.probe_port}
        return {**values, "serviceType": "NodePort", "nodePort": gateway.port, "probe": probe}
    return {**values, **_load_balancer_values(gateway, probe_port)}


def _load_balancer_values(
    gateway: NlbGateway | LoadBalancerGateway, probe_port: int
) -> dict[str, Any]:
    """Make the values of the load balancer of a gateway's Service."""
    if isinstance(gateway, NlbGateway):
        load_balancer_class: str | None = NLB_CLASS
        annotations: Mapping[str, str] = nlb_annotations(
            internet_facing=gateway.internet_facing,
            health_check_port=probe_port,
            health_check_path=PROBE_PATH,
        )
    else:
        load_balancer_class = gateway.load_balancer_class
        annotations = gateway.service_annotations
    values = {
        "serviceAnnotations": dict(annotations),
        "loadBalancerSourceRanges": list(gateway.source_ranges),
        "loadBalancerClass": load_balancer_class,
    }
    return {key: value for key, value in values.items() if value}


def controller_values(target: str | LinkTarget) -> dict[str, Any]:
    """Make one entry of the chart's key `controllers`, without its defaults."""
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
    """Make the annotations of all pods; the chart has a key of its own for the gateway's."""
    if not annotations:
        return {}
    values: dict[str, Any] = {"podAnnotations": dict(annotations)}
    return values | ({"gateway": {"deploymentAnnotations": dict(annotations)}} if gateway else {})
