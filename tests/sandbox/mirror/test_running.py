"""
The mirror controllers on genuine clusters: our multicluster chart, a link, and what follows.

Each test has a namespace of its own. Nothing is asserted about how fast things are, only that they
happen.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from sandbox.clusters import Node, add_nodes, create_cluster, read_cluster
from sandbox.home import HOME_VARIABLE, PROJECT, STATE, TOOLCHAIN, Home, delete_home, start_process
from sandbox.mirror.mirrors import is_empty

pytestmark = pytest.mark.sandbox

MULTICLUSTER = "linkerd-multicluster"
SOURCE, TARGET = "near", "far"
PATIENCE_SECONDS = 30.0

EXPORTED = {"mirror.linkerd.io/exported": "true"}

VALUES: dict[str, dict[str, Any]] = {
    SOURCE: {"controllers": [{"link": {"ref": {"name": TARGET}}}], "gateway": {"enabled": False}},
    TARGET: {},
}


@dataclass(frozen=True)
class World:
    """Two clusters, linked, with mirror controllers."""

    home: Home

    def kubectl(self, cluster: str, *argv: str, given: str | None = None) -> str:
        return self._run("kubectl", cluster, *argv, given=given)

    def helm(self, cluster: str, chart: str, namespace: str, values: dict[str, Any]) -> None:
        folder = str(PROJECT / "sandbox" / "charts" / chart)
        argv = ["upgrade", "--install", chart, folder, "-n", namespace, "--wait", "-f", "-"]
        self._run("helm", cluster, *argv, "--create-namespace", given=yaml.safe_dump(values))

    def apply(self, cluster: str, *objects: dict[str, Any]) -> None:
        text = "\n---\n".join(json.dumps(one) for one in objects)
        self.kubectl(cluster, "apply", "--server-side", "-f", "-", given=text)

    def read(self, cluster: str, namespace: str, kind: str, name: str) -> dict[str, Any]:
        argv = ["get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found"]
        return dict(json.loads(self.kubectl(cluster, *argv) or "{}"))

    def subsets(self, namespace: str, mirror: str) -> list[dict[str, Any]]:
        return self.read(SOURCE, namespace, "endpoints", mirror).get("subsets") or []

    def condition(self, service: str, namespace: str) -> tuple[str, str]:
        link = self.read(SOURCE, MULTICLUSTER, "links.multicluster.linkerd.io", TARGET)
        for entry in link.get("status", {}).get("mirrorServices", []):
            if (
                entry["remoteRef"]["name"] == service
                and entry["remoteRef"]["namespace"] == namespace
            ):
                first: dict[str, str] = entry["conditions"][0]
                return first["reason"], first["message"]
        return "", ""

    def log(self) -> str:
        return self.home.log("mirror").read_text()

    def _run(self, program: str, cluster: str, *argv: str, given: str | None) -> str:
        kubeconfig = f"--kubeconfig={self.home.cluster(cluster) / 'kubeconfig'}"
        done = subprocess.run(
            [str(TOOLCHAIN / "bin" / program), kubeconfig, *argv],
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def eventually(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never became true"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    home = Home(STATE / "test-mirror")
    delete_home(home)
    started = World(home)
    try:
        with ThreadPoolExecutor() as workers:
            list(workers.map(lambda name: _install(started, name), (SOURCE, TARGET)))
        argv = [sys.executable, "-m", "sandbox.mirror"]
        start_process(home, "mirror", argv, env={HOME_VARIABLE: str(home.root)}, cwd=PROJECT)
        started.apply(SOURCE, _credentials(started), _link(started))
        yield started
    finally:
        delete_home(home)


@pytest.fixture
def namespace(world: World, request: pytest.FixtureRequest) -> str:
    """Make a namespace of the test's own on both clusters."""
    name = str(request.node.name).removeprefix("test_").replace("_", "-")[:50].strip("-")
    for cluster in (SOURCE, TARGET):
        world.kubectl(cluster, "create", "namespace", name)
    return name


def _install(world: World, name: str) -> None:
    create_cluster(world.home, name)
    add_nodes(world.home, name, [Node(name=f"{name}-worker")])
    world.helm(name, "linkerd-crds", "linkerd", {})
    values = {**VALUES[name], "createNamespaceMetadataJob": False}
    world.helm(name, MULTICLUSTER, MULTICLUSTER, values)


