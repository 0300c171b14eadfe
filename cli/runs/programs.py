"""
The programs of stacks, each forked from one process that has imported Pulumi's SDKs.

For `pulumi up`, Pulumi starts a language host for each stack, and that a Python which imports the
SDKs. Here they are imported once, in a process from which the programs are forked (`forkserver` of
the standard library). The engine reaches each as it reaches inline programs of the Automation API,
with the same stack, configuration and secrets, and it runs the same `deploy` as `__main__.py`.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import grpc

# The Automation API names them in no public module.
from pulumi.automation._server import LanguageServer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

# A program whose connection is closed has nothing left to do.
END_SECONDS = 5


class Programs:
    """Runs the programs of a project's stacks."""

    def __init__(self, folder: Path, preloaded: Sequence[str]) -> None:
        """
        Choose what programs import in advance.

        Args:
            folder: the folder of the project.
            preloaded: names of modules, this one included; see `preloading`.
        """
        self.folder = folder
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([*preloaded])

    def start(self) -> None:
        """Begin to import what programs import; they load while other work runs."""
        forkserver.ensure_running()

    @contextmanager
    def serve(self) -> Iterator[str]:
        """
        Start one program, and end it afterwards.

        Yields: the address at which the engine finds it.
        """
        ours, its = self._context.Pipe()
        program = self._context.Process(target=_serve, args=(its, str(self.folder)), daemon=True)
        program.start()
        its.close()
        try:
            yield str(ours.recv())
        finally:
            ours.close()
            program.join(END_SECONDS)
            if program.is_alive():
                program.kill()


class Program(LanguageServer):
    """Runs `stacks.deploy` for the engine."""

    def Run(self, request: Any, context: Any) -> language_pb2.RunResponse:  # noqa: N802
        """Run the program; errors are logged already, so the engine does not report them again."""
        done: Any = super().Run(request, context)  # type: ignore[no-untyped-call]
        return language_pb2.RunResponse(bail=bool(done.error))


def _serve(connection: Connection, folder: str) -> None:
    """Serve one program until the other end of the connection is closed."""
    # The engine ends the program of an interrupted operation.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    # Output of programs must not mix with that of `mesh`.
    os.dup2(2, 1)
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_GRPC_CHANNEL_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Program(_deploy), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    connection.send(f"127.0.0.1:{port}")
    try:
        connection.recv()
    except EOFError:
        server.stop(0)


def _deploy() -> None:
    from linkmesh.stacks import deploy

    deploy()
