"""
The hybrid extension through the genuine engine: a cluster of one's own calls a back end on EKS.

One story, in order. The cluster "on-premises" was there before, with something on it, and is there
afterwards. Only the Gateway API's types stay, which Linkerd's chart does not delete: others may use
them by then.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox

LOG_GROUP = "/aws/eks/cloud/cluster"

# Whatever may be left behind, in namespaces and outside of them.
KINDS = (
    *("namespaces", "customresourcedefinitions", "clusterroles", "clusterrolebindings"),
    *("mutatingwebhookconfigurations", "validatingwebhookconfigurations", "apiservices"),
    *("deployments", "daemonsets", "cronjobs", "services", "endpoints", "configmaps", "secrets"),
    *("serviceaccounts", "roles", "rolebindings", "poddisruptionbudgets"),
)


@pytest.fixture(scope="module", autouse=True)
def before(sandbox: Sandbox) -> Iterator[set[str]]:
    """Make the cluster that exists, with a service on it, and bring the rest up."""
    kubeconfig = create_onprem(sandbox)
    # Of an earlier cluster of that name: EKS wrote its last logs after it was deleted.
    sandbox.logs("eu-west-1", "create_log_group", logGroupName=LOG_GROUP)
    found = everything_on_premises(sandbox)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LINKMESH_KUBECONFIG_ONPREM", str(kubeconfig))
        output = sandbox.mesh("up", "hybrid").stdout
        assert f"cloud: EKS had made the log group {LOG_GROUP} again; it is taken over" in output
        yield found
    sandbox.delete_cluster("onprem")


def create_onprem(sandbox: Sandbox) -> Path:
    """Create the cluster that exists, and return the path of its kubeconfig."""
    kubeconfig = sandbox.create_cluster("onprem", [f"rack-{number}" for number in range(3)])
    sandbox.kubectl("onprem", "create", "namespace", "payroll")
    sandbox.kubectl("onprem", "-n", "payroll", "create", "deployment", "books", "--image=books:1")
    sandbox.kubectl("onprem", "-n", "payroll", "expose", "deployment", "books", "--port=80")
    return kubeconfig


def everything_on_premises(sandbox: Sandbox) -> set[str]:
    """Name every object on the cluster that exists."""
    return {
        "/".join((each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]))
        for each in sandbox.objects("onprem", ",".join(KINDS), "-A")
    }


def test_a_log_group_that_came_back_has_the_retention_of_the_description(sandbox: Sandbox) -> None:
    [group] = sandbox.logs("eu-west-1", "describe_log_groups", logGroupNamePrefix=LOG_GROUP)[
        "logGroups"
    ]

    assert group["retentionInDays"] == 90


def test_every_link_and_mirror_is_healthy(sandbox: Sandbox) -> None:
    sandbox.healthy("hybrid")


def test_the_front_end_on_premises_calls_the_back_end_on_aws(sandbox: Sandbox) -> None:
    [caller] = [
        each
        for each in sandbox.objects("onprem", "deployments", "-n", "yelb")
        if each["metadata"]["name"] == "yelb-ui"
    ]
    [container] = caller["spec"]["template"]["spec"]["containers"]
    [route] = sandbox.objects("onprem", "httproutes.gateway.networking.k8s.io", "-n", "yelb")
    [endpoints] = [
        each
        for each in sandbox.objects("onprem", "endpoints", "-n", "yelb")
        if each["metadata"]["name"] == "yelb-appserver-cloud"
    ]

    # By the name that it had before the back end moved.
    assert {"name": "YELB_APPSERVER_ENDPOINT", "value": "http://yelb-appserver:4567"} in (
        container["env"]
    )
    assert route["spec"]["parentRefs"][0]["name"] == "yelb-appserver"
    assert route["spec"]["rules"][0]["backendRefs"][0]["name"] == "yelb-appserver-cloud"
    assert endpoints["subsets"][0]["ports"][0]["port"] == 4143


def test_only_the_named_site_and_operators_may_call_the_cluster_on_aws(sandbox: Sandbox) -> None:
    output = sandbox.kubectl(
        "cloud", "-n", "linkerd-multicluster", "get", "service", "linkerd-gateway", "-o", "json"
    )

    admitted = json.loads(output)["spec"]["loadBalancerSourceRanges"]
    assert sorted(admitted) == ["198.51.100.10/32", "198.51.100.20/32"]


def test_a_second_up_meets_what_the_first_one_made(sandbox: Sandbox) -> None:
    """Of namespaces that only have a name, too: nothing on the cluster collides."""
    assert sandbox.mesh("up", "hybrid").stderr == ""


@pytest.mark.parametrize("part", ["onprem", "apps.onprem", "routes.onprem"])
def test_a_preview_of_what_is_on_premises_is_clean(sandbox: Sandbox, part: str) -> None:
    sandbox.pulumi("preview", "--stack", f"hybrid.{part}", "--expect-no-changes")


def test_a_cluster_that_was_replaced_stops_up_with_the_command_that_rebuilds_it(
    sandbox: Sandbox,
) -> None:
    sandbox.delete_cluster("onprem")
    create_onprem(sandbox)
    stopped = sandbox.mesh("up", "hybrid", check=False)
    assert stopped.returncode == 2
    assert "cluster 'onprem' must be the one that was deployed" in stopped.stderr
    assert "mesh up hybrid --rebuild onprem" in stopped.stderr

    sandbox.mesh("up", "hybrid", "--rebuild", "onprem")

    sandbox.healthy("hybrid")


def test_another_export_changes_the_stack_of_its_cluster_and_brings_a_mirror(
    sandbox: Sandbox,
) -> None:
    described = sandbox.described("hybrid")
    text = described.read_text(encoding="utf-8")
    export = 'Export("yelb-appserver", namespace="yelb", of="cloud")'
    another = 'Export("redis-server", namespace="yelb", of="cloud")'
    described.write_text(text.replace(export, f"{export}, {another}"), encoding="utf-8")
    sandbox.pulumi("up", "--stack", "hybrid.apps.cloud", "--yes", "--skip-preview")

    assert eventually(
        lambda: (
            "redis-server-cloud"
            in [each["metadata"]["name"] for each in sandbox.objects("onprem", "services", "-A")]
        )
    )


def test_destroy_takes_what_was_ours_and_leaves_the_cluster_as_it_was(
    sandbox: Sandbox, before: set[str]
) -> None:
    done = sandbox.mesh("destroy", "hybrid")

    assert done.stderr == ""
    assert "Service/payroll/books" in before
    assert sandbox.clusters == ["onprem"]
    assert eventually(lambda: added_types(sandbox, before) == {"gateway.networking.k8s.io"})
    assert before <= everything_on_premises(sandbox)
    assert sandbox.left_in(["eu-west-1"]) == []


def added_types(sandbox: Sandbox, before: set[str]) -> set[str]:
    """Name the groups of the types that are on the cluster and were not before."""
    return {name.partition(".")[2] for name in everything_on_premises(sandbox) - before}
