"""Arguments of `mesh stat`, and their validation."""

import pytest

from linkmesh.cli.stat.query import Query, problems
from linkmesh.environment import Export, Kind, LinkSpec, Plan
from linkmesh.linkerd.mode import LinkMode
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
    ("query", "clusters"),
    [
        (Query(), ["local", "west", "east"]),
        (Query(cluster="west"), ["west"]),
        (Query(source="local"), ["local"]),
        (Query(to="west"), ["local", "east"]),
        (Query(to="west/api", source="local"), ["local"]),
    ],
)
def test_calls_are_queried_at_their_source(query: Query, clusters: list[str]) -> None:
    assert query.clusters(DESCRIBED) == clusters
    assert problems(query, DESCRIBED) == []


@pytest.mark.parametrize(
    ("query", "services"),
    [
        (Query(source="west"), ["db", "web"]),
        (Query(to="east/db"), ["db"]),
        (Query(to="west"), []),
    ],
)
def test_services_are_those_that_the_source_may_call(query: Query, services: list[str]) -> None:
    assert [export.service for export in query.exports(DESCRIBED, "west")] == services


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (
            Query(cluster="north"),
            "--cluster must be a cluster of the environment (got 'north'). "
            "Use one of: local, west, east",
        ),
        (
            Query(to="north/api"),
            "--to must be a cluster of the environment (got 'north'). "
            "Use one of: local, west, east",
        ),
        (
            Query(source="local", to="east"),
            "--to must be a cluster that local is linked to (got 'east'). Its sources are: west",
        ),
        (
            Query(to="local"),
            "--to must be a cluster that another one is linked to (got 'local'). "
            "Its sources are: none",
        ),
        (
            Query(to="east/api"),
            "--to must be a service that east exports (got 'api'). It exports: db, web",
        ),
        (
            Query(cluster="west", source="local"),
            "--cluster must not be combined with --from or --to. Use: --from CLUSTER",
        ),
        (
            Query(cluster_label="cluster"),
            "--cluster-label must be combined with --prometheus. Use: both, or none",
        ),
        (
            Query(prometheus="http://metrics.example"),
            "--prometheus must distinguish clusters (it is one URL for several). Else each would "
            "show the same figures. Use: {cluster} in the URL, --cluster-label NAME, or --cluster "
            "NAME",
        ),
        (
            Query(prometheus="me:hush@metrics.example", cluster="west"),
            "--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090",
        ),
        (
            Query(prometheus="http://me:hush@[::1", cluster="west"),
            "--prometheus must be a URL with a host. Use, e.g.: http://127.0.0.1:9090",
        ),
    ],
)
def test_invalid_arguments_are_problems_with_remedies(query: Query, problem: str) -> None:
    assert problems(query, DESCRIBED) == [problem]


@pytest.mark.parametrize(
    "query",
    [
        Query(prometheus="https://{cluster}.metrics.example"),
        Query(prometheus="https://metrics.example", cluster_label="cluster"),
        Query(prometheus="http://127.0.0.1:9090", cluster="west"),
        Query(prometheus="http://127.0.0.1:9090", source="local"),
    ],
)
def test_another_prometheus_is_valid_if_it_distinguishes_clusters(query: Query) -> None:
    assert problems(query, DESCRIBED) == []


def test_several_problems_are_reported_together() -> None:
    alone: Plan = planned(Kind("local"))

    assert len(problems(Query(source="north", window="1s"), alone)) == 2


@pytest.mark.parametrize(
    ("query", "option"),
    [
        (Query(window="99999999999999999999h"), "--window"),
        (Query(to="/api"), "--to"),
        (Query(to="east/"), "--to"),
        (Query(cluster=""), "--cluster"),
        (Query(source=""), "--from"),
        (Query(namespace=""), "--namespace"),
        (Query(namespace="Bad_NS"), "--namespace"),
        (Query(cluster_label=""), "--cluster-label"),
        (Query(prometheus="http://{name}", cluster="west"), "--prometheus"),
        (Query(prometheus="http://a", cluster_label="1a"), "--cluster-label"),
    ],
)
def test_a_value_that_means_nothing_is_not_ignored(query: Query, option: str) -> None:
    [problem] = problems(query, DESCRIBED)

    assert problem.startswith(f"{option} must ")
    assert "Use" in problem
