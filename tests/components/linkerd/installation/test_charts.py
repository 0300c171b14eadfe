"""Where Linkerd's charts come from, and which versions are not valid."""

import pytest

from linkmesh.linkerd.installation import charts
from linkmesh.versions import LINKERD_CHARTS


def test_all_charts_have_one_version_and_another_can_be_asked_for() -> None:
    assert {chart.version for chart in charts.CHARTS} == {"2026.6.3"}
    assert charts.at(charts.VIZ, "2026.8.3").version == "2026.8.3"
    assert charts.at(charts.VIZ, "2026.8.3").name == "linkerd-viz"


@pytest.mark.parametrize("version", ["2025.4.4", "2025.10.7", "2026.6.3", "2026.10.1"])
def test_versions_since_2_18_are_taken(version: str) -> None:
    assert charts.problems(location=LINKERD_CHARTS, version=version) == []


@pytest.mark.parametrize("version", ["2025.4.3", "2024.11.8", "1.16.11", "edge-26.6.3", ""])
def test_older_versions_and_what_is_none_are_errors(version: str) -> None:
    assert charts.problems(location=LINKERD_CHARTS, version=version, registry="r.test") == [
        f"version must be that of a chart, 2025.4.4 or later (got {version!r}). Before, "
        "linkerd-multicluster runs no controllers for links. Use: '2026.6.3'"
    ]


def test_the_frozen_repository_is_an_error() -> None:
    (problem,) = charts.problems(location="https://helm.linkerd.io/stable", version="2026.6.3")

    assert problem.startswith("Linkerd's charts must not come from the frozen stable repository")


def test_a_registry_is_an_error_with_charts_whose_images_it_would_not_all_move() -> None:
    found = charts.problems(location=LINKERD_CHARTS, version="2025.10.7", registry="r.test")

    assert found == [
        "version must be of Linkerd 2.20 or later with a registry (got '2025.10.7', Linkerd 2.19). "
        "Older charts have images that would still come from elsewhere. Use: '2026.6.3'"
    ]
