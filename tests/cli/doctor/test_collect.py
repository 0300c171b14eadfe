"""Reading the state of a machine: programs, files, variables; never secrets."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from linkmesh.cli.doctor.collect import (
    credentials,
    named_backend,
    passphrase,
    probe,
    without_password,
)
from linkmesh.cli.doctor.needs import Needs

NEEDS = Needs(
    packages={"pulumi": "1", "never-heard-of": "1"},
    plugins={},
    has_kind=True,
    has_eks=True,
    existing=("onprem",),
    stacks=("demo.onprem",),
)
KUBECONFIG = json.dumps(
    {
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": "https://a"}}],
    }
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a machine without programs and settings; returns the folder of its programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in list(os.environ):
        if name.startswith(("AWS_", "PULUMI_", "LINKMESH_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path))
    return programs


def program(folder: Path, name: str, says: str, status: int = 0) -> None:
    """Install a program that always prints the same."""
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    file.chmod(0o755)


def test_an_empty_machine_has_nothing(machine: Path, tmp_path: Path) -> None:
    seen = probe(NEEDS, tmp_path, asks_cloud=True)

    assert set(seen.programs.values()) == {None}
    assert seen.packages["never-heard-of"] is None
    assert seen.packages["pulumi"] is not None
    assert (seen.plugins, seen.docker_answers, seen.caller, seen.backend) == (None, False, "", "")
    assert (seen.credentials, seen.passphrase, seen.has_policies) == ("", None, None)
    assert seen.kubeconfigs == {"onprem": None}
    assert seen.clock_is_right is None


def test_versions_of_programs_are_read(machine: Path, tmp_path: Path) -> None:
    program(machine, "pulumi", "v3.259.0")
    program(machine, "aws", "aws-cli/2.32.0 Python/3.13")
    program(machine, "docker", "Docker version 29.1.0, build 1")
    program(machine, "kubectl", '{"clientVersion": {"gitVersion": "v1.35.4"}}')
    program(machine, "timedatectl", "yes")

    seen = probe(NEEDS, tmp_path, asks_cloud=False)

    assert seen.programs == {
        "pulumi": "3.259.0",
        "aws": "2.32.0",
        "docker": "29.1.0",
        "kubectl": "1.35.4",
    }
    assert (seen.docker_answers, seen.clock_is_right) == (True, True)


def test_a_program_that_fails_has_an_unknown_version(machine: Path, tmp_path: Path) -> None:
    program(machine, "pulumi", "broken", status=1)

    assert probe(NEEDS, tmp_path, asks_cloud=False).programs["pulumi"] == ""


def test_plugins_are_listed_by_their_versions(machine: Path, tmp_path: Path) -> None:
    listed = [
        {"name": "aws", "kind": "resource", "version": "7.50.0"},
        {"name": "aws", "kind": "resource", "version": "7.51.1"},
        {"name": "python", "kind": "language", "version": "1.0.0"},
    ]
    program(machine, "pulumi", json.dumps(listed))

    assert probe(NEEDS, tmp_path, asks_cloud=False).plugins == {"aws": ["7.50.0", "7.51.1"]}


def test_no_cloud_is_called_without_the_option(machine: Path, tmp_path: Path) -> None:
    program(machine, "aws", '{"Arn": "arn:aws:iam::1:user/a"}')

    assert probe(NEEDS, tmp_path, asks_cloud=False).caller is None
    assert probe(NEEDS, tmp_path, asks_cloud=True).caller == "arn:aws:iam::1:user/a"


@pytest.mark.parametrize(
    ("content", "problem"),
    [(KUBECONFIG, ""), ("key: [", "is not a kubeconfig with a current cluster")],
)
def test_a_kubeconfig_is_read_and_never_quoted(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, problem: str
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text(content)
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", str(file))

    seen = probe(NEEDS, tmp_path, asks_cloud=False).kubeconfigs["onprem"]

    assert seen == (f"{file} {problem}" if problem else "")


def test_a_relative_path_of_a_kubeconfig_is_seen_from_the_folder_of_the_project(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "kubeconfig").write_text(KUBECONFIG)
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", "kubeconfig")

    assert probe(NEEDS, tmp_path, asks_cloud=False).kubeconfigs["onprem"] == ""


def test_a_missing_kubeconfig_is_reported(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKMESH_KUBECONFIG_ONPREM", "/nowhere")

    seen = probe(NEEDS, tmp_path, asks_cloud=False)

    assert seen.kubeconfigs["onprem"] == "/nowhere cannot be read (FileNotFoundError)"


@pytest.mark.parametrize(
    ("setting", "problem"), [("{secure: v1:abc}", ""), ("plain", "set, but not as a secret")]
)
def test_a_kubeconfig_in_the_settings_of_its_stack_counts(
    machine: Path, tmp_path: Path, setting: str, problem: str
) -> None:
    (tmp_path / "Pulumi.demo.onprem.yaml").write_text(
        f"config:\n  linkmesh:kubeconfig: {setting}\n"
    )

    seen = probe(NEEDS, tmp_path, asks_cloud=False)

    assert seen.kubeconfigs["onprem"] == problem


@pytest.mark.parametrize(
    ("environ", "source"),
    [
        ({"AWS_PROFILE": "a", "AWS_ACCESS_KEY_ID": "AKIA"}, "by AWS_ACCESS_KEY_ID"),
        ({"AWS_PROFILE": "a"}, "by AWS_PROFILE"),
        ({}, ""),
    ],
)
def test_only_the_source_of_credentials_is_shown(
    environ: Mapping[str, str], source: str, tmp_path: Path
) -> None:
    assert credentials(environ, tmp_path) == source


def test_credentials_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / ".aws" / "config"
    file.parent.mkdir()
    file.write_text("[default]\n")

    assert credentials({}, tmp_path) == f"by {file}"


def test_a_passphrase_may_be_empty_and_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("x")

    assert passphrase({"PULUMI_CONFIG_PASSPHRASE": ""}) == "by PULUMI_CONFIG_PASSPHRASE"
    assert passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}) is not None
    assert passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": "/nowhere"}) is None


def test_a_backend_is_shown_without_its_password(tmp_path: Path) -> None:
    assert without_password("https://me:word@host/path") == "https://host/path"
    assert named_backend(tmp_path.as_uri()) == tmp_path.as_uri()
    assert named_backend("file:///nowhere/at/all") == ""
    assert named_backend("file://~") == "file://~"
    assert named_backend("s3://bucket?region=eu-west-1") == "s3://bucket?region=eu-west-1"


def test_only_needed_kinds_are_checked(machine: Path, tmp_path: Path) -> None:
    needs = replace(NEEDS, has_kind=False, has_eks=False)

    seen = probe(needs, tmp_path, asks_cloud=True)

    assert set(seen.programs) == {"pulumi", "kubectl"}
    assert (seen.docker_answers, seen.caller) == (None, None)
