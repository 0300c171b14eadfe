"""
The language host, called over gRPC as the engine calls it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped] # grpcio ships no types
import pytest
from google.protobuf import empty_pb2

from sandbox.plugins.children import Children
from sandbox.plugins.language_host import LanguageHost
from sandbox.plugins.protos import language_pb2, language_pb2_grpc

OURS = str(Path(sys.prefix))


@pytest.fixture(scope="module")
def host() -> Iterator[Any]:
    from tests.sandbox.plugins.toy import channel_to

    def register(server: Any) -> None:
        servicer = LanguageHost("127.0.0.1:1", Children())
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(servicer, server)

    with channel_to(register) as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)


def info(folder: Path, **options: Any) -> language_pb2.ProgramInfo:
    told = language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point="."
    )
    told.options.update({"virtualenv": OURS, **options})
    return told


def run(host: Any, folder: Path, **options: Any) -> language_pb2.RunResponse:
    answer: language_pb2.RunResponse = host.Run(
        language_pb2.RunRequest(
            info=info(folder, **options),
            pwd=str(folder),
            project="p",
            stack="s",
            parallel=2,
            monitor_address="127.0.0.1:1",
        )
    )
    return answer


def test_every_installed_pulumi_package_is_required_with_its_parameter(
    host: Any, tmp_path: Path
) -> None:
    answer = host.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info(tmp_path)))

    found = {each.name: each for each in answer.packages}
    kind = found["terraform-provider"].parameterization
    assert sorted(found) == ["aws", "kubernetes", "terraform-provider", "tls"]
    assert {each.kind for each in answer.packages} == {"resource"}
    assert found["tls"].version == "v5.6.2"
    assert (kind.name, kind.version) == ("kind", "0.11.0")
    assert json.loads(kind.value)["remote"]["version"] == "0.11.0"


def test_a_missing_environment_is_told_before_anything_runs(host: Any, tmp_path: Path) -> None:
    with pytest.raises(grpc.RpcError, match=r"The 'virtualenv' option in Pulumi.yaml is set to"):
        run(host, tmp_path, virtualenv="gone")
    with pytest.raises(grpc.RpcError, match="must be among toolchain, virtualenv"):
        run(host, tmp_path, typechecker="mypy")


def test_a_program_that_does_not_get_so_far_is_reported_by_its_exit_code(
    host: Any, tmp_path: Path
) -> None:
    program = tmp_path / "venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)

    answer = run(host, tmp_path, virtualenv="venv")
    program.write_text("#!/bin/sh\nexit 32\n")
    seen = run(host, tmp_path, virtualenv="venv")

    assert (answer.error, answer.bail) == ("program exited with non-zero exit code: 7", False)
    assert (seen.error, seen.bail) == ("", True)


def test_the_program_gets_its_arguments_and_configuration(host: Any, tmp_path: Path) -> None:
    program = tmp_path / "venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    told = tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$@|$PULUMI_CONFIG|$PULUMI_CONFIG_SECRET_KEYS" > {told}\n')
    program.chmod(0o755)

    host.Run(
        language_pb2.RunRequest(
            info=info(tmp_path, virtualenv="venv"),
            project="p",
            stack="demo.west",
            dryRun=True,
            parallel=8,
            config={"p:a": "b"},
            configSecretKeys=["p:c"],
            args=["-x"],
        )
    )

    arguments, config, secrets = told.read_text().strip().split("|")
    assert arguments.split()[1:] == [
        "--engine=127.0.0.1:1",
        "--project=p",
        f"--root-directory={tmp_path}",
        "--stack=demo.west",
        "--dry-run=true",
        "--parallel=8",
        "--",
        ".",
        "-x",
    ]
    assert (json.loads(config), json.loads(secrets)) == ({"p:a": "b"}, ["p:c"])


def test_a_component_package_is_run_and_heard(host: Any, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "import os, sys; print(sys.argv[1], os.environ['COLOR'], os.getcwd()); exit(5)"
    )
    request = language_pb2.RunPluginRequest(
        info=info(tmp_path),
        kind="resource",
        pwd=str(tmp_path.parent),
        args=["127.0.0.1:9"],
        env=["COLOR=red"],
    )

    answers = list(host.RunPlugin(request))

    output = b"".join(each.stdout for each in answers).decode()
    assert output == f"127.0.0.1:9 red {tmp_path.parent}\n"
    assert answers[-1].exitcode == 5


def test_other_plugins_are_refused(host: Any, tmp_path: Path) -> None:
    request = language_pb2.RunPluginRequest(info=info(tmp_path), kind="analyzer")

    with pytest.raises(grpc.RpcError, match="a plugin must be a folder of components"):
        list(host.RunPlugin(request))


def test_dependencies_are_installed_from_the_requirements(host: Any, tmp_path: Path) -> None:
    program = tmp_path / "venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@" in $(pwd)\n')
    program.chmod(0o755)
    (tmp_path / "requirements.txt").touch()
    request = language_pb2.InstallDependenciesRequest(info=info(tmp_path, virtualenv="venv"))

    output = b"".join(each.stdout for each in host.InstallDependencies(request)).decode()
    program.write_text("#!/bin/sh\nexit 1\n")

    assert output == f"-m pip install -r requirements.txt in {tmp_path}\n"
    with pytest.raises(grpc.RpcError, match=r"requirements.txt ended with exit code 1"):
        list(host.InstallDependencies(request))


def test_it_says_what_it_is(host: Any, tmp_path: Path) -> None:
    about = host.About(language_pb2.AboutRequest(info=info(tmp_path)))

    assert about.version == ".".join(map(str, sys.version_info[:3]))
    assert about.metadata["languageHost"] == "imitation of the sandbox"
    assert host.GetPluginInfo(empty_pb2.Empty()).version


def test_dependencies_are_listed(host: Any, tmp_path: Path) -> None:
    def names(transitive: bool) -> set[str]:
        request = language_pb2.GetProgramDependenciesRequest(
            info=info(tmp_path), transitiveDependencies=transitive
        )
        return {each.name for each in host.GetProgramDependencies(request).dependencies}

    assert {"pulumi", "grpcio", "pulumi-tls"} <= names(True)
    assert "pulumi-tls" in names(False)
    assert "grpcio" not in names(False)


def test_a_debugger_is_refused(host: Any, tmp_path: Path) -> None:
    request = language_pb2.RunRequest(info=info(tmp_path), attach_debugger=True)

    with pytest.raises(grpc.RpcError, match="without --attach-debugger"):
        host.Run(request)
