"""
Helm charts: where each is found, how values are merged, and how one is installed.

Each chart is one Helm release: it previews without a reachable cluster, runs the chart's hooks, and
is upgraded as its makers document. Every argument of a release is constant, since each change of
one shows as a change of the release. Decision: docs/decisions/0002-helm-releases.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

# Long enough for images over a slow line; Helm's own default is half of it.
TIMEOUT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart at the version that is pinned."""

    name: str
    """Its name, which its release gets too."""

    version: str
    """Its version."""


def merged(values: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """
    Lay extra Helm values over ours, as Helm does with a second values file.

    Maps are merged key by key; anything else, lists included, is replaced.
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
    Say where Helm finds a chart.

    Args:
        location: URL of a Helm repository, `oci://` registry, or a folder with one chart a folder.
    Returns: the arguments `chart`, `version` and `repository_opts` of a release, those that apply.
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
) -> kubernetes.helm.v3.Release:
    """Install a chart; the Helm release is named as the chart is."""
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
