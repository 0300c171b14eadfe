"""What is measured: a copy of the program, and environments that a description may be."""

from pathlib import Path

import pytest

from linkmesh.environment import Environment, Plan
from linkmesh.stacks import load
from sandbox.bench import copy_of_the_program
from sandbox.bench.program import EXISTING, demo_on_existing, described, description, large_stack
from sandbox.home import Home

DEMO = load("demo")


def loaded(text: str) -> Environment:
    """Make the environment that a description describes."""
    names: dict[str, object] = {}
    exec(text, names)
    found = names["ENVIRONMENT"]
    assert isinstance(found, Environment)
    return found


def test_a_mesh_of_twenty_clusters_is_permitted_and_has_380_links() -> None:
    environment = loaded(description("mesh", 20))

    assert len(environment.eks) == 20
    assert len(environment.links) == 380
    assert len(environment.exports) == 20


def test_a_chain_of_a_hundred_clusters_is_permitted_and_has_99_links() -> None:
    environment = loaded(description("chain", 100))

    assert len(environment.eks) == 100
    assert len(environment.links) == 99


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


def test_a_thousand_clusters_are_fifty_hubs_with_nineteen_spokes_each() -> None:
    environment = loaded(description("hubs", 1000))

    assert len(environment.eks) == 1000
    assert len(environment.links) == 50 * 19 + 49
    assert Plan.of(environment).clusters["c0"].targets == (
        "c20",
        *(f"c{index}" for index in range(1, 20)),
    )


@pytest.mark.parametrize("clusters", [1, 4097])
def test_clusters_without_a_block_of_addresses_are_refused(clusters: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="clusters must") as refused:
        described(tmp_path, "mesh", clusters)

    assert str(refused.value) == (
        f"clusters must be between 2 and 4096 (got {clusters}). Each has a block of 10.0.0.0/8, "
        "a /20. Use: 20"
    )


def test_a_large_stack_is_a_program_that_needs_no_provider(tmp_path: Path) -> None:
    large_stack(tmp_path / "large", 1000)

    program = (tmp_path / "large" / "__main__.py").read_text()
    compile(program, "large", "exec")
    assert "range(1000)" in program
    assert "pulumi_" not in program
