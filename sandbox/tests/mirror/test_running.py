"""
The mirror controllers on genuine clusters: our multicluster chart, a link, and what follows.

Each test has a namespace of its own. Nothing is asserted about how fast things are, only that they
happen.
"""

import base64
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml

from sandbox.clusters import create_cluster, read_cluster
from sandbox.home import HOME_VARIABLE, PROJECT, STATE, Home, delete_home, start_process
from sandbox.mirror.mirrors import is_empty
from sandbox.nodes import Node, add_nodes
from sandbox.tests.running import Running, deployment, eventually

pytestmark = pytest.mark.sandbox

MULTICLUSTER = "linkerd-multicluster"
SOURCE, TARGET = "near", "far"

EXPORTED = {"mirror.linkerd.io/exported": "true"}
FLAT = {"mirror.linkerd.io/exported": "remote-discovery"}
MEMBER = {"mirror.linkerd.io/federated": "member"}

VALUES: dict[str, dict[str, Any]] = {
    SOURCE: {
        "controllers": [{"link": {"ref": {"name": TARGET}}, "enableHeadlessServices": True}],
        "gateway": {"enabled": False},
    },
    TARGET: {},
}


class World(Running):
    """Two clusters, linked, with mirror controllers."""

    def mirror(self, namespace: str, service: str = "db") -> dict[str, Any]:
        return self.read(SOURCE, namespace, "service", f"{service}-{TARGET}")

    def subsets(self, namespace: str, mirror: str) -> list[dict[str, Any]]:
        return self.read(SOURCE, namespace, "endpoints", mirror).get("subsets") or []

    def condition(self, service: str, namespace: str) -> tuple[str, str]:
        link = self.read(SOURCE, MULTICLUSTER, "links.multicluster.linkerd.io", TARGET)
        for entry in link.get("status", {}).get("mirrorServices", []):
            about = entry["remoteRef"]
            if (about["name"], about["namespace"]) == (service, namespace):
                first: dict[str, str] = entry["conditions"][0]
                return first["reason"], first["message"]
        return "", ""

    def log(self) -> str:
        return self.home.log("mirror").read_text()


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
            "remoteDiscoverySelector": {"matchLabels": FLAT},
            "federatedServiceSelector": {"matchLabels": MEMBER},
            "excludedAnnotations": ["tool.example/*"],
            "excludedLabels": ["team"],
        },
    }


def _service(namespace: str, name: str = "db", labels: dict[str, str] = EXPORTED) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"selector": {"app": name}, "ports": [{"name": "tcp", "port": 5432}]},
    }


def _export(world: World, namespace: str) -> None:
    """Export a service that runs already, as one does; see Watcher for why the order matters."""
    world.apply(TARGET, deployment(namespace, "db"), _service(namespace, labels={}))
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
    eventually(lambda: not world.mirror(namespace))


def test_what_is_not_exported_has_no_mirror(world: World, namespace: str) -> None:
    world.apply(TARGET, _service(namespace, "inner", {}), _service(namespace, "outer"))

    eventually(lambda: world.mirror(namespace, "outer"))
    assert not world.mirror(namespace, "inner")


def test_a_service_of_the_same_name_keeps_its_own_pods(world: World, namespace: str) -> None:
    world.apply(SOURCE, deployment(namespace, "db"), _service(namespace, labels={}))
    eventually(lambda: world.subsets(namespace, "db"))
    own = world.subsets(namespace, "db")[0]["addresses"]

    _export(world, namespace)
    eventually(lambda: world.subsets(namespace, f"db-{TARGET}"))

    assert world.subsets(namespace, "db")[0]["addresses"] == own


def test_labels_and_annotations_are_copied_but_for_excluded_ones(
    world: World, namespace: str
) -> None:
    told = _service(namespace, labels={**EXPORTED, "good": "1", "team": "x"})
    told["metadata"]["annotations"] = {"kept": "1", "tool.example/id": "7"}
    world.apply(TARGET, told)

    eventually(lambda: world.mirror(namespace))
    metadata = world.mirror(namespace)["metadata"]
    assert metadata["labels"] == {
        "good": "1",
        "mirror.linkerd.io/mirrored-service": "true",
        "mirror.linkerd.io/cluster-name": TARGET,
    }
    assert set(metadata["annotations"]) == {
        "kept",
        "mirror.linkerd.io/remote-svc-fq-name",
        "mirror.linkerd.io/remote-resource-version",
    }


def test_changed_ports_are_followed(world: World, namespace: str) -> None:
    world.apply(TARGET, _service(namespace))
    eventually(lambda: world.mirror(namespace))
    changed = _service(namespace)
    changed["spec"]["ports"].append({"name": "admin", "port": 9000})
    world.apply(TARGET, changed)

    def ports() -> list[tuple[str, int]]:
        mirror = world.mirror(namespace)
        return [(one["name"], one["port"]) for one in mirror["spec"]["ports"]]

    eventually(lambda: ports() == [("tcp", 5432), ("admin", 9000)])


def test_another_pod_takes_over_when_a_controllers_pod_goes(world: World, namespace: str) -> None:
    selector = ("-n", MULTICLUSTER, "-l", f"mirror.linkerd.io/cluster-name={TARGET}")
    before = world.kubectl(SOURCE, "get", "pods", *selector, "-o", "name")
    world.kubectl(SOURCE, "delete", "pods", *selector)

    def holder() -> str:
        lease = world.read(SOURCE, MULTICLUSTER, "lease", f"service-mirror-write-{TARGET}")
        return str(lease.get("spec", {}).get("holderIdentity", ""))

    eventually(lambda: holder() and holder() not in before)
    world.apply(TARGET, _service(namespace))
    eventually(lambda: world.mirror(namespace))


