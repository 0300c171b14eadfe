"""
A handful of clusters through the genuine engine: five, each linked to each other one.

One story, in order. Three of them are members of one federated service, which the first calls.
"""

import json
import re

import pytest

from linkmesh.stacks import load
from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox(long=True)

ENVIRONMENT = load("five")
DISCOVERY = "multicluster.linkerd.io/remote-discovery"


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> None:
    sandbox.mesh("up", "five")


def test_all_twenty_links_and_the_mirror_are_healthy(sandbox: Sandbox) -> None:
    assert len(ENVIRONMENT.links) == 20
    output = sandbox.healthy("five")
    for link in ENVIRONMENT.links:
        assert re.search(rf"^{link.source} +{link.target} +\S+ +ok", output, re.MULTILINE), output
    assert re.search(r"^yelb-db-five\.yelb +two +[1-9]\d* ready +ok", output, re.MULTILINE), output


def test_a_federated_service_has_its_three_members(sandbox: Sandbox) -> None:
    expected = {f"yelb-appserver@{name}" for name in ("two", "three", "four")}

    assert eventually(lambda: members(sandbox) == expected)


def members(sandbox: Sandbox) -> set[str]:
    """Read where the calls of the first cluster may end."""
    output = sandbox.kubectl(
        "one", "-n", "yelb", "get", "service", "yelb-appserver-federated", "-o", "json"
    )
    return set(json.loads(output)["metadata"]["annotations"][DISCOVERY].split(","))


def test_each_cluster_runs_a_controller_for_each_other_one(sandbox: Sandbox) -> None:
    for name in ENVIRONMENT.names:
        found = sandbox.objects(
            name, "deployments", "-n", "linkerd-multicluster", "-l", "component=controller"
        )
        watched = {each["metadata"]["labels"]["mirror.linkerd.io/cluster-name"] for each in found}

        assert watched == {*ENVIRONMENT.names} - {name}
