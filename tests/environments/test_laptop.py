"""
The laptop's environment through the genuine engine: kind clusters that call kind clusters.

One story, in order: three clusters reach one another by their nodes' names, a fourth joins the
running mesh and leaves it again, and the three do not notice. Docker's network is imitated: names
are answered for, certificates are genuine, no packet flows.
"""

import base64
import json
import time
from typing import Any

import pytest
import yaml

from linkmesh.stacks import load
from tests.environments.bundle import forms, opened, secrets_of
from tests.environments.conftest import Sandbox, eventually

pytestmark = pytest.mark.sandbox

ENVIRONMENT = load("laptop")
MULTICLUSTER = "linkerd-multicluster"
CALLED_BACK = 'links=chain("front", "back", "data"),'
CLUSTERS = 'Kind("data", workers=1)]'
KINDS = "pods,services,serviceaccounts,secrets,links.multicluster.linkerd.io"


# After which Linkerd's own test of its multicluster extension checks a second time.
AGAIN_SECONDS = 65


@pytest.fixture(scope="module", autouse=True)
def since(sandbox: Sandbox) -> float:
    """Bring it up, and return when that was done."""
    sandbox.mesh("up", "laptop")
    return time.monotonic()


def test_every_link_and_mirror_is_healthy(sandbox: Sandbox) -> None:
    sandbox.healthy("laptop")


def test_a_link_leads_to_the_name_of_a_node_and_to_its_ports(sandbox: Sandbox) -> None:
    [link] = sandbox.objects("front", "links.multicluster.linkerd.io", "-n", MULTICLUSTER)
    [credentials] = [
        each
        for each in sandbox.objects("front", "secrets", "-n", MULTICLUSTER)
        if each["metadata"]["name"] == "cluster-credentials-back"
    ]
    kubeconfig = yaml.safe_load(base64.b64decode(credentials["data"]["kubeconfig"]))

    assert link["spec"]["gatewayAddress"] == "back-control-plane"
    assert link["spec"]["gatewayPort"] == "30143"
    assert link["spec"]["probeSpec"]["port"] == "30191"
    assert kubeconfig["clusters"][0]["cluster"]["server"] == "https://back-control-plane:6443"


def test_a_mirror_leads_to_the_node_of_its_target(sandbox: Sandbox) -> None:
    [node] = [
        each["status"]["addresses"][0]["address"]
        for each in sandbox.objects("back", "nodes")
        if each["metadata"]["name"] == "back-control-plane"
    ]
    [subset] = endpoints(sandbox, "front", "yelb-appserver-back")

    assert [address["ip"] for address in subset["addresses"]] == [node]
    assert [port["port"] for port in subset["ports"]] == [30143]


def test_each_gateway_answers_the_probe_of_its_source(sandbox: Sandbox) -> None:
    def output() -> str:
        return sandbox.home.log("mirror").read_text()

    assert eventually(lambda: "front/controller-back: the gateway is up" in output())
    assert eventually(lambda: "back/controller-data: the gateway is up" in output())


@pytest.fixture(scope="module")
def files(sandbox: Sandbox) -> dict[str, str]:
    """Make the environment's support bundle and return the files in it."""
    file = sandbox.home.root / "bundle.tar.gz"
    sandbox.mesh("support-bundle", "laptop", "--output", str(file))
    return opened(file.read_bytes())


def test_no_secret_that_exists_is_in_any_file_of_the_support_bundle(
    sandbox: Sandbox, files: dict[str, str]
) -> None:
    secrets = secrets_of(sandbox)
    leaks = [
        (path, secret[:4])
        for path, text in files.items()
        for secret in secrets
        if any(form in text for form in forms(secret))
    ]

    assert len(secrets) > 20
    assert any("PRIVATE KEY" in each for each in secrets)
    assert any(each.startswith("eyJ") for each in secrets)
    assert leaks == []


def test_the_support_bundle_contains_what_support_needs(files: dict[str, str]) -> None:
    (link,) = json.loads(files["clusters/front/links.json"])["items"]
    (mirror,) = json.loads(files["clusters/front/mirror-services.json"])["items"]
    resources = json.loads(files["stacks/links.front/resources.json"])["resources"]
    controllers = json.loads(files["clusters/front/linkerd-multicluster/deployments.json"])["items"]

    assert link["spec"]["targetClusterName"] == "back"
    assert mirror["metadata"]["name"] == "yelb-appserver-back"
    assert files["description.txt"].startswith("environment laptop: ")
    assert json.loads(files["status.json"])["healthy"] is True
    assert any(each["type"].endswith("Link") for each in resources)
    assert "controller-back" in [each["metadata"]["name"] for each in controllers]
    assert json.loads(files["stacks/front/outputs.json"])["kubeconfig"] == "[secret]"
    assert "[certificate of CN=" in files["clusters/front/linkerd/configmaps.json"]
    assert not [path for path in files if "secret" in path]