def test_members_of_both_clusters_make_one_federated_service(world: World, namespace: str) -> None:
    for cluster in (SOURCE, TARGET):
        world.apply(cluster, _service(namespace, labels=MEMBER))

    def members() -> dict[str, str]:
        made = world.read(SOURCE, namespace, "service", "db-federated")
        annotations = made.get("metadata", {}).get("annotations", {})
        return {key: value for key, value in annotations.items() if key.endswith("-discovery")}

    both = {
        "multicluster.linkerd.io/local-discovery": "db",
        "multicluster.linkerd.io/remote-discovery": f"db@{TARGET}",
    }
    eventually(lambda: members() == both)

    world.kubectl(SOURCE, "-n", namespace, "delete", "service", "db")
    eventually(lambda: list(members()) == ["multicluster.linkerd.io/remote-discovery"])
    world.kubectl(TARGET, "-n", namespace, "delete", "service", "db")
    eventually(lambda: not world.read(SOURCE, namespace, "service", "db-federated"))


def test_each_pod_of_a_stateful_set_can_be_called_by_name(world: World, namespace: str) -> None:
    headless = _service(namespace)
    headless["spec"]["clusterIP"] = "None"
    pods = deployment(namespace, "db", serviceName="db", replicas=2) | {"kind": "StatefulSet"}
    world.apply(TARGET, headless, pods)

    def hosts() -> set[str | None]:
        subsets = world.subsets(namespace, f"db-{TARGET}")
        # Pods that come while the controller looks are behind the gateway first, without a name.
        return {one.get("hostname") for subset in subsets for one in subset.get("addresses") or []}

    eventually(lambda: hosts() == {"db-0", "db-1"})
    mirror = world.mirror(namespace)
    assert mirror["spec"]["clusterIP"] == "None"
    assert world.subsets(namespace, f"db-1-{TARGET}")[0]["ports"][0]["port"] == 4143

    world.kubectl(TARGET, "-n", namespace, "scale", "statefulset", "db", "--replicas=1")
    eventually(lambda: hosts() == {"db-0"})
    eventually(lambda: not world.mirror(namespace, "db-1"))

    label = ("-n", namespace, "label", "service", "db", "mirror.linkerd.io/exported-")
    world.kubectl(TARGET, *label)
    eventually(lambda: not world.mirror(namespace, "db-0"))
    assert not world.mirror(namespace)


def test_a_missing_namespace_is_told_and_made_good(world: World) -> None:
    space = "only-far"
    world.kubectl(TARGET, "create", "namespace", space)
    world.apply(TARGET, _service(space))

    eventually(lambda: world.condition("db", space)[0] == "MissingNamespace")
    events = world.kubectl(TARGET, "get", "events", "-n", space)
    assert "ServiceMirroringSkipped" in events

    world.kubectl(SOURCE, "create", "namespace", space)
    eventually(lambda: world.mirror(space))


def test_a_name_that_is_too_long_is_told_in_the_status(world: World, namespace: str) -> None:
    name = "s" * 60
    world.apply(TARGET, _service(namespace, name))

    eventually(lambda: world.condition(name, namespace)[0] == "Error")
    assert "must be no more than 63 characters" in world.condition(name, namespace)[1]


def test_a_gateway_that_goes_down_and_comes_back_is_followed(world: World, namespace: str) -> None:
    _export(world, namespace)
    eventually(lambda: world.subsets(namespace, f"db-{TARGET}"))
    scale = ("-n", MULTICLUSTER, "scale", "deployment", "linkerd-gateway")

    world.kubectl(TARGET, *scale, "--replicas=0")
    eventually(lambda: "notReadyAddresses" in world.subsets(namespace, f"db-{TARGET}")[0])

    world.kubectl(TARGET, *scale, "--replicas=1")
    eventually(lambda: "addresses" in world.subsets(namespace, f"db-{TARGET}")[0])


def test_new_credentials_are_read_only_by_new_pods(world: World, namespace: str) -> None:
    wrong = _credentials(world)
    wrong["stringData"]["kubeconfig"] = wrong["stringData"]["kubeconfig"].replace(
        "token: ", "token: x"
    )
    world.apply(SOURCE, wrong)

    world.apply(TARGET, _service(namespace, "before"))
    eventually(lambda: world.mirror(namespace, "before"))

    said = len(world.log())
    restart = ("rollout", "restart", "deployment", f"controller-{TARGET}", "-n", MULTICLUSTER)
    world.kubectl(SOURCE, *restart)
    eventually(lambda: "cannot connect to target cluster" in world.log()[said:])

    world.apply(SOURCE, _credentials(world))
    world.apply(TARGET, _service(namespace, "after"))
    eventually(lambda: world.mirror(namespace, "after"))


def test_a_deleted_link_leaves_its_mirrors_and_a_new_one_collects_orphans(
    world: World, namespace: str
) -> None:
    world.apply(TARGET, _service(namespace), _service(namespace, "gone"))
    eventually(lambda: world.mirror(namespace, "gone"))
    said = len(world.log())

    world.kubectl(SOURCE, "-n", MULTICLUSTER, "delete", "links.multicluster.linkerd.io", TARGET)
    eventually(lambda: "the Link is gone; its mirrors stay" in world.log()[said:])
    world.kubectl(TARGET, "-n", namespace, "delete", "service", "gone")
    assert world.mirror(namespace, "gone")

    world.apply(SOURCE, _link(world))
    eventually(lambda: not world.mirror(namespace, "gone"))
    assert world.mirror(namespace)
