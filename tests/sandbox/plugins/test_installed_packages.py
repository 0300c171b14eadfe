"""
The plugins that a program needs are read from what is installed beside it.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from sandbox.plugins.installed_packages import (
    PulumiPackage,
    distributions,
    plugin_version,
    pulumi_packages,
    requirements,
)


def install(site: Path, name: str, version: str, plugin: object = None) -> Path:
    metadata = site / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    if plugin is not None:
        (site / name).mkdir()
        (site / name / "pulumi-plugin.json").write_text(json.dumps(plugin))
    return metadata


def packages(site: Path) -> list[PulumiPackage]:
    return pulumi_packages(distributions([site]))


def test_packages_are_named_and_dated_by_their_own_file(tmp_path: Path) -> None:
    install(tmp_path, "pulumi_tls", "5.6.2", {"resource": True, "name": "tls", "version": "5.6.2"})
    install(tmp_path, "requests", "2.0.0")

    assert packages(tmp_path) == [PulumiPackage(name="tls", version="v5.6.2")]


def test_what_the_file_leaves_out_comes_from_the_distribution(tmp_path: Path) -> None:
    install(tmp_path, "pulumi_random", "4.0.0a7", {"resource": True, "server": "https://x"})

    assert packages(tmp_path) == [
        PulumiPackage(name="random", version="v4.0.0-alpha.7", server="https://x")
    ]


def test_a_parameter_is_handed_on_as_it_was_written(tmp_path: Path) -> None:
    value = base64.b64encode(b'{"remote":{}}').decode()
    parameterization = {"name": "kind", "version": "0.11.0", "value": value}
    asked = {"resource": True, "name": "terraform-provider", "version": "1.1.3"}
    install(tmp_path, "pulumi_kind", "0.11.0", {**asked, "parameterization": parameterization})

    assert packages(tmp_path) == [
        PulumiPackage(
            name="terraform-provider",
            version="v1.1.3",
            parameter=("kind", "0.11.0", b'{"remote":{}}'),
        )
    ]


def test_a_pulumi_package_without_a_file_needs_a_plugin_of_its_name(tmp_path: Path) -> None:
    install(tmp_path, "pulumi_old", "1.0")
    install(tmp_path, "pulumi", "3.272.0")
    install(tmp_path, "pulumi_policy", "1.0")

    assert packages(tmp_path) == [PulumiPackage(name="old", version="v1.0.0")]


def test_a_package_that_says_so_needs_no_plugin(tmp_path: Path) -> None:
    install(tmp_path, "pulumi_library", "1.0", {"resource": False})

    assert packages(tmp_path) == []


def test_an_editable_package_is_found_where_its_source_is(tmp_path: Path) -> None:
    source = tmp_path / "sdks" / "my kind"
    install(source, "pulumi_kind", "0", {"resource": True, "name": "kind", "version": "2.0.0"})
    metadata = install(tmp_path / "site", "pulumi_kind", "0.11.0")
    direct = {"url": source.as_uri(), "dir_info": {"editable": True}}
    (metadata / "direct_url.json").write_text(json.dumps(direct))

    assert packages(tmp_path / "site") == [PulumiPackage(name="kind", version="v2.0.0")]


def test_names_are_compared_as_pip_does_and_the_first_counts(tmp_path: Path) -> None:
    install(tmp_path / "a", "Zope.Interface", "1.0")
    install(tmp_path / "b", "zope_interface", "2.0")

    found = distributions([tmp_path / "a", tmp_path / "b"])

    assert [(each.name, each.version) for each in found] == [("zope-interface", "1.0")]


@pytest.mark.parametrize(
    ("python", "plugin"),
    [
        ("1.0", "1.0.0"),
        ("1.2.3", "1.2.3"),
        ("1.2.3a4", "1.2.3-alpha.4"),
        ("1.2.3b4", "1.2.3-beta.4"),
        ("1.2.3rc4", "1.2.3-rc.4"),
        ("1.2.3.post4.dev5", "1.2.3+post4dev5"),
        ("1!2.0", None),
        ("1.2.3+local", None),
    ],
)
def test_python_versions_become_plugin_versions(python: str, plugin: str | None) -> None:
    assert plugin_version(python) == plugin


def test_requirements_of_extras_are_left_out(tmp_path: Path) -> None:
    metadata = install(tmp_path, "a", "1")
    (metadata / "METADATA").write_text(
        "Name: a\nRequires-Dist: Some_Thing>=1\nRequires-Dist: b ; extra == 'x'\n\n"
        "Requires-Dist: c\n"
    )

    assert list(requirements(distributions([tmp_path])[0])) == ["some-thing"]
