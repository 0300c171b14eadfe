"""
An imitation of `pulumi-language-python`: it starts Pulumi programs written in Python.

The engine asks which plugins a program needs, then to run it. The program is a process of its own
(see `runner`) that shares our standard output and error, which the engine reads. Exit code 32 means
that the user has seen the reason; any other code is reported as a number. Making SDKs or programs,
debugging and toolchains other than pip are refused.
Source: pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go; messages are equal
"""

# ruff: noqa: N802 - the methods are named by the protocol

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped] # grpcio ships no types
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict

from sandbox.plugins.children import Children
from sandbox.plugins.installed_packages import distributions, pulumi_packages, requirements
from sandbox.plugins.process import serve_plugin
from sandbox.plugins.protos import language_pb2, language_pb2_grpc, plugin_pb2
from sandbox.plugins.python_environment import EnvironmentProblem, PythonEnvironment

RUNNER = Path(__file__).with_name("runner.py")

# Equal to the number in `runner`, which must not import this project.
USER_HAS_SEEN_THE_ERROR = 32

IMITATED_VERSION = "3.259.0"
"""Of the genuine language host; the one that belongs to the engine."""


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The servicer."""

    def __init__(self, engine_address: str, children: Children) -> None:
        self.engine_address = engine_address
        self.children = children

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: Any
    ) -> language_pb2.LanguageHandshakeResponse:
        self.engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=IMITATED_VERSION)

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: Any
    ) -> language_pb2.GetRequiredPackagesResponse:
        with _errors(context):
            environment = _environment(request.info)
            environment.check()
            packages = pulumi_packages(distributions(environment.site_folders()))
        response = language_pb2.GetRequiredPackagesResponse()
        for package in packages:
            message = response.packages.add(
                name=package.name, kind="resource", version=package.version, server=package.server
            )
            if package.parameter is not None:
                name, version, value = package.parameter
                message.parameterization.name = name
                message.parameterization.version = version
                message.parameterization.value = value
        return response

    def RuntimeOptionsPrompts(
        self, request: Any, context: Any
    ) -> language_pb2.RuntimeOptionsResponse:
        return language_pb2.RuntimeOptionsResponse()

    def About(self, request: language_pb2.AboutRequest, context: Any) -> language_pb2.AboutResponse:
        with _errors(context):
            environment = _environment(request.info)
            program = (
                "import platform, sys; print(sys.executable); print(platform.python_version())"
            )
            executable, version = environment.ask("-c", program).splitlines()
        metadata = {"toolchain": "Pip", "languageHost": "imitation of the sandbox"}
        return language_pb2.AboutResponse(executable=executable, version=version, metadata=metadata)

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: Any
    ) -> language_pb2.GetProgramDependenciesResponse:
        with _errors(context):
            installed = distributions(_environment(request.info).site_folders())
        needed: set[str] = set()
        if not request.transitiveDependencies:
            needed = {name for each in installed for name in requirements(each)}
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=each.name, version=each.version)
                for each in installed
                if each.name not in needed
            ]
        )

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: Any
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the virtual environment, install requirements.txt; pip stays as it is."""
        with _errors(context):
            environment = _environment(request.info, is_plugin=request.is_plugin)
            folder = Path(request.info.program_directory)
            for argv in _install_commands(environment, folder):
                variables = environment.variables(os.environ)
                for _, chunk in self.children.stream(argv, cwd=folder, variables=variables):
                    if isinstance(chunk, bytes):
                        yield language_pb2.InstallDependenciesResponse(stdout=chunk)
                    elif chunk != 0:
                        raise EnvironmentProblem(f"{' '.join(argv)} ended with exit code {chunk}")

    def Run(self, request: language_pb2.RunRequest, context: Any) -> language_pb2.RunResponse:
        with _errors(context):
            if request.attach_debugger:
                raise EnvironmentProblem(
                    "the imitated language host must be run without --attach-debugger (it is not). "
                    "It attaches none. Use: the genuine language host (LINKMESH_PLUGINS)"
                )
            environment = _environment(request.info)
            environment.check()
            variables = environment.variables(os.environ)
            variables["PULUMI_CONFIG"] = json.dumps(dict(request.config))
            variables["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
            argv = [environment.python(), str(RUNNER), *_arguments(request, self.engine_address)]
            code = self.children.run(argv, variables=variables, context=context)
        if code == USER_HAS_SEEN_THE_ERROR:
            return language_pb2.RunResponse(bail=True)
        error = f"program exited with non-zero exit code: {code}" if code else ""
        return language_pb2.RunResponse(error=error)

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: Any
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a component package or a policy pack: a __main__.py and a virtual environment."""
        with _errors(context):
            is_policies = request.kind == "analyzer"
            environment = _environment(request.info, is_plugin=not is_policies)
            folder = Path(request.info.program_directory)
            runnable = request.kind in ("", "resource", "analyzer")
            if not runnable or not (folder / "__main__.py").is_file():
                raise EnvironmentProblem(
                    f"a plugin must be a folder of components or policies with a __main__.py (got "
                    f"{request.kind} {folder}). The imitated language host runs no other. "
                    "Use: the genuine language host (LINKMESH_PLUGINS)"
                )
            environment.check()
            variables = environment.variables(os.environ)
            variables.update(dict(each.split("=", 1) for each in request.env))
            # Policies are not told their stack and its configuration, as the genuine host does by
            # standing between them and the engine.
            argv = [environment.python(), str(folder), *request.args]
            if is_policies:
                argv = [environment.python(), "-u", "-m", "pulumi.policy", *request.args]
                argv.append(str(folder))
            pwd = folder if is_policies else Path(request.pwd)
            chunks = self.children.stream(argv, cwd=pwd, variables=variables, context=context)
            for name, chunk in chunks:
                if not isinstance(chunk, bytes):
                    yield language_pb2.RunPluginResponse(exitcode=chunk)
                elif name == "stderr":
                    yield language_pb2.RunPluginResponse(stderr=chunk)
                else:
                    yield language_pb2.RunPluginResponse(stdout=chunk)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        self.children.interrupt()
        return empty_pb2.Empty()


def main() -> None:
    """Serve the engine whose address is the last argument."""
    addresses = [each for each in sys.argv[1:] if not each.startswith("-")]
    children = Children()
    host = LanguageHost(addresses[-1] if addresses else "", children)
    serve_plugin(
        lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server),
        on_end=children.kill,
    )


def _environment(info: language_pb2.ProgramInfo, *, is_plugin: bool = False) -> PythonEnvironment:
    return PythonEnvironment.chosen_by(
        info.root_directory,
        info.program_directory,
        MessageToDict(info.options),
        is_plugin=is_plugin,
    )


def _arguments(request: language_pb2.RunRequest, engine_address: str) -> list[str]:
    values = {
        "monitor": request.monitor_address,
        "engine": engine_address,
        "project": request.project,
        "root-directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry-run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    # In one word each, so that a value may begin with a dash.
    options = [f"--{name}={value}" for name, value in values.items() if value]
    return [*options, "--", request.info.entry_point or ".", *request.args]


def _install_commands(environment: PythonEnvironment, folder: Path) -> Iterator[list[str]]:
    if environment.virtualenv is not None and not environment.is_virtualenv():
        ambient = PythonEnvironment(virtualenv=None).python()
        yield [ambient, "-m", "venv", str(environment.virtualenv)]
    if (folder / "requirements.txt").is_file():
        yield [environment.python(), "-m", "pip", "install", "-r", "requirements.txt"]


@contextmanager
def _errors(context: Any) -> Iterator[None]:
    try:
        yield
    except EnvironmentProblem as problem:
        context.abort(grpc.StatusCode.UNKNOWN, str(problem))


if __name__ == "__main__":
    main()
