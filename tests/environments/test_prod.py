"""
The production environment through the genuine engine: three regions, everything protected.

One story, told in order: it is up, nobody destroys it by accident, and whoever wants to can.
"""

import json

import pytest

from sandbox.clusters import cluster_names
from stacks import load
from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox

ENVIRONMENT = load("prod")


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> None:
    sandbox.mesh("up", "prod")


def test_every_link_and_mirror_is_well_across_three_regions(sandbox: Sandbox) -> None:
    assert len({cluster.region for cluster in ENVIRONMENT.eks}) == 3
    assert eventually(lambda: sandbox.mesh("summary", "prod", check=False).returncode == 0)


def test_a_second_up_changes_nothing(sandbox: Sandbox) -> None:
    told = sandbox.mesh("up", "prod").stdout

    assert told.splitlines()[-1].endswith("no changes.")


def test_a_cluster_tells_what_people_ask_for(sandbox: Sandbox) -> None:
    told = json.loads(sandbox.pulumi("stack", "output", "--json", "-s", "prod.west").stdout)["eks"]

    assert told["supportEnd"] == "2027-03-27"
    assert told["certificateAuthorityExpiry"].endswith("Z")
    assert told["securityGroupId"].startswith("sg-")
    assert told["clusterRole"]
    assert told["nodeRole"]


def test_a_protected_cluster_is_not_destroyed(sandbox: Sandbox) -> None:
    refused = sandbox.pulumi("destroy", "--stack", "prod.front", "--yes", check=False)

    assert refused.returncode != 0
    assert "protected" in refused.stdout + refused.stderr
    assert set(cluster_names(sandbox.home)) == set(ENVIRONMENT.names)


def test_after_protection_is_taken_away_destroy_leaves_an_empty_account(sandbox: Sandbox) -> None:
    path = sandbox.described("prod")
    was = path.read_text()
    path.write_text(was.replace("protect=True", "protect=False"))
    sandbox.mesh("up", "prod")
    sandbox.mesh("destroy", "prod")
    path.write_text(was)

    assert cluster_names(sandbox.home) == []
    assert sandbox.left_in([cluster.region for cluster in ENVIRONMENT.eks]) == []
