"""
The images of Linkerd's charts, and the values that take them from another registry.

Each chart has its own keys for that. The registry has every image under the last part of its name,
e.g. `registry.example.com/linkerd/proxy`; `image_copies` lists what to copy there.
Since Linkerd 2.20 the proxy's image also initialises and validates the network, and the
controller's also is the policy controller, the service mirror and the heartbeat.
"""

import re
from typing import Any

from ...hosts import authority
from ...versions import LINKERD_CHART

REGISTRY = "cr.l5d.io/linkerd"

# Source: linkerd2, values.yaml of linkerd-multicluster, linkerd-viz and linkerd2-cni
PAUSE = "pause:3.2"
PROMETHEUS = "prometheus:v2.55.1"
EXTENSION_INIT = "extension-init:v0.1.11"
CNI_PLUGIN = "cni-plugin:v1.6.8"

_OF_THE_RELEASE = ("controller", "proxy", "debug", "metrics-api", "tap", "web")

_PATH = re.compile(r"(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*")


def registry_problems(registry: str | None) -> list[str]:
    """List what is wrong with a registry; None is Linkerd's own."""
    if registry is None:
        return []
    host, slash, path = registry.partition("/")
    if authority(host) and _PATH.fullmatch(slash + path):
        return []
    return [
        f"registry must be a host, and a path if there is one (got {registry!r}). It becomes the "
        "beginning of every image's name. Use: 'registry.example.com/linkerd'"
    ]


def edge(version: str) -> str:
    """
    Return the edge release of a chart's version, which is the tag of its images.

    Source: linkerd2, bin/compute-edge-version
    """
    return f"edge-{version[2:]}"


def chart_of(edge: str) -> str:
    """Return the chart version of an edge release: 2026.6.3 for edge-26.6.3."""
    return f"20{edge.removeprefix('edge-')}"


def image_copies(registry: str, version: str = LINKERD_CHART) -> dict[str, str]:
    """Return Linkerd's images, each with its copy in another registry."""
    ours = [f"{name}:{edge(version)}" for name in _OF_THE_RELEASE]
    found = {
        **{f"{REGISTRY}/{image}": image for image in (*ours, EXTENSION_INIT, CNI_PLUGIN)},
        f"registry.k8s.io/{PAUSE}": PAUSE,
        f"prom/{PROMETHEUS}": PROMETHEUS,
    }
    return {image: f"{registry}/{copy}" for image, copy in found.items()}


def control_plane_images(registry: str | None) -> dict[str, Any]:
    """Make the values that move the images of linkerd-control-plane, injected ones included."""
    if registry is None:
        return {}
    return {
        "controllerImage": f"{registry}/controller",
        "proxy": {"image": {"name": f"{registry}/proxy"}},
        "debugContainer": {"image": {"name": f"{registry}/debug"}},
    }


def multicluster_images(registry: str | None) -> dict[str, Any]:
    """Make the values that move the images of linkerd-multicluster."""
    if registry is None:
        return {}
    controller = {"image": {"name": f"{registry}/controller"}}
    return {
        "gateway": {"pauseImage": f"{registry}/{PAUSE}"},
        "controllerDefaults": controller,
        "localServiceMirror": controller,
        "namespaceMetadata": {"image": {"registry": registry}},
    }


def viz_images(registry: str | None) -> dict[str, Any]:
    """Make the values that move the images of linkerd-viz."""
    if registry is None:
        return {}
    return {"defaultRegistry": registry, "prometheus": {"image": {"registry": registry}}}


def cni_images(registry: str | None) -> dict[str, Any]:
    """Make the values that move the image of linkerd2-cni."""
    return {} if registry is None else {"image": {"name": f"{registry}/cni-plugin"}}
