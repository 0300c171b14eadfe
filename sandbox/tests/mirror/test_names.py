"""What names resolve to for mirror controllers."""

import asyncio
from pathlib import Path

import pytest

from sandbox.balancers import hostnames
from sandbox.balancers.subnets import Subnet
from sandbox.home import HOME_VARIABLE, Home
from sandbox.mirror.names import resolve

NAME = "mesh-1.elb.eu-west-1.amazonaws.com"


def test_a_load_balancers_name_is_what_the_balancers_wrote_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    hostnames.keep(Home(tmp_path), NAME, "internal", [Subnet(id="s", zone="a", cidr="10.0.0.0/28")])

    assert asyncio.run(resolve(NAME)) == ["10.0.0.14"]
    assert asyncio.run(resolve(NAME.replace("mesh", "other"))) == []
