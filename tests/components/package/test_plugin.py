"""The plugin as Pulumi starts it: a process that prints its port and answers the engine."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from linkmesh.package.plugin import package_version, reason_of
from linkmesh.package.schema import schema
from tests.project import PROJECT

FOLDER = PROJECT / "components" / "package"
VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]

# Nothing listens there: an engine is only asked when a component is made.
NO_ENGINE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def plugin() -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """Start it as PulumiPlugin.yaml does: its folder as a program, far from this repository."""
    process = subprocess.Popen(
        [sys.executable, str(FOLDER), NO_ENGINE, "--logflow"],
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        with grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        process.terminate()
        process.wait()


def properties(**given: str) -> Struct:
    made = Struct()
    made.update(given)
    return made


def test_it_has_the_schema_and_the_version_of_the_distribution(
    plugin: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    answer = json.loads(plugin.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    assert answer == {**schema(), "version": VERSION}
    assert package_version() == VERSION


def test_an_unknown_component_is_one_message(
    plugin: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    request = provider_pb2.ConstructRequest(type="linkmesh:index:Mash", name="it")

    with pytest.raises(grpc.RpcError) as caught:
        plugin.Construct(request)

    assert "Traceback" not in str(caught.value)


def test_a_mesh_without_aws_needs_no_sdk_of_aws() -> None:
    program = (
        "import sys; sys.modules['pulumi_aws'] = sys.modules['pulumi_kind'] = None; "
        "from linkmesh.package.provider import PackageProvider; "
        "from linkmesh.package import catalogue, plugin; catalogue.crossing('Mesh'); "
        "print(len(PackageProvider('1.2.3')._names) > 50)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True
    )

    assert done.stdout == "True\n", done.stderr


def test_a_value_that_is_not_valid_is_told_without_what_is_around_it() -> None:
    def failed() -> None:
        try:
            raise ValueError("kubeconfig must be YAML")
        except ValueError as error:
            raise ValueError(f"While processing input 'grant': {error}") from error

    with pytest.raises(Exception, match="processing") as caught:
        failed()

    assert reason_of(caught.value) == "kubeconfig must be YAML"


def test_an_error_of_another_kind_stays_what_it_is() -> None:
    assert reason_of(KeyError("target")) is None


def test_the_resource_that_removes_mirrors_notes_whose_they_are(
    plugin: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    given = properties(target="east", kubeconfig="K")

    made = plugin.Create(provider_pb2.CreateRequest(properties=given))

    assert made.id == "east"
    assert made.properties == given


@pytest.mark.parametrize(
    ("news", "replaces", "diffs"),
    [
        ({"target": "east", "kubeconfig": "K"}, [], []),
        ({"target": "east", "kubeconfig": "L"}, [], ["kubeconfig"]),
        ({"target": "west", "kubeconfig": "K"}, ["target"], ["target"]),
    ],
)
def test_another_target_replaces_it_and_another_kubeconfig_does_not(
    plugin: provider_pb2_grpc.ResourceProviderStub,
    news: dict[str, str],
    replaces: list[str],
    diffs: list[str],
) -> None:
    olds = properties(target="east", kubeconfig="K")

    answer = plugin.Diff(provider_pb2.DiffRequest(olds=olds, news=properties(**news)))

    assert list(answer.replaces) == replaces
    assert list(answer.diffs) == diffs
    assert (answer.changes == provider_pb2.DiffResponse.DIFF_NONE) == (not diffs)
