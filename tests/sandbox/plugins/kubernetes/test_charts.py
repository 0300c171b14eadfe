"""Finding charts, and refusing what could not be installed."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.plugins.framework import Refused
from sandbox.plugins.kubernetes.charts import load_chart

CHART = {"apiVersion": "v2", "name": "web", "version": "1.2.3", "appVersion": "9"}


def write_chart(folder: Path, **overrides: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "Chart.yaml").write_text(yaml.safe_dump({**CHART, **overrides}))
    return folder


def no_helm(arguments: list[str]) -> str:
    raise AssertionError(f"Helm is not needed here: {arguments}")


def test_a_folder_is_read_without_helm(tmp_path: Path) -> None:
    chart = load_chart({"chart": str(write_chart(tmp_path / "web"))}, no_helm)

    assert (chart.name, chart.version, chart.app_version) == ("web", "1.2.3", "9")
    assert chart.reference == str(tmp_path / "web")
    assert chart.options == []


def test_a_relative_folder_is_looked_for_in_the_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chart(tmp_path / "charts" / "web")
    monkeypatch.chdir(tmp_path)

    assert load_chart({"chart": "./charts/web"}, no_helm).reference == str(tmp_path / "charts/web")


def test_an_archive_is_read_without_helm(tmp_path: Path) -> None:
    write_chart(tmp_path / "web")
    with tarfile.open(tmp_path / "web-1.2.3.tgz", "w:gz") as archive:
        archive.add(tmp_path / "web", arcname="web")

    assert load_chart({"chart": str(tmp_path / "web-1.2.3.tgz")}, no_helm).version == "1.2.3"


@pytest.mark.parametrize("name", ["./missing", "/missing"])
def test_a_missing_folder_is_refused(name: str) -> None:
    with pytest.raises(Refused, match=f'path "{re.escape(name)}" not found'):
        load_chart({"chart": name}, no_helm)


def test_a_missing_dependency_is_refused(tmp_path: Path) -> None:
    folder = write_chart(tmp_path / "web", dependencies=[{"name": "db"}, {"name": "cache"}])
    write_chart(folder / "charts" / "db", name="db")

    with pytest.raises(Refused, match="missing in charts/ directory: cache"):
        load_chart({"chart": str(folder)}, no_helm)


def test_a_chart_must_say_its_version(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"chart.metadata.version is required"):
        load_chart({"chart": str(write_chart(tmp_path / "web", version=None))}, no_helm)


def test_something_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "web.tgz").write_text("no archive")

    with pytest.raises(Refused, match="does not appear to be a gzipped archive"):
        load_chart({"chart": str(tmp_path / "web.tgz")}, no_helm)


@pytest.mark.parametrize(
    ("release", "asked"),
    [
        (
            {"chart": "web", "repositoryOpts": {"repo": "https://charts"}, "version": "1.x"},
            ["show", "chart", "web", "--repo", "https://charts", "--version", "1.x"],
        ),
        ({"chart": "oci://r/web"}, ["show", "chart", "oci://r/web"]),
        (
            {"chart": "web", "repositoryOpts": {"repo": "known"}, "devel": True},
            ["show", "chart", "known/web", "--version", ">0.0.0-0"],
        ),
    ],
)
def test_other_charts_are_asked_for_by_helm(release: dict[str, Any], asked: list[str]) -> None:
    seen: list[list[str]] = []

    def helm(arguments: list[str]) -> str:
        seen.append(arguments)
        return yaml.safe_dump(CHART)

    chart = load_chart(release, helm)

    assert seen == [asked]
    assert [chart.reference, *chart.options] == asked[2:]
