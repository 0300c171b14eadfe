"""
Which versions of Kubernetes, Linkerd and the Gateway API work together: rules over `versions`.

They do not use today's date: the result is the same on every day.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from .versions import (
    EKS_RELEASES,
    ENDED_SUPPORT,
    FROZEN_CHARTS,
    LINKERD_CHART,
    LINKERD_CHARTS,
    LINKERD_RELEASES,
    LinkerdRelease,
)

# How long before the end of a version's standard support `mesh plan` reports it.
ENDING = timedelta(days=60)

# A year, a month, and a number in it. Source: linkerd2, bin/compute-edge-version
_CHART_VERSION = re.compile(r"20\d\d\.([1-9]|1[0-2])\.(0|[1-9]\d{0,2})", re.ASCII)

# Three numbers. Source: https://semver.org/
_VERSION = re.compile(r"((0|[1-9]\d{0,3})\.){2}(0|[1-9]\d{0,3})", re.ASCII)


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers in a version, also in a wrong one; longer ones than any are cut."""
    return tuple(int(number) for number in re.findall(r"\d{1,9}", version))


def is_version(text: str) -> bool:
    """Return whether a text is a version of three numbers, e.g. that of a release of an API."""
    return _VERSION.fullmatch(text) is not None


def support_end(kubernetes: str) -> date:
    """Return the last day of EKS' standard support of a Kubernetes version."""
    return EKS_RELEASES[kubernetes].support_end


def linkerd_release(chart: str) -> LinkerdRelease | None:
    """Return the Linkerd release of a chart version; None if it is too old to be supported."""
    if not _CHART_VERSION.fullmatch(chart):
        return None
    known = [one for one in LINKERD_RELEASES if _numbers(one.first_chart) <= _numbers(chart)]
    return known[-1] if known else None


def support_problems(kubernetes: str, linkerd: str = LINKERD_CHART) -> list[str]:
    """List what is wrong with a Kubernetes version on EKS with a version of Linkerd's charts."""
    if kubernetes in EKS_RELEASES:
        return linkerd_problems(kubernetes, linkerd, EKS_RELEASES)
    why = "No add-ons and node images are known to work with it"
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
    List what is wrong with a Kubernetes version on any cluster with a version of Linkerd's charts.

    Args:
        offered: Kubernetes versions to propose instead; none: those that Linkerd documents.
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
    fix = f"Kubernetes {_nearest(kubernetes, admitted)}" if admitted else f"chart {LINKERD_CHART}"
    return [
        f"Kubernetes must be between {oldest} and {newest} with Linkerd {release.name}, chart "
        f"{linkerd} (got {kubernetes}). Linkerd documents no other. Use: {fix}"
    ]


def gateway_api_problems(gateway_api: str, linkerd: str = LINKERD_CHART) -> list[str]:
    """List what is wrong with a version of the Gateway API with one of Linkerd's charts."""
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
    sought = (*_numbers(version), 0, 0)[:2]

    def distance(one: str) -> tuple[int, ...]:
        return tuple(abs(a - b) for a, b in zip(_numbers(one), sought, strict=False))

    return min(among, key=distance)


def location_problems(location: str) -> list[str]:
    """List what is wrong with a location of Linkerd's charts."""
    if FROZEN_CHARTS not in location:
        return []
    return [
        f"Linkerd's charts must not come from the frozen stable repository (got {location}). Its "
        f"newest is of February 2024 and has no mirror controllers. Use: {LINKERD_CHARTS}"
    ]


def skew_problems(charts: Mapping[str, str]) -> list[str]:
    """
    List what is wrong with the versions of Linkerd on linked clusters.

    Linkerd documents that proxies may be one release behind their control plane, and nothing about
    two clusters. Their proxies meet at the gateway, so the same limit applies to links.

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