def test_the_support_bundle_says_which_pods_have_no_logs(files: dict[str, str]) -> None:
    logs = [text for path, text in files.items() if "/logs/" in path]

    assert logs
    assert all(text.startswith("no logs: ") for text in logs)


def test_every_json_file_of_the_support_bundle_is_json(files: dict[str, str]) -> None:
    for path, text in files.items():
        if path.endswith(".json"):
            json.loads(text)


def test_a_cluster_joins_a_running_mesh_and_the_others_are_untouched(sandbox: Sandbox) -> None:
    before = {name: identities(sandbox, name) for name in ENVIRONMENT.names}
    change(
        sandbox,
        (CLUSTERS, 'Kind("data", workers=1), Kind("edge", workers=1)]'),
        (CALLED_BACK, 'links=[*chain("front", "back", "data"), *chain("edge", "back")],'),
        ('of="back", to=["front"])', 'of="back", to=["front", "edge"])'),
    )
    sandbox.mesh("up", "laptop")
    after = {name: identities(sandbox, name) for name in ENVIRONMENT.names}

    assert eventually(lambda: bool(endpoints(sandbox, "edge", "yelb-appserver-back")))
    assert eventually(lambda: bool(endpoints(sandbox, "front", "yelb-appserver-back")))
    assert not any(before[name] - after[name] for name in before)


def test_it_leaves_again_and_the_others_are_as_they_were(sandbox: Sandbox) -> None:
    joined = identities(sandbox, "back")
    change(
        sandbox,
        ('links=[*chain("front", "back", "data"), *chain("edge", "back")],', CALLED_BACK),
        ('of="back", to=["front", "edge"])', 'of="back", to=["front"])'),
    )
    sandbox.mesh("up", "laptop")
    change(sandbox, ('Kind("data", workers=1), Kind("edge", workers=1)]', CLUSTERS))
    sandbox.mesh("up", "laptop", "--prune")
    left = identities(sandbox, "back")

    assert sandbox.clusters == sorted(ENVIRONMENT.names)
    assert left < joined
    assert not any("edge" in name for name, _ in left)
    sandbox.healthy("laptop")


def test_everything_is_still_healthy_after_65_seconds_and_no_gateway_was_lost(
    sandbox: Sandbox, since: float
) -> None:
    time.sleep(max(0.0, AGAIN_SECONDS - (time.monotonic() - since)))

    sandbox.mesh("status", "laptop")
    assert "the gateway is down" not in sandbox.home.log("mirror").read_text()


def test_a_cluster_that_is_gone_stops_up_with_the_command_that_rebuilds_it(
    sandbox: Sandbox,
) -> None:
    sandbox.delete_cluster("front")
    stopped = sandbox.mesh("up", "laptop", check=False)
    assert stopped.returncode == 2
    assert "cluster 'front' must answer" in stopped.stderr
    assert "mesh up laptop --rebuild front" in stopped.stderr

    others = {name: identities(sandbox, name) for name in ("back", "data")}
    sandbox.mesh("up", "laptop", "--rebuild", "front")

    sandbox.healthy("laptop")
    assert endpoints(sandbox, "front", "yelb-appserver-back")
    assert {name: identities(sandbox, name) for name in others} == others


def test_a_cluster_that_is_gone_stops_destroy_until_it_is_forgotten(sandbox: Sandbox) -> None:
    sandbox.delete_cluster("back")
    stopped = sandbox.mesh("destroy", "laptop", check=False)
    assert stopped.returncode == 2
    assert "mesh forget laptop back, then mesh destroy laptop" in stopped.stderr

    sandbox.mesh("forget", "laptop", "back", "--yes")
    sandbox.mesh("destroy", "laptop")

    assert sandbox.clusters == []


def endpoints(sandbox: Sandbox, cluster: str, name: str) -> list[dict[str, Any]]:
    """Read where a service leads to."""
    output = sandbox.kubectl(cluster, "-n", "yelb", "get", "endpoints", name, "-o", "json")
    return list(json.loads(output).get("subsets") or [])


def identities(sandbox: Sandbox, cluster: str) -> set[tuple[str, str]]:
    """Return the objects of a mesh on a cluster, by name and uid."""
    return {
        (f"{each['kind']}/{each['metadata']['name']}", each["metadata"]["uid"])
        for namespace in (MULTICLUSTER, "yelb")
        for each in sandbox.objects(cluster, KINDS, "-n", namespace)
        if each.get("type") != "helm.sh/release.v1"
    }


def change(sandbox: Sandbox, *pairs: tuple[str, str]) -> None:
    """Change the copy's description of the environment."""
    described = sandbox.described("laptop")
    text = described.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    described.write_text(text)
