"""
The plugin protocol around a provider: what the engine asks becomes calls of plain Python.

The engine is told that secrets, outputs and resources are not accepted, so it sends plain values
and marks the outputs itself, at the paths of secret inputs. Secrets that a provider derives need
`additional_secret_outputs` in the program.
Source: pulumi/pulumi, proto/pulumi/provider.proto, pkg/resource/plugin/provider_plugin.go
"""

# ruff: noqa: N802 - the methods are named by the protocol

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2

from sandbox.home import SandboxError
from sandbox.plugins.contract import Naming, Provider, Refused, State
from sandbox.plugins.diff import Diff
from sandbox.plugins.process import serve_plugin
from sandbox.plugins.protos import plugin_pb2, provider_pb2, provider_pb2_grpc
from sandbox.plugins.values import Properties, from_struct, to_struct

# What the engine keeps among a provider's arguments for itself.
# Source: pulumi/pulumi, pkg/resource/deploy/providers/registry.go
ENGINE_KEYS = frozenset({"version", "__internal", "pluginDownloadURL", "pluginChecksums"})


class Service(provider_pb2_grpc.ResourceProviderServicer):
    """The servicer of one provider."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self.provider.version)

    def Parameterize(
        self, request: provider_pb2.ParameterizeRequest, context: Any
    ) -> provider_pb2.ParameterizeResponse:
        with errors(context):
            if request.WhichOneof("parameters") != "value":
                raise Refused(
                    "an imitated provider must be parameterized by an SDK (got command line "
                    f"arguments: {' '.join(request.args.args)}). It can make no SDK. "
                    "Use: the genuine provider (LINKMESH_PLUGINS)"
                )
            value = request.value
            self.provider.parameterize(value.value, value.name, value.version)
        return provider_pb2.ParameterizeResponse(name=value.name, version=value.version)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        with errors(context):
            news = from_struct(request.news)
            try:
                checked = self.provider.check_config(_own(news))
            except Refused as refused:
                return failures(news, refused)
        engines = {key: value for key, value in news.items() if key in ENGINE_KEYS}
        return provider_pb2.CheckResponse(inputs=to_struct({**checked, **engines}))

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        with errors(context):
            olds, news = from_struct(request.old_inputs), from_struct(request.news)
            diff = self.provider.diff_config(_own(olds), _own(news))
            return diff_response(diff)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        with errors(context):
            self.provider.configure(_own(from_struct(request.args)))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        with errors(context):
            resource = self.provider.resource(_token(request.urn))
            news, olds = from_struct(request.news), from_struct(request.olds) or None
            name = request.name or request.urn.rsplit("::", 1)[-1]
            naming = Naming(urn=request.urn, name=name, seed=request.randomSeed)
            try:
                checked = resource.check(resource.named(news, olds, naming))
            except Refused as refused:
                return failures(news, refused)
        return provider_pb2.CheckResponse(inputs=to_struct(checked))

    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        with errors(context):
            resource = self.provider.resource(_token(request.urn))
            diff = resource.diff(from_struct(request.old_inputs), from_struct(request.news))
            return diff_response(diff)

    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        with errors(context):
            resource = self.provider.resource(_token(request.urn))
            state = resource.create(from_struct(request.properties), preview=request.preview)
        return provider_pb2.CreateResponse(id=state.id, properties=to_struct(state.outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        with errors(context):
            old = State(request.id, from_struct(request.properties))
            found = self.provider.resource(_token(request.urn)).read(
                old, from_struct(request.inputs)
            )
        if found is None:
            return provider_pb2.ReadResponse()
        state, inputs = found
        return provider_pb2.ReadResponse(
            id=state.id, properties=to_struct(state.outputs), inputs=to_struct(inputs)
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        with errors(context):
            state = self.provider.resource(_token(request.urn)).update(
                State(request.id, from_struct(request.olds)),
                from_struct(request.old_inputs),
                from_struct(request.news),
                preview=request.preview,
            )
        return provider_pb2.UpdateResponse(properties=to_struct(state.outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        with errors(context):
            old = State(request.id, from_struct(request.properties))
            self.provider.resource(_token(request.urn)).delete(old)
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def serve(provider: Provider) -> None:
    """Print the port and serve the provider until it is ended."""
    serve_plugin(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Service(provider), server
        )
    )


def _token(urn: str) -> str:
    # urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _own(config: Properties) -> Properties:
    return {key: value for key, value in config.items() if key not in ENGINE_KEYS}


_KINDS = {
    "add": provider_pb2.PropertyDiff.ADD,
    "delete": provider_pb2.PropertyDiff.DELETE,
    "update": provider_pb2.PropertyDiff.UPDATE,
}


def failures(news: Properties, refused: Refused) -> provider_pb2.CheckResponse:
    """Answer a check with what is wrong."""
    # Without `property`: the engine would print its value, and <nil> for anything nested.
    return provider_pb2.CheckResponse(
        inputs=to_struct(news),
        failures=[
            provider_pb2.CheckFailure(reason=reason if path in reason else f"'{path}': {reason}")
            for path, reason in refused.failures
        ],
    )


def diff_response(diff: Diff) -> provider_pb2.DiffResponse:
    """Say what changes, path by path."""

    def top_level(path: str) -> str:
        return re.split(r"[.\[]", path, maxsplit=1)[0]

    response = provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME
        if diff.changes
        else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({top_level(change.path) for change in diff.changes}),
        replaces=sorted({top_level(change.path) for change in diff.changes if change.replace}),
        deleteBeforeReplace=diff.delete_before_replace,
        hasDetailedDiff=True,
    )
    for change in diff.changes:
        # Each kind is followed by its replacing twin in the protocol.
        kind = provider_pb2.PropertyDiff.Kind.ValueType(_KINDS[change.kind] + int(change.replace))
        response.detailedDiff[change.path].kind = kind
        response.detailedDiff[change.path].inputDiff = True
    return response


@contextmanager
def errors(context: Any) -> Iterator[None]:
    """Turn exceptions into the statuses that the engine understands."""
    try:
        yield
    except (Refused, SandboxError) as refused:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refused))
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        context.abort(grpc.StatusCode.UNKNOWN, f"{type(error).__name__}: {error}")
