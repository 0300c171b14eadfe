"""
Which versions go together, and why others do not: the rules over the tables of versions; pure.

Nothing asks for today's date: the same description is admitted or refused alike on every day.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from .versions import (
    EKS_RELEASES,
    ENDED_SUPPORT,
    FROZEN_CHARTS,
    LINKERD_CHART,
    LINKERD_CHARTS,
    LINKERD_RELEASES,
    LinkerdRelease,
)

_CHART_VERSION = re.compile(r"20\d\d\.\d+\.\d+")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def support_end(kubernetes: str) -> date:
    """Tell the last day of EKS' standard support of a Kubernetes version that we support."""
    return EKS_RELEASES[kubernetes].support_end


def linkerd_release(chart: str) -> LinkerdRelease | None:
    """Find the Linkerd release that a chart version is of; None for one too old for us."""
    if not _CHART_VERSION.fullmatch(chart):
        return None
    known = [one for one in LINKERD_RELEASES if _numbers(one.first_chart) <= _numbers(chart)]
    return known[-1] if known else None


def support_problems(kubernetes: str, linkerd: str = LINKERD_CHART) -> list[str]:
    """List why a Kubernetes version on EKS and a version of Linkerd's charts do not go together."""
    if kubernetes in EKS_RELEASES:
        return linkerd_problems(kubernetes, linkerd, EKS_RELEASES)
    why = "We have no add-ons and node images that were seen to run with it"
    if kubernetes in ENDED_SUPPORT:
        why = f"AWS' standard support of it ended on {ENDED_SUPPORT[kubernetes]}"
    return [
        f"kubernetes_version must be one of {', '.join(EKS_RELEASES)} (got {kubernetes!r}). {why}. "
        f'Use: kubernetes_version="{_nearest(kubernetes, EKS_RELEASES)}"'
    ]


def linkerd_problems(
    kubernetes: str,
    linkerd: str = LINKERD_CHART,
    offered: Sequence[str] | Mapping[str, object] = (),
) -> list[str]:
    """
    List why a Kubernetes version, wherever it runs, and Linkerd's charts do not go together.

    Args:
        offered: Kubernetes versions that can be named instead; none means whatever Linkerd says.
    """
    release = linkerd_release(linkerd)
    if release is None:
        return [
            f"Linkerd's charts must be of version {LINKERD_RELEASES[0].first_chart} or later (got "
            f"{linkerd!r}). Earlier ones, and all of the frozen stable repository, have no mirror "
            f"controllers to configure. Use: {LINKERD_CHART} from {LINKERD_CHARTS}"
        ]
    oldest, newest = release.kubernetes
    if _numbers(oldest) <= _numbers(kubernetes)[:2] <= _numbers(newest):
        return []
    admitted = [
        one
        for one in offered or (oldest, newest)
        if _numbers(oldest) <= _numbers(one) <= _numbers(newest)
    ]
    way_out = (
        f"Kubernetes {_nearest(kubernetes, admitted)}" if admitted else f"chart {LINKERD_CHART}"
    )
    return [
        f"Kubernetes must be between {oldest} and {newest} with Linkerd {release.name}, chart "
        f"{linkerd} (got {kubernetes}). Linkerd documents no other. Use: {way_out}"
    ]


def gateway_api_problems(gateway_api: str, linkerd: str = LINKERD_CHART) -> list[str]:
    """List why a Gateway API and a version of Linkerd's charts do not go together."""
    release = linkerd_release(linkerd)
    if release is None:
        return []
    oldest, newest = release.gateway_api
    if _numbers(oldest) <= _numbers(gateway_api)[:3] <= _numbers(newest):
        return []
    nearest = oldest if _numbers(gateway_api) < _numbers(oldest) else newest
    return [
        f"Gateway API must be between {oldest} and {newest} with Linkerd {release.name} (got "
        f"{gateway_api}). Its policy controller reads routes of these only. Use: {nearest}"
    ]


def _nearest(version: str, among: Sequence[str] | Mapping[str, object]) -> str:
    wanted = (*_numbers(version), 0, 0)[:2]

    def distance(one: str) -> tuple[int, ...]:
        return tuple(abs(a - b) for a, b in zip(_numbers(one), wanted, strict=False))

    return min(among, key=distance)


def location_problems(location: str) -> list[str]:
    """List why Linkerd's charts must not be taken from a place."""
    if FROZEN_CHARTS not in location:
        return []
    return [
        f"Linkerd's charts must not come from the frozen stable repository (got {location}). Its "
        f"newest is of February 2024 and has no mirror controllers. Use: {LINKERD_CHARTS}"
    ]


def skew_problems(charts: Mapping[str, str]) -> list[str]:
    """
    List why linked clusters' versions of Linkerd are too far apart.

    Linkerd documents that proxies may be one release behind their control plane, and nothing about
    two clusters. Their proxies meet at the gateway, so we hold links to the same one release.

    Args:
        charts: chart version by cluster, of clusters that are linked.
    """
    places = {
        cluster: LINKERD_RELEASES.index(release)
        for cluster, chart in charts.items()
        if (release := linkerd_release(chart)) is not None
    }
    if not places or max(places.values()) - min(places.values()) <= 1:
        return []
    got = ", ".join(
        f"{cluster} {LINKERD_RELEASES[place].name}" for cluster, place in places.items()
    )
    newest = LINKERD_RELEASES[max(places.values())].name
    return [
        f"linked clusters must be at most one release of Linkerd apart (got {got}). Their proxies "
        f"call one another. Upgrade the oldest one release at a time, towards {newest}"
    ]
