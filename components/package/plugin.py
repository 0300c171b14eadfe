"""
The plugin: the process that Pulumi starts for programs in other languages.

Beside components it serves one resource, which removes a link's mirrors: the dynamic resource that
Python programs have for it needs their Python, which other programs lack.
"""

import argparse
import asyncio
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from ..linkerd.links.mirror_cleanup import register_cleanup_as
from .cleanup import MirrorSweep, is_another, remove
from .provider import PackageProvider
from .schema import PACKAGE

# As large as Pulumi's own plugins allow. Source: pulumi, sdk/python, runtime/_grpc_settings.py
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


class PackageServicer(ProviderServicer):
    """Answers the engine: components as Pulumi's own servicer does, and `MirrorSweep`."""

    async def Construct(self, request: Any, context: Any) -> Any:  # noqa: N802 (Pulumi's name)
        """Make a component; a value that is not valid is a message without a traceback."""
        try:
            return await super().Construct(request, context)
        except Exception as error:
            reason = reason_of(error)
            if reason is None:
                raise
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take inputs as they are."""
        return provider_pb2.CheckResponse(inputs=request.news)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say what a change of inputs does."""
        replaces, changed = is_another(dict(request.olds), dict(request.news))
        kind = provider_pb2.DiffResponse
        return kind(
            changes=kind.DIFF_SOME if replaces or changed else kind.DIFF_NONE,
            replaces=replaces,
            diffs=[*replaces, *changed],
        )

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Note the inputs: only the removal does something."""
        target = request.properties["target"]
        return provider_pb2.CreateResponse(id=target, properties=request.properties)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Note other credentials."""
        return provider_pb2.UpdateResponse(properties=request.news)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return what is noted."""
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Remove the mirrors."""
        await asyncio.to_thread(remove, request.properties)
        return empty_pb2.Empty()


def reason_of(error: BaseException) -> str | None:
    """
    Return what a value was not valid for, below all that Pulumi puts around it.

    None if the error is of another kind: one of linkmesh, or of the connection to the engine.
    """
    below = error.__cause__ or error.__context__
    found = reason_of(below) if below is not None else None
    if found is None and isinstance(error, ValueError | pulumi.RunError):
        return str(error)
    return found


def package_version() -> str:
    """Return the version of the distribution; in a checkout that of pyproject.toml."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        described = Path(__file__).resolve().parents[2] / "pyproject.toml"
        return str(tomllib.loads(described.read_text())["project"]["version"])


def main() -> None:
    """Serve until the engine ends this process."""
    parser = argparse.ArgumentParser(
        prog="pulumi-resource-linkmesh", description="Plugin that Pulumi starts for linkmesh"
    )
    parser.add_argument("engine", help="address of Pulumi's engine")
    engine = parser.parse_known_args()[0].engine
    number = package_version()
    register_cleanup_as(lambda *args, **kwargs: MirrorSweep(*args, **kwargs, version=number))
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(PackageProvider(number), engine))


async def _serve(provider: PackageProvider, engine: str) -> None:
    server = grpc.aio.server(options=_OPTIONS)
    servicer = PackageServicer(provider, sys.argv[1:], engine_address=engine)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()
