"""What the programs of a project have in common, and what the settings of a stack name."""

import re
from pathlib import Path

import pytest

from linkmesh.cli.unchanged import surroundings
from linkmesh.stacks import settings

FIRST = {"LINKMESH_CHARTS": "charts", "AWS_REGION": "eu-west-1"}


def of_project(folder: Path, **changed: str) -> str:
    """Return the digest with other environment variables."""
    return surroundings.of_project(folder, "3.259.0", {**FIRST, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"LINKMESH_CHARTS": "others"},
        {"LINKMESH_CHART_VALUES": "values.yaml"},
        {"AWS_REGION": "eu-west-3"},
        {"AWS_ENDPOINT_URL": "http://localhost:4566"},
        {"PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS": "true"},
        {"KUBECONFIG": "other"},
    ],
)
def test_settings_of_the_machine_matter(tmp_path: Path, changed: dict[str, str]) -> None:
    assert of_project(tmp_path, **changed) != of_project(tmp_path)


@pytest.mark.parametrize("name", ["AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "TERM"])
def test_credentials_and_other_variables_do_not_matter(tmp_path: Path, name: str) -> None:
    assert of_project(tmp_path, **{name: "another"}) == of_project(tmp_path)


def test_another_engine_and_another_project_matter(tmp_path: Path) -> None:
    before = of_project(tmp_path)
    assert surroundings.of_project(tmp_path, "3.260.0", FIRST) != before
    (tmp_path / "Pulumi.yaml").write_text("name: shop")

    assert of_project(tmp_path) != before


def test_the_kubeconfig_of_an_existing_cluster_matters(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("clusters: [one]")
    before = of_project(tmp_path, LINKMESH_KUBECONFIG_SITE="config")
    (tmp_path / "config").write_text("clusters: [other]")

    assert of_project(tmp_path, LINKMESH_KUBECONFIG_SITE="config") != before


def test_every_variable_of_the_settings_names_files() -> None:
    """So a new one is not forgotten: a value that is no path needs no file."""
    text = Path(str(settings.__file__)).read_text()
    named = {*re.findall(r'"(LINKMESH_\w+)"', text)}

    assert named == {*settings.FILE_VARIABLES}
    assert text.count("os.environ") == text.count("os.environ.get(")


def test_charts_in_a_folder_matter(tmp_path: Path) -> None:
    chart = tmp_path / "charts" / "linkerd" / "Chart.yaml"
    chart.parent.mkdir(parents=True)
    chart.write_text("version: 1")
    before = of_project(tmp_path)
    chart.write_text("version: 2")

    assert of_project(tmp_path) != before


def test_other_folders_that_variables_name_are_not_looked_at(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    before = of_project(tmp_path, LINKMESH_SANDBOX_HOME="state")
    (state / "demo.west.json").write_text("{}")

    assert of_project(tmp_path, LINKMESH_SANDBOX_HOME="state") == before


def test_settings_of_a_stack_and_the_files_that_they_name_matter(tmp_path: Path) -> None:
    settings, charts = tmp_path / "Pulumi.demo.west.yaml", tmp_path / "charts.yaml"
    found = [surroundings.of_stack(tmp_path, "demo.west")]
    settings.write_text("config:\n  linkmesh:charts: charts.yaml\n")
    found.append(surroundings.of_stack(tmp_path, "demo.west"))
    charts.write_text("one")
    found.append(surroundings.of_stack(tmp_path, "demo.west"))
    charts.write_text("two")
    found.append(surroundings.of_stack(tmp_path, "demo.west"))

    assert None not in found
    assert len({*found}) == 4


def test_settings_that_pulumi_takes_from_elsewhere_cannot_be_compared(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.demo.west.yaml").write_text("environment:\n  - production\n")

    assert surroundings.of_stack(tmp_path, "demo.west") is None


@pytest.mark.parametrize("key", ["anchorCertificate", "anchorCertificate-2"])
def test_an_anchor_that_was_made_elsewhere_is_checked_in_each_run(tmp_path: Path, key: str) -> None:
    (tmp_path / "Pulumi.demo.trust.yaml").write_text(f"config:\n  linkmesh:{key}: PEM\n")

    assert surroundings.of_stack(tmp_path, "demo.trust") is None


def test_the_code_of_components_and_stacks_matters_and_that_of_commands_does_not() -> None:
    folders = {file.parent.name for file in surroundings._code()}

    assert {"stacks", "linkerd", "links", "plan", "outputs", "snapshot"} <= folders
    assert not folders & {"cli", "preview", "environments"}
