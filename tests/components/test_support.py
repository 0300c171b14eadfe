"""Which versions go together, and what is said of others."""

from datetime import date

import pytest

from linkmesh.support import (
    gateway_api_problems,
    is_version,
    linkerd_problems,
    linkerd_release,
    location_problems,
    skew_problems,
    support_end,
    support_problems,
)
from linkmesh.versions import EKS_RELEASES, LINKERD_CHARTS


@pytest.mark.parametrize("kubernetes", list(EKS_RELEASES))
def test_every_pinned_kubernetes_is_supported_by_the_pinned_linkerd(kubernetes: str) -> None:
    assert support_problems(kubernetes) == []


@pytest.mark.parametrize(
    ("kubernetes", "linkerd", "message"),
    [
        (
            "1.33",
            "2026.6.3",
            "kubernetes_version must be one of 1.34, 1.35 (got '1.33'). AWS' standard support of it"
            ' ended on 2026-07-29. Use: kubernetes_version="1.34"',
        ),
        (
            "1.36",
            "2026.6.3",
            "kubernetes_version must be one of 1.34, 1.35 (got '1.36'). No add-ons and node images"
            ' are known to work with it. Use: kubernetes_version="1.35"',
        ),
        (
            "1.35",
            "2025.10.7",
            "Kubernetes must be between 1.29 and 1.34 with Linkerd 2.19, chart 2025.10.7 (got 1.35)"
            ". Linkerd documents no other. Use: Kubernetes 1.34",
        ),
        (
            "1.35",
            "2025.4.4",
            "Kubernetes must be between 1.22 and 1.32 with Linkerd 2.18, chart 2025.4.4 (got 1.35)"
            ". Linkerd documents no other. Use: chart 2026.6.3",
        ),
        (
            "1.35",
            "2024.11.8",
            "Linkerd's charts must be of version 2025.4.4 or later (got '2024.11.8'). Earlier ones,"
            " and all of the frozen stable repository, have no mirror controllers to configure. "
            f"Use: 2026.6.3 from {LINKERD_CHARTS}",
        ),
    ],
)
def test_an_unsupported_pair_is_an_error_that_names_the_nearest(
    kubernetes: str, linkerd: str, message: str
) -> None:
    assert support_problems(kubernetes, linkerd) == [message]


@pytest.mark.parametrize(
    ("chart", "release"),
    [
        ("2025.4.4", "2.18"),
        ("2025.10.6", "2.18"),
        ("2025.10.7", "2.19"),
        ("2026.6.2", "2.19"),
        ("2026.6.3", "2.20"),
        ("2026.8.3", "2.20"),
    ],
)
def test_a_chart_is_of_the_release_that_came_before_it(chart: str, release: str) -> None:
    found = linkerd_release(chart)

    assert found is not None
    assert found.name == release


@pytest.mark.parametrize("chart", ["2025.4.3", "1.16.11", "30.11.11", "stable-2.14.10", ""])
def test_a_chart_that_is_too_old_for_us_is_of_none(chart: str) -> None:
    assert linkerd_release(chart) is None


def test_an_existing_cluster_is_validated_against_linkerds_documentation() -> None:
    assert linkerd_problems("1.31") == []
    assert linkerd_problems("v1.33.4+k3s1") == []
    assert linkerd_problems("1.30") == [
        "Kubernetes must be between 1.31 and 1.35 with Linkerd 2.20, chart 2026.6.3 (got 1.30). "
        "Linkerd documents no other. Use: Kubernetes 1.31"
    ]


@pytest.mark.parametrize("gateway_api", ["1.2.1", "v1.4.0", "1.5.1"])
def test_a_gateway_api_that_linkerd_documents_is_admitted(gateway_api: str) -> None:
    assert gateway_api_problems(gateway_api) == []


@pytest.mark.parametrize(("gateway_api", "nearest"), [("1.1.1", "1.2.1"), ("1.6.0", "1.5.1")])
def test_another_gateway_api_is_an_error_and_the_nearest_named(
    gateway_api: str, nearest: str
) -> None:
    assert gateway_api_problems(gateway_api) == [
        "Gateway API must be between 1.2.1 and 1.5.1 with Linkerd 2.20 (got "
        f"{gateway_api}). Its policy controller reads routes of these only. Use: {nearest}"
    ]


def test_the_end_of_support_is_a_day() -> None:
    assert support_end("1.34") == date(2026, 12, 2)
    assert support_end("1.35") == date(2027, 3, 27)


def test_the_frozen_repository_is_an_error() -> None:
    assert location_problems(LINKERD_CHARTS) == []
    assert location_problems("https://helm.linkerd.io/stable/") == [
        "Linkerd's charts must not come from the frozen stable repository (got "
        "https://helm.linkerd.io/stable/). Its newest is of February 2024 and has no mirror "
        f"controllers. Use: {LINKERD_CHARTS}"
    ]


def test_linked_clusters_are_one_release_apart_at_most() -> None:
    assert skew_problems({}) == []
    assert skew_problems({"west": "2026.6.3", "east": "2025.10.7"}) == []
    assert skew_problems({"west": "2026.6.3", "east": "2025.4.4"}) == [
        "linked clusters must be at most one release of Linkerd apart (got west 2.20, east 2.18). "
        "Their proxies call one another. Upgrade the oldest one release at a time, towards 2.20"
    ]


@pytest.mark.parametrize(
    "chart",
    ["2026.06.3", "2026.13.1", "2026.0.1", "2026.6.1000", "2026.6.3 ", "\u0662026.6.3", "2026.6"],
)
def test_what_no_chart_can_be_called_is_of_no_release(chart: str) -> None:
    assert linkerd_release(chart) is None


@pytest.mark.parametrize("version", ["9" * 5000, "1." + "9" * 5000])
def test_a_version_of_any_length_is_only_not_known(version: str) -> None:
    [problem] = support_problems(version)

    assert problem.startswith("kubernetes_version must be one of ")
    assert gateway_api_problems(version) != []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("1.4.0", True), ("1.4", False), ("01.4.0", False), ("\u0661.4.0", False), ("", False)],
)
def test_a_version_has_three_numbers(text: str, is_one: bool) -> None:
    assert is_version(text) is is_one
