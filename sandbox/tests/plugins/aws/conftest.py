"""One emulated account for all tests of the imitated AWS provider, emptied before each."""

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import cluster_folder, clusters, nodes
from sandbox.aws_api import PROCESS, start_aws
from sandbox.home import Home, end_process
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.tests.plugins.aws.programs import Program
from sandbox.tests.plugins.aws.world import WORLD
from sandbox.tests.plugins.fake_clusters import FakeClusters


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start ministack alone, without a sandbox around it."""
    home = Home(tmp_path_factory.mktemp("aws"))
    yield start_aws(home)
    end_process(home, PROCESS)


def empty_account(endpoint: str, folder: Path) -> Callable[[str], Cloud]:
    """Give the regions of the account, emptied."""
    request = urllib.request.Request(f"{endpoint}/_ministack/reset", method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()

    def at(name: str) -> Cloud:
        return Cloud(
            endpoint=endpoint,
            region=name,
            credentials=Credentials(access_key="test", secret_key="test"),
            home=Home(folder),
            default_tags={"environment": "demo"},
        )

    return at


@pytest.fixture
def region(endpoint: str, tmp_path: Path) -> Callable[[str], Cloud]:
    """Give a region of the empty account."""
    return empty_account(endpoint, tmp_path)


@pytest.fixture
def kwok(monkeypatch: pytest.MonkeyPatch) -> FakeClusters:
    """Start no API servers in a test."""
    fake = FakeClusters()
    fake.replace(monkeypatch, clusters, cluster_folder, nodes)
    return fake


@pytest.fixture
def program(region: Callable[[str], Cloud], kwok: FakeClusters) -> Program:
    """Give an empty program in eu-west-1."""
    return Program(region("eu-west-1"))


@pytest.fixture(scope="module")
def world(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Make the whole world, once for tests that change nothing."""
    program = Program(empty_account(endpoint, tmp_path_factory.mktemp("world"))("eu-west-1"))
    with pytest.MonkeyPatch.context() as patched:
        FakeClusters().replace(patched, clusters, nodes)
        for name in WORLD:
            program.one(name)
        yield program
