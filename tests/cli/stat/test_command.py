"""`mesh stat` as it is typed: what it prints, and its exit codes."""

import json

import pytest
from typer.testing import CliRunner

from cli.__main__ import app
from cli.runs.run import Project
from cli.stat import collect as collecting
from cli.stat.collect import ClusterStat
from cli.stat.promql import By
from cli.stat.query import Wanted


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    """Let every cluster answer, and note what was wanted; west has a problem if it is asked."""
    noted: list[Wanted] = []

    def collect(name: str, environment: object, wanted: Wanted, project: object) -> object:
        noted.append(wanted)
        problems = ["is away"] if wanted.cluster == "west" else []
        return [ClusterStat(cluster=wanted.cluster or "local", problems=problems)]

    monkeypatch.setattr(collecting, "collect", collect)
    monkeypatch.setattr(Project, "open", lambda _: None)  # needs Pulumi
    return noted


def test_well_is_zero_and_what_is_typed_is_what_is_wanted(seen: list[Wanted]) -> None:
    done = CliRunner().invoke(
        app, ["stat", "demo", "pod", "--from", "west", "--to", "east/yelb-db", "--window", "30s"]
    )

    assert (done.exit_code, done.stdout) == (0, "no calls between clusters in the last 30s\n")
    assert seen == [Wanted(by=By.POD, source="west", to="east/yelb-db", window="30s")]


def test_what_does_not_answer_is_one(seen: list[Wanted]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--cluster", "west"])

    assert done.exit_code == 1
    assert done.stdout.endswith("west: is away\n")


def test_json_is_one_document_whatever_the_exit_code(seen: list[Wanted]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--cluster", "west", "--json"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["clusters"][0]["problems"] == ["is away"]


def test_what_cannot_be_shown_is_refused_before_anything_is_asked(seen: list[Wanted]) -> None:
    done = CliRunner().invoke(app, ["stat", "demo", "--to", "east/none"])

    assert done.exit_code == 2
    assert "--to must be a service that east exports (got 'none')" in done.stderr
    assert seen == []