def _credentials(world: World) -> dict[str, Any]:
    account = "linkerd-service-mirror-remote-access-default"
    secret = world.read(TARGET, MULTICLUSTER, "secret", f"{account}-token")
    target = read_cluster(world.home, TARGET)
    assert target is not None
    cluster = {
        "server": target.server,
        "certificate-authority-data": base64.b64encode(target.ca_pem.encode()).decode(),
    }
    config = {
        "current-context": TARGET,
        "contexts": [{"name": TARGET, "context": {"cluster": TARGET, "user": account}}],
        "clusters": [{"name": TARGET, "cluster": cluster}],
        "users": [
            {"name": account, "user": {"token": base64.b64decode(secret["data"]["token"]).decode()}}
        ],
    }
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"cluster-credentials-{TARGET}", "namespace": MULTICLUSTER},
        "type": "mirror.linkerd.io/remote-kubeconfig",
        "stringData": {"kubeconfig": yaml.safe_dump(config)},
    }


def _link(world: World) -> dict[str, Any]:
    gateway = world.read(TARGET, MULTICLUSTER, "service", "linkerd-gateway")
    return {
        "apiVersion": "multicluster.linkerd.io/v1alpha3",
        "kind": "Link",
        "metadata": {"name": TARGET, "namespace": MULTICLUSTER},
        "spec": {
            "targetClusterName": TARGET,
            "targetClusterDomain": "cluster.local",
            "clusterCredentialsSecret": f"cluster-credentials-{TARGET}",
            "gatewayAddress": gateway["status"]["loadBalancer"]["ingress"][0]["ip"],
            "gatewayPort": "4143",
            "gatewayIdentity": "gateway.identity",
            "probeSpec": {"path": "/ready", "port": "4191", "period": "500ms"},
            "selector": {"matchLabels": EXPORTED},
        },
    }


def _service(namespace: str, name: str = "db", labels: dict[str, str] = EXPORTED) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"selector": {"app": name}, "ports": [{"name": "tcp", "port": 5432}]},
    }


def _deployment(namespace: str, name: str = "db") -> dict[str, Any]:
    pod = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "db", "image": "x"}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": pod},
    }


def _export(world: World, namespace: str) -> None:
    """Export a service that runs already, as one does; see Watcher for why the order matters."""
    world.apply(TARGET, _deployment(namespace), _service(namespace, labels={}))
    eventually(lambda: not is_empty(world.read(TARGET, namespace, "endpoints", "db")))
    label = ("-n", namespace, "label", "service", "db", "mirror.linkerd.io/exported=true")
    world.kubectl(TARGET, *label)


def test_an_exported_service_is_mirrored_with_its_endpoints(world: World, namespace: str) -> None:
    _export(world, namespace)

    eventually(lambda: world.subsets(namespace, f"db-{TARGET}"))
    subset = world.subsets(namespace, f"db-{TARGET}")[0]
    assert subset["ports"] == [{"name": "tcp", "port": 4143, "protocol": "TCP"}]
    eventually(lambda: world.condition("db", namespace) == ("Mirrored", ""))

    # Genuine controllers of the source make slices of it, with which Linkerd's proxies work.
    eventually(lambda: "db-far" in world.kubectl(SOURCE, "get", "endpointslices", "-n", namespace))

    world.kubectl(TARGET, "-n", namespace, "label", "service", "db", "mirror.linkerd.io/exported-")
    eventually(lambda: not world.read(SOURCE, namespace, "service", f"db-{TARGET}"))


def test_a_missing_namespace_is_told_and_made_good(world: World) -> None:
    space = "only-far"
    world.kubectl(TARGET, "create", "namespace", space)
    world.apply(TARGET, _service(space))

    eventually(lambda: world.condition("db", space)[0] == "MissingNamespace")
    events = world.kubectl(TARGET, "get", "events", "-n", space)
    assert "ServiceMirroringSkipped" in events

    world.kubectl(SOURCE, "create", "namespace", space)
    eventually(lambda: world.read(SOURCE, space, "service", f"db-{TARGET}"))


def test_a_name_that_is_too_long_is_told_in_the_status(world: World, namespace: str) -> None:
    name = "s" * 60
    world.apply(TARGET, _service(namespace, name))

    eventually(lambda: world.condition(name, namespace)[0] == "Error")
    assert "must be no more than 63 characters" in world.condition(name, namespace)[1]


def test_somebody_elses_service_is_left_alone(world: World, namespace: str) -> None:
    world.apply(SOURCE, _service(namespace, f"db-{TARGET}", {}))
    world.apply(TARGET, _service(namespace), _service(namespace, "after"))

    eventually(lambda: world.read(SOURCE, namespace, "service", f"after-{TARGET}"))
    foreign = world.read(SOURCE, namespace, "service", f"db-{TARGET}")
    assert "labels" not in foreign["metadata"]
    assert world.condition("db", namespace) == ("", "")


def test_a_gateway_that_goes_down_and_comes_back_is_followed(world: World, namespace: str) -> None:
    _export(world, namespace)
    eventually(lambda: world.subsets(namespace, f"db-{TARGET}"))
    scale = ("-n", MULTICLUSTER, "scale", "deployment", "linkerd-gateway")

    world.kubectl(TARGET, *scale, "--replicas=0")
    eventually(lambda: "notReadyAddresses" in world.subsets(namespace, f"db-{TARGET}")[0])

    world.kubectl(TARGET, *scale, "--replicas=1")
    eventually(lambda: "addresses" in world.subsets(namespace, f"db-{TARGET}")[0])


