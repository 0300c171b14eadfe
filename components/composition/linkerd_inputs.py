"""What Linkerd on one cluster needs besides the plan, and how its problems are reported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pulumi

from ..environment import ClusterPlan
from ..linkerd.identity.authorities import Issuer
from ..linkerd.identity.cert_manager import CertManagerIssuer
from ..linkerd.identity.trust_rotation import TrustState
from ..linkerd.installation.gateway_args import GatewayArgs
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

    issuer: Issuer | CertManagerIssuer | None
    """The cluster's identity issuer; None if something else installed Linkerd, which has one."""

    resolve: Resolve
    """Returns the addresses of the clusters that call this one."""

    charts: ChartSources
    """Where charts are, and extra values of them."""

    token_generations: Sequence[int]
    """Numbers of the valid tokens of those who call this cluster."""

    gateway: GatewayArgs | None = None
    """How the gateway is reached, if there is one; None: as planned."""


@contextmanager
def reporting_values() -> Iterator[None]:
    """Tell problems of arguments, above all of extra values, from others."""
    try:
        yield
    except ValueError as error:
        raise InstallationError(f"Linkerd cannot be installed like this:\n{error}") from None


def pod_annotations(
    planned: ClusterPlan, inputs: LinkerdInputs, annotations: Callable[..., Mapping[str, str]]
) -> dict[str, pulumi.Input[str]]:
    """Make annotations of a cluster's pods, which roll them when trust or version change."""
    version = planned.linkerd_version
    made = pulumi.Output.from_input(inputs.trust_state).apply(
        lambda state: annotations(version=version, trust=state)
    )
    return {key: made[key] for key in annotations(version=version)}
