"""
What the engine finds in a home: genuine plugins where they can be built, imitations of the rest.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import plugins_folder
from sandbox.home import PROJECT, Home, SandboxError
from sandbox.plugins_folder import BESIDE_PULUMI, plugin_version, shim, write_plugins


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Give a home whose toolchain is a few small files."""
    programs = tmp_path / "toolchain" / "bin"
    programs.mkdir(parents=True)
    providers = ("pulumi-resource-kubernetes", "pulumi-resource-tls")
    for name in (*BESIDE_PULUMI, *providers, "kubectl", "helm"):
        (programs / name).write_text(f"#!/bin/sh\necho {name}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setattr(plugins_folder, "TOOLCHAIN", tmp_path / "toolchain")
    return Home(tmp_path / "home")


def genuine(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "genuine"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("genuine")
        (folder / name).chmod(0o755)
    return folder


def provider(home: Home, sdk: str) -> Path:
    name, version = plugin_version(sdk)
    return home.pulumi / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"


def test_versions_of_plugins_are_those_that_the_sdks_ask_for() -> None:
    requirements = (PROJECT / "requirements.txt").read_text()

    for name in ("kubernetes", "aws", "tls"):
        assert f"pulumi-{name}=={plugin_version(f'pulumi_{name}')[1]}\n" in requirements
    assert plugin_version("pulumi_kind") == ("terraform-provider", "1.1.3")


def test_language_host_kubernetes_and_tls_are_the_toolchains_and_the_rest_is_imitated(
    home: Home, tmp_path: Path
) -> None:
    built = tmp_path / "toolchain" / "bin"

    imitated = write_plugins(home, None)

    assert imitated == ["aws", "kind"]
    for name in BESIDE_PULUMI:
        assert (home.bin / name).samefile(built / name)
    for name in ("kubernetes", "tls"):
        genuine = provider(home, f"pulumi_{name}")
        assert genuine.samefile(built / f"pulumi-resource-{name}")
    for name in imitated:
        text = provider(home, f"pulumi_{name}").read_text()
        assert f"sandbox.plugins.{name} import main" in text
    assert "sandbox.aws_cli" in (home.bin / "aws").read_text()


def test_a_newly_built_pulumi_does_not_change_the_one_that_runs(home: Home, tmp_path: Path) -> None:
    write_plugins(home, None)
    running = tmp_path / "running"
    running.hardlink_to(home.bin / "pulumi")
    built = tmp_path / "toolchain" / "bin" / "pulumi"
    built.unlink()
    built.write_text("new")

    write_plugins(home, None)

    assert (home.bin / "pulumi").read_text() == "new"
    assert running.read_text() == "#!/bin/sh\necho pulumi\n"


def test_a_genuine_plugin_replaces_ours_until_a_start_without_it(
    home: Home, tmp_path: Path
) -> None:
    folder = genuine(tmp_path, "pulumi-resource-aws")

    assert write_plugins(home, folder) == ["kind"]
    assert provider(home, "pulumi_aws").read_text() == "genuine"

    write_plugins(home, None)

    assert "sandbox.plugins.aws" in provider(home, "pulumi_aws").read_text()
    assert (folder / "pulumi-resource-aws").read_text() == "genuine"


def test_a_provider_of_another_version_goes_and_what_the_engine_notes_stays(home: Home) -> None:
    old = home.pulumi / "plugins" / "resource-tls-v1.0.0"
    old.mkdir(parents=True)
    note = old.with_suffix(".2.lastused")
    note.touch()

    write_plugins(home, None)

    assert not old.exists()
    assert note.exists()


@pytest.mark.parametrize(("make", "why"), [(True, "has none"), (False, "does not exist")])
def test_a_folder_without_plugins_is_refused(
    home: Home, tmp_path: Path, make: bool, why: str
) -> None:
    folder = genuine(tmp_path, "pulumi-resource-random") if make else tmp_path / "none"

    with pytest.raises(SandboxError) as refused:
        write_plugins(home, folder)
    assert str(refused.value) == (
        "LINKMESH_PLUGINS must be a folder with at least one of pulumi-resource-aws, "
        f"pulumi-resource-terraform-provider (got {folder}, which {why}). "
        "Those found replace our imitations. Correct the path, or unset LINKMESH_PLUGINS."
    )


def test_a_plugin_that_cannot_be_started_is_refused(home: Home, tmp_path: Path) -> None:
    folder = genuine(tmp_path, "pulumi-resource-aws")
    (folder / "pulumi-resource-aws").chmod(0o644)

    with pytest.raises(SandboxError, match=r"Run: chmod \+x .*/pulumi-resource-aws"):
        write_plugins(home, folder)


def test_a_shim_works_in_a_folder_with_a_blank_and_inherits_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "a folder with 'quotes'")
    script = tmp_path / "shim"
    script.write_text(
        shim(home, "sandbox.home").replace(
            "import main; main()", "import Home; print(Home.current().root, sys.argv[1:])"
        )
    )
    script.chmod(0o755)

    done = subprocess.run(
        [script, "one two"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": "/nowhere", "PATH": "/usr/bin:/bin"},
    )

    assert done.stdout == f"{home.root} ['one two']\n"
    assert sys.executable in script.read_text()
