"""
Helm charts: their locations, their values and their releases.

Each chart is one Helm release: it previews without a reachable cluster, runs the chart's hooks, and
is upgraded as its documentation says. Arguments of a release are constants, since a change of one
is a change of the release. Decision: docs/decisions/0002-helm-releases.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

# Enough to load images over a slow connection; twice the default of Helm.
TIMEOUT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart at one version."""

    name: str
    """Its name, and that of its release."""

    version: str
    """Its version."""


def merged(values: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """
    Merge two sets of Helm values, as Helm merges two values files.

    Maps are merged key by key; other values, lists included, are replaced.
    """
    result = dict(values)
    for key, value in extra.items():
        ours = result.get(key)
        if isinstance(ours, Mapping) and isinstance(value, Mapping):
            value = merged(ours, value)
        result[key] = value
    return result


def chart_reference(chart: Chart, location: str) -> dict[str, Any]:
    """
    Return the arguments of a release that locate its chart.

    Args:
        location: URL of a Helm repository, `oci://` registry, or folder of charts.
    Returns: `chart`, and `version` and `repository_opts` where they apply.
    """
    if location.startswith("oci://"):
        return {"chart": f"{location.rstrip('/')}/{chart.name}", "version": chart.version}
    if location.startswith(("https://", "http://")):
        repository = kubernetes.helm.v3.RepositoryOptsArgs(repo=location)
        return {"chart": chart.name, "version": chart.version, "repository_opts": repository}
    return {"chart": f"{location.rstrip('/')}/{chart.name}"}


def release(
    name: str,
    *,
    chart: Chart,
    namespace: pulumi.Input[str],
    location: str,
    values: Mapping[str, Any],
    provider: kubernetes.Provider,
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Resource] = (),
    skip_await: bool = False,
) -> "kubernetes.helm.v3.Release":
    """Install a chart as a Helm release of the same name."""
    return kubernetes.helm.v3.Release(
        name,
        name=chart.name,
        namespace=namespace,
        values=dict(values),
        timeout=TIMEOUT_SECONDS,
        skip_await=skip_await,
        **chart_reference(chart, location),
        opts=pulumi.ResourceOptions(parent=parent, provider=provider, depends_on=[*depends_on]),
    )
