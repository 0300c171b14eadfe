"""Arguments of `LinkerdMulticluster` and their validation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from ...arguments import checked
from . import charts
from .control_plane import LinkerdControlPlane, installation_of
from .existing_control_plane import ExistingControlPlane
from .extra_values import MULTICLUSTER, value_problems
from .gateway_args import GatewayArgs
from .installed import LinkerdInstallation
from .multicluster_values import LinkTarget, multicluster_values, target_of


@checked
@dataclass(frozen=True, kw_only=True)
class LinkerdMulticlusterArgs:
    """Arguments of `LinkerdMulticluster`."""

    control_plane: LinkerdControlPlane | ExistingControlPlane | LinkerdInstallation
    """
    Linkerd's control plane on the cluster, with which the extension shares its settings.

    A `LinkerdInstallation` is for one that another program installed, and an
    `ExistingControlPlane` is one that is compared with it.
    """

    gateway: GatewayArgs | None = None
    """
    The gateway through which linked clusters call this one.

    `NlbGateway` on EKS, `LoadBalancerGateway` elsewhere, `NodePortGateway` without load balancers;
    None, the default, if no cluster calls this one through a gateway.
    """

    targets: Sequence[str | LinkTarget] = ()
    """Names of the clusters that this one calls: each gets a mirror controller."""

    pod_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Annotations of all pods; a change of one restarts them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Extra values of the chart linkerd-multicluster, merged last."""

    def __post_init__(self) -> None:
        problems = [
            *_target_problems(self.targets),
            *value_problems(
                charts.MULTICLUSTER.name, MULTICLUSTER, ours=self.own_values(), extra=self.values
            ),
        ]
        if problems:
            raise ValueError("\n".join(problems))

    def own_values(self) -> dict[str, Any]:
        """Make the values of the chart linkerd-multicluster, without the extra ones."""
        installation = self.installation
        return multicluster_values(
            gateway=self.gateway,
            targets=self.targets,
            trust_domain=installation.trust_domain,
            profile=installation.profile,
            admin_port=installation.proxy.admin_port,
            registry=installation.registry,
            pod_annotations=self.pod_annotations,
        )

    @property
    def installation(self) -> LinkerdInstallation:
        """Settings of the control plane."""
        return installation_of(self.control_plane)


def _target_problems(targets: Sequence[str | LinkTarget]) -> list[str]:
    names = [target_of(target).name for target in targets]
    if len(set(names)) == len(names):
        return []
    return [
        f"targets must name each cluster once (got {', '.join(names)}). Two mirror controllers of "
        "one link would have the same name. Remove the second."
    ]
