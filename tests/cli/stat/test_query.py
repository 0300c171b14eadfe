"""What a person wants to see, and why it cannot be shown."""

import pytest

from cli.stat.query import Wanted, problems
from components.environment import Export, Kind, LinkSpec, Plan
from components.linkerd.mode import LinkMode
from tests.components.environment.described import EAST, WEST, planned

DESCRIBED = planned(
    Kind("local"),
    WEST,
    EAST,
    links=[LinkSpec("local", "west"), LinkSpec("east", "west"), LinkSpec("west", "east")],
    exports=[
        Export("api", namespace="shop", of="west", to=["local"]),
        Export("db", namespace="shop", of="east", mode=LinkMode.FLAT),
        Export("web", namespace="shop", of="east"),
    ],
)


@pytest.mark.parametrize(
    ("wanted", "clusters"),
    [
        (Wanted(), ["local", "west", "east"]),
        (Wanted(cluster="west"), ["west"]),
        (Wanted(source="local"), ["local"]),
        (Wanted(to="west"), ["local", "east"]),
        (Wanted(to="west/api", source="local"), ["local"]),
    ],
)
def test_calls_are_looked_for_where_they_start(wanted: Wanted, clusters: list[str]) -> None:
    assert wanted.clusters(DESCRIBED) == clusters
    assert problems(wanted, DESCRIBED) == []


@pytest.mark.parametrize(
    ("wanted", "services"),
    [
        (Wanted(source="west"), ["db", "web"]),
        (Wanted(to="east/db"), ["db"]),
        (Wanted(to="west"), []),
    ],
)
def test_services_are_those_that_the_source_may_call(wanted: Wanted, services: list[str]) -> None:
    assert [export.service for export in wanted.exports(DESCRIBED, "west")] == services


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (
            Wanted(cluster="north"),
            "--cluster must be a cluster of the environment (got 'north'). "
            "Use one of: local, west, east",
        ),
        (
            Wanted(to="north/api"),
            "--to must be a cluster of the environment (got 'north'). "
            "Use one of: local, west, east",
        ),
        (
            Wanted(source="local", to="east"),
            "--to must be a cluster that local is linked to (got 'east'). Its sources are: west",
        ),
        (
            Wanted(to="local"),
            "--to must be a cluster that another one is linked to (got 'local'). "
            "Its sources are: none",
        ),
        (
            Wanted(to="east/api"),
            "--to must be a service that east exports (got 'api'). It exports: db, web",
        ),
        (
            Wanted(cluster="west", source="local"),
            "--cluster must not be said together with --from or --to. Use --from alone.",
        ),
        (Wanted(cluster_label="cluster"), "--cluster-label must go with --prometheus."),
        (
            Wanted(prometheus="http://metrics.example"),
            "--prometheus must tell clusters apart (it is one URL for several). Else each would "
            "show the same figures. Use: {cluster} in the URL, --cluster-label NAME, or --cluster "
            "NAME",
        ),
        (
            Wanted(prometheus="me:hush@metrics.example", cluster="west"),
            "--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090",
        ),
        (
            Wanted(prometheus="http://me:hush@[::1", cluster="west"),
            "--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(wanted: Wanted, problem: str) -> None:
    assert problems(wanted, DESCRIBED) == [problem]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(prometheus="https://{cluster}.metrics.example"),
        Wanted(prometheus="https://metrics.example", cluster_label="cluster"),
        Wanted(prometheus="http://127.0.0.1:9090", cluster="west"),
        Wanted(prometheus="http://127.0.0.1:9090", source="local"),
    ],
)
def test_a_prometheus_of_ones_own_is_well_if_it_tells_clusters_apart(wanted: Wanted) -> None:
    assert problems(wanted, DESCRIBED) == []


def test_several_problems_are_told_together() -> None:
    alone: Plan = planned(Kind("local"))

    assert len(problems(Wanted(source="north", window="1s"), alone)) == 2
