"""
A handful of clusters through the genuine engine: five, each linked to each other one.

One story, in order. Three of them are members of one federated service, which the first calls; one
of the three leaves it, and all is removed.
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


def test_a_member_leaves_with_a_plain_up_of_its_stack(sandbox: Sandbox) -> None:
    described = sandbox.described("five")
    member = (
        'Export("yelb-appserver", namespace="yelb", of="four", to=["one"], mode=LinkMode.FEDERATED)'
    )
    text = described.read_text(encoding="utf-8")
    assert member in text
    described.write_text(text.replace(f"        {member},\n", ""), encoding="utf-8")
    sandbox.pulumi("up", "--stack", "five.apps.four", "--yes", "--skip-preview")

    assert eventually(lambda: members(sandbox) == {"yelb-appserver@two", "yelb-appserver@three"})


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", "five")

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1"]) == []
