"""Arguments of `Mesh`: the description of an environment, and what stacks read from settings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import pulumi

from ..arguments import checked
from ..environment import DescriptionError, Environment, Existing, Plan
from ..linkerd.identity.external_certificates import ExternalTrustAnchor
from ..versions import LINKERD_CHARTS, LOAD_BALANCER_CONTROLLER_CHARTS
from .charts import ChartSources, values_problems
from .member import Member
from .outputs import MeshCluster

Workloads = Callable[[Mapping[str, MeshCluster]], Sequence[pulumi.Resource]]
"""Makes resources on the clusters of a mesh, by their names, and returns them."""


@checked
@dataclass(frozen=True, kw_only=True)
class MeshArgs(Environment):
    """
    Arguments of `Mesh`: all that the description of an environment says, and a few more.

    Clusters that are not made here are `Member`s. All problems are reported together, as one
    `DescriptionError`.
    """

    workloads: Workloads | None = None
    """
    Makes the program's own resources on the clusters, and returns them.

    Exports, routes and aliases wait for them: the Service of an export must be there first. Give
    each resource the `opts` of its `MeshCluster`. None if something else has made the Services.
    """

    trust_anchors: Mapping[int, ExternalTrustAnchor] = field(default_factory=dict)
    """
    Trust anchors from elsewhere, by their generation in `trust`, e.g. `{1: anchor}`.

    The others are made here. With cert-manager, which signs, all are from elsewhere.
    """

    charts: str | None = None
    """Location of Linkerd's charts: URL, `oci://` registry or folder; None: Linkerd's own."""

    aws_charts: str | None = None
    """Location of the chart of the AWS Load Balancer Controller: likewise; None: AWS' own."""

    chart_values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Extra Helm values of Linkerd's charts, by the chart's name; merged last."""

    def __post_init__(self) -> None:
        found = [*self._problems()]
        try:
            assert self.plan
        except DescriptionError as error:
            found = [*error.problems, *found]
        if found:
            raise DescriptionError(found)

    @cached_property
    def environment(self) -> Environment:
        """The description alone: plain values, as stacks have them."""
        clusters = [one.described if isinstance(one, Member) else one for one in self.clusters]
        given = {each.name: getattr(self, each.name) for each in fields(Environment)}
        return Environment(**{**given, "clusters": clusters})

    @cached_property
    def plan(self) -> Plan:
        """Everything that follows from the description."""
        return Plan.of(self.environment)

    @property
    def members(self) -> dict[str, Member]:
        """The clusters that the program brings, by name."""
        return {one.name: one for one in self.clusters if isinstance(one, Member)}

    @property
    def sources(self) -> ChartSources:
        """Where charts are, and extra values of them."""
        return ChartSources(
            charts=self.charts or LINKERD_CHARTS,
            aws_charts=self.aws_charts or LOAD_BALANCER_CONTROLLER_CHARTS,
            chart_values=self.chart_values,
        )

    def _problems(self) -> Iterator[str]:
        for cluster in self.clusters:
            if type(cluster) is Existing:
                yield (
                    f"cluster {cluster.name!r} must be a Member (got an Existing). A mesh reads no "
                    f'settings, so the program gives the kubeconfig. Use: Member("{cluster.name}", '
                    "kubeconfig=...)"
                )
        yield from values_problems(self.chart_values, "chart_values")
        yield from self._anchor_problems()

    def _anchor_problems(self) -> Iterator[str]:
        needed, given = {*self.trust.anchors}, {*self.trust_anchors}
        if unknown := sorted(given - needed):
            yield (
                f"trust_anchors must be of generations of the trust (got {unknown[0]}, and "
                f"anchors {sorted(needed)}). No cluster would trust it. Use: "
                f"trust=TrustState(anchors=({unknown[0]},), signing={unknown[0]})"
            )
        if self.linkerd.cert_manager and needed - given:
            yield (
                "trust_anchors must be given with cert_manager (got no anchor "
                f"{min(needed - given)}). It is the one above cert-manager's authority. Use: "
                "trust_anchors={1: ExternalTrustAnchor(certificate_pem=...)}"
            )
        signing = self.trust_anchors.get(self.trust.signing)
        if signing and not self.linkerd.cert_manager and signing.private_key_pem == "":
            yield (
                f"trust anchor {self.trust.signing} must have a private_key_pem (got none). It "
                "signs the issuers. Use: ExternalTrustAnchor(certificate_pem=..., "
                "private_key_pem=...)"
            )
