"""
The development environment: two clusters in one region, linked, through the genuine engine.

One story, told in order.
"""

import pytest

from stacks import load
from tests.environments.conftest import Sandbox

pytestmark = pytest.mark.sandbox

ENVIRONMENT = load("dev").environment


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> None:
    sandbox.mesh("up", "dev")


def test_clusters_in_one_region_call_one_another(sandbox: Sandbox) -> None:
    assert len({cluster.region for cluster in ENVIRONMENT.eks}) == 1
    sandbox.well("dev")


def test_each_cluster_has_one_load_balancer_controller_and_only_the_called_one_a_balancer(
    sandbox: Sandbox,
) -> None:
    balancers = {
        name: [
            service["metadata"]["name"]
            for service in sandbox.objects(name, "services", "-A")
            if service["spec"]["type"] == "LoadBalancer"
        ]
        for name in ENVIRONMENT.names
    }
    controllers = [
        sandbox.objects(name, "deployments", "-n", "kube-system") for name in ENVIRONMENT.names
    ]

    assert balancers == {"front": [], "back": ["linkerd-gateway"]}
    assert [[each["metadata"]["name"] for each in found] for found in controllers] == [
        ["aws-load-balancer-controller"]
    ] * 2


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", "dev")

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1"]) == []