def test_without_rights_on_the_target_nothing_is_mirrored(world: World, namespace: str) -> None:
    role = "linkerd-service-mirror-remote-access-default"
    binding = json.loads(world.kubectl(TARGET, "get", "clusterrolebinding", role, "-o", "json"))
    world.kubectl(TARGET, "delete", "clusterrolebinding", role)
    try:
        # A changed spec makes the controller begin anew, with the rights it has now.
        change = json.dumps({"spec": {"targetClusterDomain": "other.local"}})
        patch = (
            "-n",
            MULTICLUSTER,
            "patch",
            "links.multicluster.linkerd.io",
            TARGET,
            "--type=merge",
        )
        world.kubectl(SOURCE, *patch, "-p", change)
        world.apply(TARGET, _service(namespace))

        eventually(
            lambda: "cannot watch the target's services: services is forbidden" in world.log()
        )
        assert not world.read(SOURCE, namespace, "service", f"db-{TARGET}")
    finally:
        kept = {key: binding[key] for key in ("apiVersion", "kind", "roleRef", "subjects")}
        world.apply(TARGET, {**kept, "metadata": {"name": role}})
    eventually(lambda: world.read(SOURCE, namespace, "service", f"db-{TARGET}"))


def test_new_credentials_are_read_only_by_new_pods(world: World, namespace: str) -> None:
    wrong = _credentials(world)
    wrong["stringData"]["kubeconfig"] = wrong["stringData"]["kubeconfig"].replace(
        "token: ", "token: x"
    )
    world.apply(SOURCE, wrong)

    world.apply(TARGET, _service(namespace, "before"))
    eventually(lambda: world.read(SOURCE, namespace, "service", f"before-{TARGET}"))

    said = len(world.log())
    restart = ("rollout", "restart", "deployment", f"controller-{TARGET}", "-n", MULTICLUSTER)
    world.kubectl(SOURCE, *restart)
    eventually(lambda: "cannot connect to target cluster" in world.log()[said:])

    world.apply(SOURCE, _credentials(world))
    world.apply(TARGET, _service(namespace, "after"))
    eventually(lambda: world.read(SOURCE, namespace, "service", f"after-{TARGET}"))


def test_a_deleted_link_leaves_its_mirrors_and_a_new_one_collects_orphans(
    world: World, namespace: str
) -> None:
    world.apply(TARGET, _service(namespace), _service(namespace, "gone"))
    eventually(lambda: world.read(SOURCE, namespace, "service", f"gone-{TARGET}"))
    said = len(world.log())

    world.kubectl(SOURCE, "-n", MULTICLUSTER, "delete", "links.multicluster.linkerd.io", TARGET)
    eventually(lambda: "the Link is gone; its mirrors stay" in world.log()[said:])
    world.kubectl(TARGET, "-n", namespace, "delete", "service", "gone")
    assert world.read(SOURCE, namespace, "service", f"gone-{TARGET}")

    world.apply(SOURCE, _link(world))
    eventually(lambda: not world.read(SOURCE, namespace, "service", f"gone-{TARGET}"))
    assert world.read(SOURCE, namespace, "service", f"db-{TARGET}")


def test_the_working_pod_holds_the_lease(world: World) -> None:
    def holder() -> str:
        lease = world.read(SOURCE, MULTICLUSTER, "lease", f"service-mirror-write-{TARGET}")
        return str(lease.get("spec", {}).get("holderIdentity", ""))

    eventually(lambda: holder().startswith(f"controller-{TARGET}-"))


def test_a_policy_whose_fields_have_wrong_types_is_refused(world: World) -> None:
    policy = {
        "apiVersion": "policy.linkerd.io/v1alpha1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "wrong", "namespace": MULTICLUSTER},
        "spec": {"targetRef": "server", "requiredAuthenticationRefs": []},
    }

    with pytest.raises(AssertionError, match=r"spec\.targetRef"):
        world.apply(SOURCE, policy)


def test_a_link_whose_port_is_a_number_is_refused(world: World) -> None:
    link = _link(world)
    link["metadata"]["name"] = "wrong"
    link["spec"]["gatewayPort"] = 4143

    with pytest.raises(AssertionError, match=r"spec\.gatewayPort"):
        world.apply(SOURCE, link)


def test_no_token_is_in_the_log(world: World) -> None:
    secret = _credentials(world)["stringData"]["kubeconfig"]
    token = yaml.safe_load(secret)["users"][0]["user"]["token"]

    assert token not in world.log()
    assert "Bearer" not in world.log()
