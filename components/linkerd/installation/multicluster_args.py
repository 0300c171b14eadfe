"""Arguments of `LinkerdMulticluster` and their validation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from ...cluster import Cluster
from ...versions import LINKERD_CHART, LINKERD_CHARTS
from ..ports import ADMIN_PORT
from . import charts
from .gateway_args import GatewayArgs
from .multicluster_values import LinkTarget, target_of
from .profiles import InstallProfile, profile_problems


@dataclass(frozen=True, kw_only=True)
class LinkerdMulticlusterArgs:
    """Arguments of `LinkerdMulticluster`."""

    cluster: Cluster
    """The cluster to install on. Its Linkerd control plane must already run."""

    gateway: GatewayArgs | None = None
    """The gateway through which linked clusters call this one; None without inbound links."""

    targets: Sequence[str | LinkTarget] = ()
    """The clusters that this one calls: each gets a mirror controller."""

    profile: InstallProfile = InstallProfile.HIGH_AVAILABILITY
    """The size of the installation; high availability by default, which needs three nodes."""

    nodes: int | None = None
    """How many nodes take pods, to validate the profile; None if unknown."""

    admin_port: int = ADMIN_PORT
    """Admin port of this cluster's proxies: its gateway is probed there."""

    cni: bool = False
    """Whether the CNI plugin redirects traffic, so that pods of the namespace are restricted."""

    trust_domain: str = "cluster.local"
    """Suffix of the identities in this cluster; the chart cannot detect it."""

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


def _target_problems(targets: Sequence[str | LinkTarget]) -> list[str]:
    names = [target_of(target).name for target in targets]
    if len(set(names)) == len(names):
        return []
    return [
        f"targets must name each cluster once (got {', '.join(names)}). Two mirror controllers of "
        "one link would have the same name. Remove the second."
    ]
