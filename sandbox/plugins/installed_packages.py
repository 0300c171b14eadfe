"""
What is installed for a Pulumi program, and which plugins that asks for.

Read from the names of `*.dist-info` folders: the genuine language host runs `pip list`, which takes
half a second of every preview.
Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go, listPulumiPackageInfos
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

# Pulumi's own, without a plugin and without a file that says so.
PACKAGES_WITHOUT_PLUGIN = frozenset({"pulumi-policy", "pulumi-esc-sdk"})

_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")
_RELEASE = re.compile(
    r"(?P<numbers>\d+(\.\d+)*)((?P<stage>a|b|rc)(?P<count>\d+))?(\.post(?P<post>\d+))?(\.dev(?P<dev>\d+))?"
)
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """An installed distribution: its name as pip shows it, its version, and its files' folder."""

    name: str
    version: str
    metadata: Path


@dataclass(frozen=True, kw_only=True)
class PulumiPackage:
    """A plugin that an installed SDK asks for."""

    name: str
    version: str
    server: str = ""
    parameter: tuple[str, str, bytes] | None = None
    """Name, version and value, for a provider that is told by a parameter what to be."""


def distributions(site_folders: Iterable[Path]) -> list[Distribution]:
    """List what is installed; the first of a name counts, as for an import."""
    found: dict[str, Distribution] = {}
    for folder in site_folders:
        for entry in sorted(folder.glob("*.dist-info")):
            match = _DIST_INFO.fullmatch(entry.name)
            if match is not None:
                name = normalized(match["name"])
                version = match["version"]
                found.setdefault(name, Distribution(name=name, version=version, metadata=entry))
    return sorted(found.values(), key=lambda each: each.name)


def pulumi_packages(installed: Iterable[Distribution]) -> list[PulumiPackage]:
    """List the plugins that installed SDKs ask for, imported by the program or not."""
    packages = (_pulumi_package(each) for each in installed)
    return [each for each in packages if each is not None]


def requirements(distribution: Distribution) -> Iterator[str]:
    """Name what a distribution always requires, as `pip list --not-required` does."""
    text = (distribution.metadata / "METADATA").read_text(errors="replace")
    for line in text.partition("\n\n")[0].splitlines():
        match = re.match(r"Requires-Dist: ([A-Za-z0-9._-]+)(?!.*extra ==)", line)
        if match is not None:
            yield normalized(match[1])


def normalized(name: str) -> str:
    """Spell a distribution's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plugin_version(version: str) -> str | None:
    """Turn a Python version into a plugin's (1.2.3a4 is 1.2.3-alpha.4), or give None."""
    match = _RELEASE.fullmatch(version)
    if match is None:
        return None
    numbers = match["numbers"].split(".")
    result = ".".join([*numbers, *["0"] * (3 - len(numbers))])
    if match["stage"]:
        result += f"-{_STAGES[match['stage']]}.{match['count']}"
    build = "".join(f"{word}{match[word]}" for word in ("post", "dev") if match[word])
    return f"{result}+{build}" if build else result


def _pulumi_package(distribution: Distribution) -> PulumiPackage | None:
    if distribution.name in PACKAGES_WITHOUT_PLUGIN:
        return None
    file = _plugin_file(distribution)
    if file is None and not distribution.name.startswith("pulumi-"):
        return None
    asked: dict[str, Any] = {"resource": True} if file is None else json.loads(file.read_text())
    version = asked.get("version") or plugin_version(distribution.version)
    if not asked.get("resource") or version is None:
        return None
    given = asked.get("parameterization")
    return PulumiPackage(
        name=asked.get("name") or distribution.name.removeprefix("pulumi-"),
        version=f"v{version.removeprefix('v')}",
        server=asked.get("server", ""),
        parameter=(given["name"], given["version"], base64.b64decode(given["value"]))
        if given
        else None,
    )


def _plugin_file(distribution: Distribution) -> Path | None:
    module = distribution.metadata.name.partition("-")[0]
    for folder in (distribution.metadata.parent, *_editable_folders(distribution)):
        file = folder / module / "pulumi-plugin.json"
        if file.is_file():
            return file
    return None


def _editable_folders(distribution: Distribution) -> Iterator[Path]:
    """Give the source folder of a distribution that was installed with `pip install -e`."""
    try:
        source = json.loads((distribution.metadata / "direct_url.json").read_text())
    except FileNotFoundError:
        return
    if source.get("dir_info", {}).get("editable"):
        yield Path(unquote(urlparse(source["url"]).path))
