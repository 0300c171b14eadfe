"""The documentation: what it shows as code runs, and what it tells as a table is so in the code."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import app
from stacks.environment import Environment, Kind
from stacks.exposure import TABLE
from tests import engine
from tests.components.clusters import on_a_cluster
from tests.project import PROJECT

DOCS = PROJECT / "docs"
PAGES = sorted(
    [PROJECT / "README.md", *DOCS.rglob("*.md"), *(PROJECT / "sandbox" / "docs").glob("*.md")]
)
FOR_USERS = [page for page in PAGES if page.parent.name != "decisions"]
GUIDES = sorted((DOCS / "guides").glob("*.md"))
TASKS = {
    *("install", "link", "export", "split", "authorize", "rotate", "upgrade", "remove"),
    *("operate", "operate-metrics", "support"),
}
DEFAULTS = PROJECT / "tests" / "components" / "eks_cluster" / "test_defaults.py"


def blocks(page: Path, language: str) -> list[str]:
    """Find the blocks of a page that are in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


def rows(page: str) -> list[list[str]]:
    """Read the cells of the tables of a page, without their heads."""
    lines = [line for line in (DOCS / page).read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells[1:] if set(row[0]) != {"-"}]


EXAMPLES = [
    pytest.param(block, id=f"{page.relative_to(PROJECT)}-{number}")
    for page in PAGES
    for number, block in enumerate(blocks(page, "python"), start=1)
]


def test_each_task_has_a_page() -> None:
    assert {guide.stem for guide in GUIDES} == TASKS


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(example: str) -> None:
    made: dict[str, Any] = {"__name__": "example"}

    exec(compile(example, "example", "exec"), made)

    environment, deploy = made.get("ENVIRONMENT"), made.get("deploy")
    assert isinstance(environment, Environment) or callable(deploy)
    if deploy is not None:
        notes: engine.Notes = on_a_cluster(deploy, name="east")
        assert any(not noted.type.startswith("pulumi:") for noted in notes.resources)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", FOR_USERS, ids=lambda page: str(page.relative_to(PROJECT)))
def test_commands_that_are_told_exist(page: Path) -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    told = set(re.findall(r"(?:`|\$ )(?:mesh|python3? -m cli) ([a-z-]+)", page.read_text()))

    assert told <= known


def test_the_costs_of_the_demo_are_what_plan_prints() -> None:
    printed = CliRunner().invoke(app, ["plan", "demo"]).stdout
    (told,) = [block for block in blocks(DOCS / "aws.md", "text") if "control plane" in block]

    assert told.strip().splitlines() == printed.partition("costs\n")[2].strip().splitlines()


def test_each_row_of_the_defaults_has_its_test() -> None:
    numbered = re.findall(r"^def test_(\d\d)_", DEFAULTS.read_text(), re.MULTILINE)
    table = [row for row in rows("eks-defaults.md") if row[0].isdigit()]

    assert [int(row[0]) for row in table] == [int(number) for number in numbered]
    assert len(table) == 20
    assert all(row[4].startswith("yes") for row in table)


def test_the_files_of_the_defaults_are_where_the_table_says() -> None:
    cells = [row[5] for row in rows("eks-defaults.md")]
    told = [path for cell in cells for path in re.findall(r"`([\w/]+\.py)`", cell)]
    missing = [
        path
        for path in told
        if not (PROJECT / path).exists()
        and not (PROJECT / "components" / "eks_cluster" / path).exists()
    ]

    assert len(told) >= 20
    assert missing == []


def test_the_table_of_exposure_is_that_of_the_code() -> None:
    environment = Environment(clusters=[Kind("local")])
    known = [
        [
            row.name,
            row.caller,
            row.place,
            ", ".join(map(str, row.ports(environment))),
            row.door.value,
        ]
        for row in TABLE
    ]

    assert rows("exposure.md") == known
