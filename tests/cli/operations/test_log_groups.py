"""Log groups that came back are taken over, and the up is repeated once."""

import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from linkmesh.cli.errors import RunFailedError
from linkmesh.cli.operations.log_groups import import_file, retry
from linkmesh.cli.runs.project import Project

CLUSTER = "urn:pulumi:demo.west::linkmesh::linkmesh:index:EksCluster::west"
PROVIDER = "urn:pulumi:demo.west::linkmesh::pulumi:providers:aws::west-aws"
STATE = [
    {"type": "linkmesh:index:EksCluster", "urn": CLUSTER},
    {"type": "pulumi:providers:aws", "urn": PROVIDER},
]
EXISTS = "error: ResourceAlreadyExistsException: The specified log group already exists"


class FakeProject:
    """The state of one stack, and what is imported into it."""

    def __init__(self) -> None:
        self.imported: list[tuple[str, dict[str, Any]]] = []

    def exported(self, stack: str) -> dict[str, Any]:
        """Read the state."""
        return {"deployment": {"resources": STATE}}

    def import_resources(self, stack: str, file: Path) -> None:
        """Note what is imported."""
        self.imported.append((stack, json.loads(file.read_text())))


class Attempts:
    """Fails with one cause after the other, then succeeds."""

    def __init__(self, *causes: str) -> None:
        self.causes, self.count = [*causes], 0
        self.project, self.printed = FakeProject(), io.StringIO()

    def __call__(self) -> None:
        self.count += 1
        if self.causes:
            raise RunFailedError("stack demo.west failed", {"west": self.causes.pop(0)})

    def retry(self) -> None:
        """Run it."""
        console = Console(file=self.printed, width=200)
        retry(self, cast(Project, self.project), "demo", console)


def test_a_group_that_came_back_is_imported_and_the_up_repeated() -> None:
    up = Attempts(EXISTS)

    up.retry()

    assert up.count == 2
    assert up.project.imported == [("demo.west", import_file("west", STATE))]
    assert up.printed.getvalue() == (
        "west: EKS had made the log group /aws/eks/west/cluster again; it is taken over, with its "
        "logs.\n"
    )


def test_the_group_is_imported_where_the_program_makes_it() -> None:
    assert import_file("west", STATE) == {
        "nameTable": {"cluster": CLUSTER, "aws": PROVIDER},
        "resources": [
            {
                "type": "aws:cloudwatch/logGroup:LogGroup",
                "name": "west-logs",
                "id": "/aws/eks/west/cluster",
                "parent": "cluster",
                "provider": "aws",
            }
        ],
    }


@pytest.mark.parametrize("causes", [("no quota",), (EXISTS, EXISTS)])
def test_other_failures_and_a_second_one_are_raised(causes: tuple[str, ...]) -> None:
    up = Attempts(*causes)

    with pytest.raises(RunFailedError):
        up.retry()

    assert up.count == len(causes)


def test_an_up_that_succeeds_imports_nothing() -> None:
    up = Attempts()

    up.retry()

    assert (up.count, up.project.imported) == (1, [])
