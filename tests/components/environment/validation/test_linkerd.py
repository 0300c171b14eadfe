"""Linkerd: what is not valid of its versions and of where its images come from."""

import pytest

from linkmesh.environment import Linkerd, chain
from linkmesh.versions import LINKERD_CHART
from tests.components.environment.described import EAST, WEST, planned, problems


def test_a_version_without_mirror_controllers_is_an_error() -> None:
    [problem, *_] = problems(WEST, linkerd=Linkerd(version="2024.1.1"))

    assert "2024.1.1" in problem
    assert LINKERD_CHART in problem


def test_a_version_of_a_cluster_that_is_not_there_is_an_error() -> None:
    assert problems(WEST, linkerd=Linkerd(versions={"north": LINKERD_CHART})) == [
        "versions of Linkerd must be of clusters of the environment (got 'north'). Known: west."
    ]


def test_linked_clusters_too_many_releases_apart_are_errors() -> None:
    linkerd = Linkerd(versions={"east": "2025.4.4"})
    found = problems(WEST, EAST, links=chain("west", "east"), linkerd=linkerd)

    assert any("must be at most one release of Linkerd apart" in problem for problem in found)
    assert not any(
        "apart" in problem for problem in problems(WEST, EAST, linkerd=linkerd, admins=[])
    )


@pytest.mark.parametrize("registry", ["https://images.test", ""])
def test_a_registry_that_is_none_is_an_error(registry: str) -> None:
    assert problems(WEST, linkerd=Linkerd(registry=registry))


def test_a_registry_of_ones_own_is_taken() -> None:
    described = planned(WEST, linkerd=Linkerd(registry="images.test/linkerd"))

    assert described.environment.linkerd.registry == "images.test/linkerd"


def test_a_version_that_is_none_is_one_problem() -> None:
    assert problems(WEST, EAST, linkerd=Linkerd(version="2026.06.3")) == [
        "version of Linkerd must be that of a chart, of year, month and number, from 2025.4.4 on "
        "(got '2026.06.3'). Earlier ones have no mirror controllers to configure. Use: 2026.6.3"
    ]


@pytest.mark.parametrize("registry", ["a..test", "images.test:99999/x", "images.test:0", "a" * 64])
def test_a_registry_on_a_host_that_cannot_be_is_an_error(registry: str) -> None:
    [problem] = problems(WEST, linkerd=Linkerd(registry=registry))

    assert problem.startswith("registry must be a host")
