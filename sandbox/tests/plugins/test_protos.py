"""The protocol is loaded without the SDK, and fits to the SDK when both are there."""

import subprocess
import sys

from sandbox.home import PROJECT


def run(program: str) -> str:
    argv = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n{program}",
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def test_a_provider_loads_neither_the_sdk_nor_protocols_it_does_not_speak() -> None:
    loaded = run(
        "import sandbox.plugins.service\n"
        "print([n for n in sys.modules if n == 'pulumi' or n.endswith('language_pb2')])"
    )

    assert loaded == "[]"


def test_messages_are_the_sdks_own_classes_whoever_comes_first() -> None:
    same = "print(protos.provider_pb2.DiffRequest is sdk.DiffRequest)"
    ours = "from sandbox.plugins import protos; protos.provider_pb2\n"
    theirs = "from pulumi.runtime.proto import provider_pb2 as sdk\n"

    assert run(ours + theirs + same) == "True"
    assert run(theirs + ours + same) == "True"
