"""JSON documents and exit codes: docs/cli.md lists every key, and the code has the same."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from linkmesh.cli import gateways
from linkmesh.cli.doctor import render as doctor
from linkmesh.cli.doctor.evaluate import Finding
from linkmesh.cli.doctor.evaluate import State as Requirement
from linkmesh.cli.fleet import matrix
from linkmesh.cli.stat import render as stat
from linkmesh.cli.stat.collect import ClusterStat
from linkmesh.cli.stat.figures import Figures
from linkmesh.cli.stat.promql import By
from linkmesh.cli.stat.query import Query
from linkmesh.cli.stat.rows import Row
from linkmesh.cli.status import render as status
from linkmesh.cli.status.evaluate import Report, State, evaluate
from tests.cli.status import observed
from tests.project import PROJECT

PAGE = (PROJECT / "docs" / "cli.md").read_text()


def report() -> Report:
    """Evaluate an environment with a fault of its link."""
    faulty = observed.on(
        observed.healthy(), "east", lambda one: replace(one, anchors=frozenset({"another"}))
    )
    return evaluate("demo", observed.described(), faulty)


def stat_document(query: Query, row: Row) -> dict[str, Any]:
    """Render one row."""
    return stat.document("demo", [ClusterStat(cluster="west", rows=[row])], query)


RECEIVED = Row(namespace="shop", name="api", figures=Figures(success=1.0), meshed=(1, 1))
SENT = replace(RECEIVED, target="east", service="db.shop")
FOUND = Finding(subject="pulumi", state=Requirement.OK, observed="3.272.0")

DOCUMENTS: list[tuple[str, Mapping[str, Any]]] = [
    ("status", status.document(report())),
    (
        "gateways",
        gateways.document("demo", gateways.rows(observed.described(), observed.healthy())),
    ),
    ("stat", stat_document(Query(), RECEIVED)),
    ("stat", stat_document(Query(by=By.POD), RECEIVED)),
    ("stat", stat_document(Query(source="west"), SENT)),
    ("doctor", doctor.document(["demo"], [FOUND])),
    ("matrix", matrix.document("demo", observed.described())),
]


def keys(value: Any, path: str = "") -> Iterator[str]:
    """List the paths of all keys; `[]` is each item of a list."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from keys(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for each in value:
            yield from keys(each, f"{path}[]")
    else:
        yield path


def section(command: str) -> str:
    """Read the section of a command."""
    found = re.split(rf"^## `mesh {command}(?: --json)?`\n", PAGE, flags=re.MULTILINE)
    return found[1].partition("\n## ")[0]


@pytest.mark.parametrize(("command", "document"), DOCUMENTS)
def test_the_page_lists_the_keys_of_each_document(
    command: str, document: Mapping[str, Any]
) -> None:
    listed = re.findall(r"^\| `([\w.\[\]]+)` \|", section(command), re.MULTILINE)

    assert sorted(set(keys(document))) == sorted(listed)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize(("command", "document"), DOCUMENTS)
def test_each_document_starts_with_its_schema(command: str, document: Mapping[str, Any]) -> None:
    assert next(iter(document.items())) == ("schema", 1)


@pytest.mark.parametrize(
    ("command", "values"), [("status", State), ("doctor", Requirement), ("stat", By)]
)
def test_the_page_lists_the_values_of_enumerations(command: str, values: Any) -> None:
    assert [value.value for value in values if f"`{value.value}`" not in section(command)] == []


def test_the_page_lists_the_exit_codes() -> None:
    table = PAGE.partition("## Exit codes\n")[2].partition("\n## ")[0]

    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == ["0", "1", "2", "130"]
