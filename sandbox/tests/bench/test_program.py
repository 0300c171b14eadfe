"""What is measured: a copy of the program, and environments that a description may be."""

from pathlib import Path

import pytest

from linkmesh.environment import Environment, Plan
from linkmesh.stacks import load
from sandbox.bench import copy_of_the_program
from sandbox.bench.program import EXISTING, demo_on_existing, described, description
from sandbox.home import Home

DEMO = load("demo")


def loaded(text: str) -> Environment:
    """Make the environment that a description describes."""
    names: dict[str, object] = {}
    exec(text, names)
    found = names["ENVIRONMENT"]
    assert isinstance(found, Environment)
    return found


@pytest.mark.parametrize(
    ("topology", "clusters", "links"),
    [("mesh", 20, 380), ("chain", 100, 99), ("hubs", 1000, 50 * 19 + 49)],
)
def test_an_environment_that_is_measured_is_permitted(
    topology: str, clusters: int, links: int
) -> None:
    environment = loaded(description(topology, clusters))

    assert (len(environment.eks), len(environment.links)) == (clusters, links)


def test_nothing_is_written_into_the_project(tmp_path: Path) -> None:
    project = copy_of_the_program(Home(tmp_path))

    name = described(project, "mesh", 5)

    assert name == "mesh5"
    assert (tmp_path / "project" / "stacks" / "environments" / "mesh5.py").is_file()
    assert not (Path(__file__).parents[3] / "stacks" / "environments" / "mesh5.py").exists()


def test_demo_on_clusters_that_exist_has_the_links_and_exports_of_demo(tmp_path: Path) -> None:
    project = copy_of_the_program(Home(tmp_path))

    name = demo_on_existing(project, 2, more="carts")

    file = project / "stacks" / "environments" / f"{name}.py"
    environment = loaded(file.read_text())
    assert name == "existing2"
    assert tuple(environment.names) == EXISTING
    assert tuple(environment.links) == tuple(DEMO.environment.links)
    assert [each.service for each in environment.exports] == [
        *(each.service for each in DEMO.environment.exports),
        "carts",
    ]
    assert tuple(Plan.of(environment).existing) == EXISTING
