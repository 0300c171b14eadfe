"""The files of a new project: valid descriptions, and what Pulumi and CI need beside them."""

from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml

from linkmesh.cli.new.project import (
    PROJECT_NAME_LENGTH,
    Template,
    files,
    project_name,
    pulumi_yaml,
)
from linkmesh.environment import Environment, Plan
from tests.project import PROJECT

EVERY = pytest.mark.parametrize("template", Template)


def made(template: Template, name: str = "demo") -> dict[str, str]:
    """Write a project."""
    found = files("shop", name, template, "linkmesh==0.1.0\n")
    return {str(path): text for path, text in found.items()}


def described(template: Template) -> Plan:
    """Run the description of a project."""
    run: dict[str, Any] = {}
    exec(made(template)["environments/demo.py"], run)
    environment = run["ENVIRONMENT"]
    assert isinstance(environment, Environment)
    return Plan.of(environment)


@EVERY
def test_a_template_is_a_valid_description_with_a_cluster_west(template: Template) -> None:
    plan = described(template)

    assert "west" in plan.clusters
    assert plan.links
    assert plan.exports


@EVERY
def test_a_project_has_what_its_clusters_need(template: Template) -> None:
    kinds = {type(cluster).__name__ for cluster in described(template).environment.clusters}
    paths = made(template)

    assert template.has_eks == ("Eks" in kinds)
    assert template.has_kind == ("Kind" in kinds)
    assert ("sdks/kind/pyproject.toml" in paths) == template.has_kind


@EVERY
def test_every_project_has_these_files(template: Template) -> None:
    written = {path for path in made(template, "shop") if not path.startswith("sdks/")}

    assert written == {
        ".github/workflows/preview.yml",
        ".gitignore",
        "Pulumi.yaml",
        "README.md",
        "__main__.py",
        "environments/shop.py",
        "requirements.txt",
    }
    assert all(not PurePosixPath(path).is_absolute() for path in written)


def test_the_program_is_two_lines() -> None:
    lines = [line for line in made(Template.CHAIN)["__main__.py"].splitlines() if line]

    assert lines == ["from linkmesh.stacks import deploy", "deploy()"]


def test_pulumi_runs_it_in_its_virtual_environment() -> None:
    assert yaml.safe_load(pulumi_yaml("shop", has_kind=False)) == {
        "name": "shop",
        "description": "Kubernetes clusters linked by Linkerd",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
    }


def test_the_package_of_kind_is_that_of_this_repository() -> None:
    here = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())

    assert yaml.safe_load(pulumi_yaml("shop", has_kind=True))["packages"] == here["packages"]


def test_the_sdk_of_kind_is_complete() -> None:
    folder = PROJECT / "sdks" / "kind"
    sources = {
        f"sdks/kind/{path.relative_to(folder)}": path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith(".")
        and not {"__pycache__", "build"} & {*path.parts}
        and ".egg-info" not in str(path)
    }

    written = made(Template.KIND)
    assert {path: text for path, text in written.items() if path.startswith("sdks/")} == sources


def test_the_readme_is_of_ten_lines_with_the_commands_of_the_environment() -> None:
    text = made(Template.CHAIN, "prod")["README.md"]

    assert len([line for line in text.splitlines() if line]) <= 10
    for command in ("mesh doctor prod", "mesh plan prod", "mesh up prod", "--stack prod.west"):
        assert command in text


def test_the_workflow_previews_the_environment_as_the_one_of_this_repository_does() -> None:
    ours = yaml.safe_load((PROJECT / ".github" / "workflows" / "preview.yml").read_text())
    text = made(Template.CHAIN, "prod")[".github/workflows/preview.yml"]
    theirs = yaml.safe_load(text)
    # YAML 1.1 reads the key `on` as a truth value.
    paths = theirs[True]["pull_request"]["paths"]
    policies = [step for step in ours["jobs"]["preview"]["steps"] if "policies" in str(step)]

    assert theirs["jobs"]["comment"] == ours["jobs"]["comment"]
    assert theirs["jobs"]["preview"]["strategy"]["matrix"] == {"environment": ["prod"]}
    assert theirs["jobs"]["preview"]["steps"] == [
        step for step in ours["jobs"]["preview"]["steps"] if step not in policies
    ]
    assert {"__main__.py", "Pulumi.*yaml", "environments/**", "requirements.txt"} <= {*paths}
    assert theirs["permissions"] == {}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("shop", "shop"),
        ("my shop", "my-shop"),
        ("b\u00fcro", "b-ro"),
        ("...", "..."),
        ("\u5e97", "mesh"),
        ("x" * 200, "x" * PROJECT_NAME_LENGTH),
    ],
)
def test_a_project_is_named_as_its_folder_if_pulumi_accepts_that(folder: str, name: str) -> None:
    assert project_name(folder) == name
