"""One emulated account for all tests of the imitated AWS provider, emptied before each."""

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import clusters
from sandbox.aws_api import PROCESS, start_aws
from sandbox.home import Home, end_process
from sandbox.plugins.aws.cloud import Cloud, Credentials
from sandbox.tests.plugins.aws.programs import FakeClusters, Program


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start ministack alone, without a sandbox around it."""
    home = Home(tmp_path_factory.mktemp("aws"))
    yield start_aws(home)
    end_process(home, PROCESS)


@pytest.fixture
def region(endpoint: str, tmp_path: Path) -> Callable[[str], Cloud]:
    """Give a region of the empty account."""
    request = urllib.request.Request(f"{endpoint}/_ministack/reset", method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()

    def at(name: str) -> Cloud:
        return Cloud(
            endpoint=endpoint,
            region=name,
            credentials=Credentials(access_key="test", secret_key="test"),
            home=Home(tmp_path),
            default_tags={"environment": "demo"},
        )

    return at


@pytest.fixture
def program(region: Callable[[str], Cloud]) -> Program:
    """Give an empty program in eu-west-1."""
    return Program(region("eu-west-1"))


@pytest.fixture
def kwok(monkeypatch: pytest.MonkeyPatch) -> FakeClusters:
    """Start no API servers."""
    fake = FakeClusters()
    for name in ("create_cluster", "read_cluster", "delete_cluster", "add_nodes", "remove_nodes"):
        monkeypatch.setattr(clusters, name, getattr(fake, name))
    return fake
