"""
Finding a Helm chart and reading what it says about itself, as a preview needs it.

A chart is a folder, an archive, or something to download: a name in a repository, an `oci://`
address, a URL. Local ones are read here, in milliseconds; the others by Helm. Nothing is rendered.
Source: pulumi-kubernetes provider/pkg/provider/helm_release.go getChart, locateChart,
checkChartDependencies
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.plugins.framework import Properties, Refused

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Helm = Callable[[list[str]], str]
"""Runs Helm with arguments and returns what it prints."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart that was found."""

    reference: str
    """What Helm is given: an absolute path, a name or an address."""
    options: list[str] = field(default_factory=list)
    """Where Helm finds it."""
    name: str
    version: str
    app_version: str
    type: str


def load_chart(release: Properties, helm: Helm) -> Chart:
    """Find the chart of a release; raise Refused if it cannot be installed from here."""
    repository = release.get("repositoryOpts") or {}
    name, url = _resolved(release["chart"].strip(), repository.get("repo") or "")
    options = _options(release, repository, url)
    local = None if url else _local(name)
    if local is None:
        described = yaml.load(helm(["show", "chart", name, *options]), Loader=_LOADER)
        return _chart(described, reference=name, options=options)
    if release.get("dependencyUpdate") and _missing_dependencies(local):
        helm(["dependency", "update", str(local)])
    missing = _missing_dependencies(local)
    if missing:
        raise Refused(
            f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}"
        )
    return _chart(_metadata(local), reference=str(local), options=[])


def _resolved(name: str, repository: str) -> tuple[str, str]:
    """Give the chart's name, and the URL of its repository if that is no name itself."""
    if name.startswith("oci://") or not repository:
        return name, ""
    if "://" in repository or repository.startswith("/"):
        return name, repository
    return (name if "/" in name else f"{repository}/{name}"), ""


def _options(release: Properties, repository: Properties, url: str) -> list[str]:
    options = ["--repo", url] if url else []
    version = release.get("version") or (">0.0.0-0" if release.get("devel") else "")
    if version:
        options += ["--version", version]
    for key, flag in (
        ("caFile", "--ca-file"),
        ("certFile", "--cert-file"),
        ("keyFile", "--key-file"),
    ):
        if repository.get(key):
            options += [flag, repository[key]]
    if release.get("verify"):
        options += ["--verify", "--keyring", release.get("keyring") or ""]
    return options


def _local(name: str) -> Path | None:
    path = Path(name)
    if path.is_file() or (path / "Chart.yaml").is_file():
        return path.absolute()
    if path.is_absolute() or name.startswith("."):
        raise Refused(f'path "{name}" not found')
    return None


def _metadata(path: Path) -> dict[str, Any]:
    """Read Chart.yaml of a folder or an archive."""
    text = (path / "Chart.yaml").read_bytes() if path.is_dir() else _from_archive(path)
    try:
        found = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise Refused(f"cannot load Chart.yaml: {error}") from None
    return found if isinstance(found, dict) else {}


def _from_archive(path: Path) -> bytes:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.count("/") == 1 and member.name.endswith("/Chart.yaml"):
                    file = archive.extractfile(member)
                    return file.read() if file else b""
    except tarfile.TarError:
        raise Refused(
            f"file '{path}' does not appear to be a gzipped archive; it cannot be a chart"
        ) from None
    raise Refused(f"Chart.yaml file is missing in {path}")


def _missing_dependencies(path: Path) -> list[str]:
    """Name the charts that a chart needs and does not bring."""
    wanted = [one["name"] for one in _metadata(path).get("dependencies") or []]
    if not wanted:
        return []
    if path.is_dir():
        inside = [one for one in path.glob("charts/*") if one.is_dir() or one.suffix == ".tgz"]
        brought = {_metadata(one).get("name") for one in inside}
    else:
        brought = _brought_in_archive(path)
    return [name for name in wanted if name not in brought]


def _brought_in_archive(path: Path) -> set[str | None]:
    with tarfile.open(path) as archive:
        inside = [name.split("/") for name in archive.getnames()]
    # An archive inside the archive is named <chart>-<version>.tgz.
    return {
        parts[2].rpartition("-")[0] if parts[2].endswith(".tgz") else parts[2]
        for parts in inside
        if len(parts) > 2 and parts[1] == "charts"
    }


def _chart(described: dict[str, Any], *, reference: str, options: list[str]) -> Chart:
    for key in ("apiVersion", "name", "version"):
        if not described.get(key):
            raise Refused(f"validation: chart.metadata.{key} is required")
    return Chart(
        reference=reference,
        options=options,
        name=str(described["name"]),
        version=str(described["version"]),
        app_version=str(described.get("appVersion") or ""),
        type=str(described.get("type") or ""),
    )
