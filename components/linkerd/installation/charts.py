"""
Linkerd's Helm charts, all at one version, and the validation of version and location.

Dependencies give their order: definitions, the CNI plugin, the control plane, the extensions, and
last the workloads, which get the proxies of the control plane that injects them. Source: https://linkerd.io/2-edge/tasks/upgrade/
"""

from collections.abc import Sequence
from dataclasses import replace

from ...helm import Chart
from ...support import linkerd_release, location_problems
from ...versions import LINKERD_CHART, LINKERD_RELEASES
from .images import registry_problems

CRDS = Chart(name="linkerd-crds", version=LINKERD_CHART)
CNI = Chart(name="linkerd2-cni", version=LINKERD_CHART)
CONTROL_PLANE = Chart(name="linkerd-control-plane", version=LINKERD_CHART)
MULTICLUSTER = Chart(name="linkerd-multicluster", version=LINKERD_CHART)
VIZ = Chart(name="linkerd-viz", version=LINKERD_CHART)

CHARTS = (CRDS, CNI, CONTROL_PLANE, MULTICLUSTER, VIZ)
NAMES = tuple(chart.name for chart in CHARTS)

# The first release with the images of images.py: before, the policy controller (2.18) and the
# network initialisation (2.19) had separate images.
FIRST_WITH_REGISTRY = "2.20"


def at(chart: Chart, version: str) -> Chart:
    """Return a chart at a version."""
    return replace(chart, version=version)


def problems(*, location: str, version: str, registry: str | None = None) -> Sequence[str]:
    """List what is wrong with the location of charts, the registry and the version."""
    return [
        *registry_problems(registry),
        *location_problems(location),
        *_version_problems(version),
        *_registry_problems(version, registry),
    ]


def _version_problems(version: str) -> list[str]:
    if linkerd_release(version) is not None:
        return []
    return [
        f"version must be that of a chart, {LINKERD_RELEASES[0].first_chart} or later (got "
        f"{version!r}). Before, linkerd-multicluster runs no controllers for links. Use: "
        f"{LINKERD_CHART!r}"
    ]


def _registry_problems(version: str, registry: str | None) -> list[str]:
    release = linkerd_release(version)
    if registry is None or release is None:
        return []
    names = [known.name for known in LINKERD_RELEASES]
    if names.index(release.name) >= names.index(FIRST_WITH_REGISTRY):
        return []
    return [
        f"version must be of Linkerd {FIRST_WITH_REGISTRY} or later with a registry (got "
        f"{version!r}, Linkerd {release.name}). Older charts have images that would still come "
        f"from elsewhere. Use: {LINKERD_CHART!r}"
    ]
