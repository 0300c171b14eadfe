"""Programs of stacks are forked with the SDKs imported, and are what the engine can reach."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    language_pb2,
    language_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)

from linkmesh.cli.runs.preloading import SERVING
from linkmesh.cli.runs.programs import Programs


class Engine(engine_pb2_grpc.EngineServicer):
    """Hears what a program says."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Hear a line."""
        if request.severity == engine_pb2.ERROR:
            self.heard.append(request.message)
        return empty_pb2.Empty()


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Knows no feature, and registers nothing."""

    def SupportsFeature(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Say no."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=False)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take the outputs of the stack."""
        return empty_pb2.Empty()

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take what a program registers, which is its stack."""
        return resource_pb2.RegisterResourceResponse(urn=f"urn:pulumi:::::{request.type}::")


@contextmanager
def engine() -> Iterator[tuple[str, Engine]]:
    """Serve both where a program looks for them."""
    server, heard = grpc.server(ThreadPoolExecutor(max_workers=2)), Engine()
    engine_pb2_grpc.add_EngineServicer_to_server(heard, server)
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", heard
    server.stop(0)


@pytest.fixture(scope="module")
def programs() -> Programs:
    """Import nothing of the SDKs: what is preloaded is tried by the environments."""
    return Programs(Path.cwd(), preloaded=SERVING)


def test_the_engine_reaches_a_program_that_runs_on_the_same_python(programs: Programs) -> None:
    with programs.serve() as address, grpc.insecure_channel(address) as channel:
        about = language_pb2_grpc.LanguageRuntimeStub(channel).About(language_pb2.AboutRequest())

    assert about.executable == sys.executable


def test_a_failure_of_a_program_is_said_once(programs: Programs) -> None:
    with (
        engine() as (there, heard),
        programs.serve() as address,
        grpc.insecure_channel(address) as channel,
    ):
        asked = language_pb2.RunRequest(
            project="linkmesh", stack="missing.west", monitor_address=there, args=[there]
        )
        done = language_pb2_grpc.LanguageRuntimeStub(channel).Run(asked)

    [error] = heard.heard
    assert "stacks/environments/missing.py" in error
    assert done.bail
    assert done.error == "", "the engine says again what is in this field"


def test_a_program_ends_when_its_operation_does(programs: Programs) -> None:
    with programs.serve() as first, programs.serve() as second:
        assert first != second

    for address in (first, second):
        with grpc.insecure_channel(address) as channel:
            ready = grpc.channel_ready_future(channel)
            with pytest.raises(grpc.FutureTimeoutError):
                ready.result(timeout=0.5)
