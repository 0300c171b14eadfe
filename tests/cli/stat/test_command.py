"""Arguments, output and exit codes of `mesh stat`."""

import json

import pytest
from typer.testing import CliRunner

from linkmesh.cli.__main__ import app
from linkmesh.cli.runs.project import Project
from linkmesh.cli.stat import collect as collecting
from linkmesh.cli.stat.collect import ClusterStat
from linkmesh.cli.stat.promql import By
from linkmesh.cli.stat.query import Query


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """Record queries; all clusters answer, but west has a problem."""
    recorded: list[Query] = []

    def collect(name: str, plan: object, query: Query, project: object) -> object:
        recorded.append(query)
        problems = ["is away"] if query.cluster == "west" else []
        return [ClusterStat(cluster=query.cluster or "local", problems=problems)]

    monkeypatch.setattr(collecting, "collect", collect)
    monkeypatch.setattr(Project, "open", lambda _: None)  # needs Pulumi
    return recorded


def test_answers_exit_with_0_and_arguments_become_the_query(queries: list[Query]) -> None:
    done = CliRunner().invoke(
        app, ["stat", "demo", "pod", "--from", "west", "--to", "east/yelb-db", "--window", "30s"]
    )

    assert (done.exit_code, done.stdout) == (0, "no calls between clusters in the last 30s\n")
    assert queries == [Query(by=By.POD, source="west", to="east/yelb-db", window="30s")]


def test_a_cluster_that_does_not_answer_exits_with_1(queries: list[Query]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--cluster", "west"])

    assert done.exit_code == 1
    assert done.stdout.endswith("west: is away\n")


def test_json_is_one_document_whatever_the_exit_code(queries: list[Query]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--cluster", "west", "--json"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["clusters"][0]["problems"] == ["is away"]


def test_invalid_arguments_are_an_error_before_any_query(queries: list[Query]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--to", "east/none"])

    assert done.exit_code == 2
    assert "--to must be a service that east exports (got 'none')" in done.stderr
    assert queries == []
