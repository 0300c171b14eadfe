"""
The emulated AWS listens on loopback, forgets nothing over a restart, and sees nobody's credentials.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from sandbox import aws_api
from sandbox.aws_api import has_forgotten, start_aws
from sandbox.home import Home, SandboxError, delete_home, end_process, running_pid
from sandbox.processes import end_pids


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    yield home
    delete_home(home)


def client(endpoint: str, service: str) -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name="eu-west-3",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_what_it_knows_survives_a_restart_at_the_same_address(home: Home) -> None:
    endpoint = start_aws(home)
    client(endpoint, "ec2").create_vpc(CidrBlock="10.10.0.0/16")
    end_process(home, aws_api.PROCESS)

    assert start_aws(home) == endpoint
    blocks = [vpc["CidrBlock"] for vpc in client(endpoint, "ec2").describe_vpcs()["Vpcs"]]
    assert "10.10.0.0/16" in blocks


def test_one_that_was_killed_says_so_even_if_it_was_saved_before(home: Home) -> None:
    start_aws(home)
    end_process(home, aws_api.PROCESS)
    saved = has_forgotten(home)
    start_aws(home)
    pid = running_pid(home, aws_api.PROCESS)
    assert pid is not None
    end_pids([pid], patience_seconds=0)

    assert (saved, has_forgotten(home)) == (False, True)


def test_its_environment_holds_nothing_of_the_callers(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    environment = aws_api._environment(home, "http://127.0.0.1:1234")

    assert "AWS_PROFILE" not in environment
    assert environment["BIND_HOST"] == "127.0.0.1"
    assert environment["GATEWAY_PORT"] == "1234"
    for name in ("HOME", "TMPDIR", "STATE_DIR"):
        assert environment[name].startswith(str(home.root))


def test_an_emulation_that_ends_at_once_is_reported_with_its_last_words(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(home.root / "python"))
    home.root.mkdir(parents=True)
    (home.root / "python").write_text("#!/bin/sh\necho no such module >&2\nexit 1\n")
    os.chmod(home.root / "python", 0o755)

    with pytest.raises(SandboxError, match="The last it said: no such module"):
        start_aws(home)
