"""The documentation: its code runs, its tables are those of the code, and its names exist."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import linkmesh
from linkmesh import environment as described
from linkmesh.cli.__main__ import app
from linkmesh.cli.plan.render import text as plan_text
from linkmesh.cli.rotation.plan import text as rotation_text
from linkmesh.environment import Environment, Plan
from linkmesh.environment.exposure import TABLE
from linkmesh.linkerd.identity.trust_rotation import TrustState
from linkmesh.linkerd.ports import ADMIN_PORT
from linkmesh.stacks import load
from linkmesh.stacks.rotation import Rotated, Rotation
from tests import engine
from tests.components.clusters import on_a_cluster
from tests.pages import DOCS, FOR_USERS, GUIDES, PAGES, blocks, relative
from tests.project import PROJECT

EXAMPLE = PROJECT / "examples" / "other-program"
NAMED = [*FOR_USERS, EXAMPLE / "__main__.py"]
TASKS = {
    *("install", "link", "export", "split", "authorize", "rotate", "upgrade", "remove"),
    *("operate", "operate-metrics", "support", "fleet", "mesh-in-a-program", "project", "view"),
    "languages",
}
DEFAULTS = PROJECT / "tests" / "components" / "eks_cluster" / "test_defaults.py"


def rows(page: str) -> list[list[str]]:
    """Read the cells of the tables of a page, without their heads."""
    lines = [line for line in (DOCS / page).read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells[1:] if set(row[0]) != {"-"}]


EXAMPLES = [
    pytest.param(block, id=f"{relative(page)}-{number}")
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
    if environment is not None:
        assert plan_text("example", Plan.of(environment))  # what `mesh plan` prints
    if deploy is not None:
        notes: engine.Notes = on_a_cluster(deploy, name="east")
        assert any(not noted.type.startswith("pulumi:") for noted in notes.resources)


def public_names(text: str) -> set[str]:
    """Find the names of the library that a text uses: `linkmesh.X`, `from linkmesh import X`."""
    used = set(re.findall(r"\blinkmesh\.([A-Z]\w*|[a-z]+_\w+)", text))
    for plain, bracketed in re.findall(r"from linkmesh import (?:([^(\n]+)|\(([^)]+)\))", text):
        used |= {name.strip() for name in (plain or bracketed).split(",") if name.strip()}
    return used


@pytest.mark.parametrize("page", NAMED, ids=relative)
def test_names_of_the_library_exist(page: Path) -> None:
    assert public_names(page.read_text()) <= set(linkmesh.__all__)


@pytest.mark.parametrize("page", NAMED, ids=relative)
def test_classes_in_code_font_exist(page: Path) -> None:
    """A class with arguments, in prose or code, is one of the library or of descriptions."""
    written = set(re.findall(r"`([A-Z][a-z]\w*[a-z])(?:\(|\.[A-Z_]+`)", page.read_text()))

    assert written <= {*linkmesh.__all__, *described.__all__}


def test_guides_import_the_library_by_its_name() -> None:
    imports = [
        page.name
        for page in [*GUIDES, EXAMPLE / "__main__.py"]
        if re.search(r"^(from|import) (components|stacks)\b", page.read_text(), re.MULTILINE)
    ]

    assert imports == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_rooms_and_files_that_a_map_names_exist(page: str) -> None:
    rooms = "components|stacks|cli|sandbox|policies|sdks|tests|docs|examples"
    named = set(re.findall(rf"`((?:{rooms})/[\w./-]*)`", (PROJECT / page).read_text()))

    assert len(named) > 10
    assert [path for path in sorted(named) if not (PROJECT / path).exists()] == []


def test_the_costs_of_the_demo_are_what_plan_prints() -> None:
    printed = CliRunner().invoke(app, ["plan", "demo"]).stdout
    (written,) = [block for block in blocks(DOCS / "aws.md", "text") if "control plane" in block]

    assert written.strip().splitlines() == printed.partition("costs\n")[2].strip().splitlines()


def test_the_whole_file_in_the_readme_is_that_of_demo() -> None:
    file = PROJECT / "stacks" / "environments" / "demo.py"

    assert blocks(PROJECT / "README.md", "python")[0] == file.read_text()


def test_the_waves_that_a_guide_shows_are_what_matrix_prints() -> None:
    printed = CliRunner().invoke(app, ["matrix", "prod"]).stdout

    assert f"$ mesh matrix prod\n{printed}" in blocks(DOCS / "guides" / "fleet.md", "console")


def test_the_rotation_that_a_guide_shows_is_what_rotate_prints() -> None:
    begun = Rotation(what=Rotated.TOKENS, trust=TrustState(), tokens={}, step=1)
    printed = rotation_text("demo", load("demo"), begun, begun=False)

    (written,) = blocks(DOCS / "guides" / "rotate.md", "text")
    assert written.strip() == printed


def test_each_row_of_the_defaults_has_its_test() -> None:
    numbered = re.findall(r"^def test_(\d\d)_", DEFAULTS.read_text(), re.MULTILINE)
    table = [row for row in rows("eks-defaults.md") if row[0].isdigit()]

    assert [int(row[0]) for row in table] == [int(number) for number in numbered]
    assert len(table) == 20
    assert all(row[4].startswith("yes") for row in table)


def test_the_files_in_the_table_of_defaults_exist() -> None:
    cells = [row[5] for row in rows("eks-defaults.md")]
    named = [path for cell in cells for path in re.findall(r"`([\w/]+\.py)`", cell)]
    missing = [
        path
        for path in named
        if not (PROJECT / path).exists()
        and not (PROJECT / "components" / "eks_cluster" / path).exists()
    ]

    assert len(named) >= 20
    assert missing == []


def test_the_table_of_exposure_is_that_of_the_code() -> None:
    known = [
        [
            row.name,
            row.caller,
            row.place,
            ", ".join(map(str, row.ports_with(ADMIN_PORT))),
            row.enforced_by.value,
        ]
        for row in TABLE
    ]

    assert rows("exposure.md") == known
