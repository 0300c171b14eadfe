"""What may be set from outside, where from, and what is not valid."""

from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

from linkmesh.stacks import settings
from linkmesh.versions import LINKERD_CHARTS

CHARTS = "linkerd-crds, linkerd2-cni, linkerd-control-plane, linkerd-multicluster, linkerd-viz"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("LINKMESH_CHARTS", raising=False)
    monkeypatch.delenv("LINKMESH_CHART_VALUES", raising=False)
    monkeypatch.delenv("LINKMESH_AWS_CHARTS", raising=False)
    pulumi.runtime.set_all_config({})
    yield
    pulumi.runtime.set_all_config({})


def test_charts_come_from_linkerd_without_extra_values_if_nothing_is_set() -> None:
    found = settings.read()

    assert found.charts == LINKERD_CHARTS
    assert found.values("linkerd-viz") == {}


def test_a_variable_sets_the_location_of_charts_for_all_stacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINKMESH_CHARTS", "oci://charts.test/linkerd")

    assert settings.read().charts == "oci://charts.test/linkerd"


def test_a_stacks_own_setting_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKMESH_CHARTS", "oci://charts.test/linkerd")
    pulumi.runtime.set_config("linkmesh:charts", "/srv/charts")

    assert settings.read().charts == "/srv/charts"


def test_the_load_balancer_controllers_chart_has_a_place_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = settings.read().aws_charts
    monkeypatch.setenv("LINKMESH_AWS_CHARTS", "/srv/aws-charts")
    variable = settings.read().aws_charts
    pulumi.runtime.set_config("linkmesh:awsCharts", "oci://charts.test/aws")

    assert ours == "https://aws.github.io/eks-charts"
    assert variable == "/srv/aws-charts"
    assert settings.read().aws_charts == "oci://charts.test/aws"


def test_extra_values_are_read_from_the_file_that_a_variable_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "values.yaml"
    path.write_text("linkerd-viz: {tap: {replicas: 1}}")
    monkeypatch.setenv("LINKMESH_CHART_VALUES", str(path))

    found = settings.read()

    assert found.values("linkerd-viz") == {"tap": {"replicas": 1}}
    assert found.values("linkerd-crds") == {}


def test_a_stacks_own_extra_values_win_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKMESH_CHART_VALUES", "/nowhere/values.yaml")
    pulumi.runtime.set_config("linkmesh:chartValues", '{"linkerd-viz": {"tap": {"replicas": 2}}}')

    assert settings.read().values("linkerd-viz") == {"tap": {"replicas": 2}}


def test_an_empty_file_means_no_extra_values(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "values.yaml"
    path.write_text("# nothing yet\n")
    monkeypatch.setenv("LINKMESH_CHART_VALUES", str(path))

    assert settings.read().chart_values == {}


def test_a_file_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKMESH_CHART_VALUES", "/nowhere/values.yaml")

    with pytest.raises(pulumi.RunError) as error:
        settings.read()

    assert str(error.value) == (
        "file of LINKMESH_CHART_VALUES, /nowhere/values.yaml, must be a readable YAML file ([Errno "
        "2] No such file or directory: '/nowhere/values.yaml')."
    )


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\xfd"], ids=["no YAML", "no text"])
def test_a_file_that_is_no_yaml_is_an_error(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes(content)
    monkeypatch.setenv("LINKMESH_CHART_VALUES", str(path))

    with pytest.raises(pulumi.RunError) as error:
        settings.read()

    assert str(error.value).startswith(
        f"file of LINKMESH_CHART_VALUES, {path}, must be a readable YAML file ("
    )


def test_values_that_are_no_map_are_errors() -> None:
    with pytest.raises(pulumi.RunError) as error:
        settings.checked_values(["linkerd-viz"], "setting linkmesh:chartValues")

    assert str(error.value) == (
        "setting linkmesh:chartValues must map names of charts to values (got list). Use, e.g.: "
        "{linkerd-viz: {prometheus: {enabled: false}}}"
    )


def test_values_of_a_chart_that_we_do_not_install_are_errors() -> None:
    with pytest.raises(pulumi.RunError) as error:
        settings.checked_values({"linkerd-vis": {}, "linkerd-jaeger": {}}, "the file")

    assert str(error.value) == (
        f"the file must name only the charts {CHARTS} (got linkerd-jaeger, linkerd-vis)."
    )


def test_values_of_a_chart_that_are_no_map_are_errors() -> None:
    with pytest.raises(pulumi.RunError) as error:
        settings.checked_values({"linkerd-viz": None}, "the file")

    assert str(error.value) == (
        "the file must have a map of values under linkerd-viz (got NoneType)."
    )


def test_tokens_are_those_of_the_description_until_they_are_rotated() -> None:
    first = settings.read().token_generations
    pulumi.runtime.set_config("linkmesh:tokenGenerations", "[2, 3]")

    assert first is None
    assert settings.read().token_generations == (2, 3)


def test_a_note_of_tokens_that_is_none_is_an_error() -> None:
    pulumi.runtime.set_config("linkmesh:tokenGenerations", "[3, 2]")

    with pytest.raises(pulumi.RunError, match="linkmesh:tokenGenerations must be what mesh rotate"):
        settings.read()
