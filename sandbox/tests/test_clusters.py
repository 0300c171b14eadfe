"""Clusters: genuine ones come up, are apart, and leave nothing behind."""

import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import kwok
from sandbox.cluster_folder import cluster_names
from sandbox.clusters import (
    RunningCluster,
    create_cluster,
    delete_cluster,
    is_running,
    read_cluster,
    restart_cluster,
)
from sandbox.home import PROJECT, STATE, TOOLCHAIN, Home, SandboxError, delete_home
from sandbox.nodes import Node, add_nodes, remove_nodes
from sandbox.processes import end_pids, pids_working_in
from sandbox.tests.running import Running, deployment, eventually
from sandbox.toolchain import required_version


def test_the_version_told_is_the_version_built() -> None:
    assert required_version("kubernetes", "k8s.io/kubernetes") == kwok.KUBERNETES_VERSION


def test_an_api_server_reaches_no_pod_unless_something_answers_there() -> None:
    [way] = yaml.safe_load(kwok.egress_file(reaches_pods=False))["egressSelections"]

    assert not Path(way["connection"]["transport"]["uds"]["udsName"]).exists()
    assert yaml.safe_load(kwok.egress_file(reaches_pods=True))["egressSelections"] == []


@pytest.mark.parametrize("name", ["", "../west", "a/b", ".hidden", "west-", "x" * 129])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SandboxError, match="a cluster's name must be at most 128 letters"):
        create_cluster(Home(tmp_path), name)


def test_another_kubernetes_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as refused:
        create_cluster(Home(tmp_path), "west", kubernetes_version="1.3")

    assert str(refused.value) == (
        "the Kubernetes version must be 1.35 in the sandbox (got '1.3'). Its API servers are one "
        "build, v1.35.4. Ask for that, or change sandbox/toolchain/kubernetes/go.mod."
    )


def test_what_does_not_exist_is_not_read_and_deleted_without_complaint(tmp_path: Path) -> None:
    home = Home(tmp_path)
    delete_cluster(home, "west")

    assert read_cluster(home, "west") is None
    assert cluster_names(home) == []
    with pytest.raises(SandboxError, match=r"cluster 'west' must exist \(it does not\)"):
        add_nodes(home, "west", [Node(name="west-1")])


# What follows runs genuine clusters. They are made once, in parallel, and shared.

NAMES = ("local", "west", "east")


def _create(root: Path, name: str) -> RunningCluster:
    cluster = create_cluster(Home(root), name)
    nodes = [Node(name=f"{name}-{number}", labels={"zone": "a"}) for number in range(3)]
    add_nodes(Home(root), name, nodes)
    return cluster


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    home = Home(STATE / "test-clusters")
    delete_home(home)
    with ProcessPoolExecutor(len(NAMES)) as processes:
        list(processes.map(_create, [home.root] * len(NAMES), NAMES))
    yield home
    delete_home(home)
    assert pids_working_in(home.root, TOOLCHAIN) == []


def nodes_of_pods(home: Home, cluster: str) -> list[str]:
    """Wait until three pods that must be apart run, and name their nodes."""
    rollout = ("rollout", "status", "deployment/web", "--timeout=180s")
    Running(home).kubectl(cluster, *rollout)
    names = "jsonpath={.items[*].spec.nodeName}"
    return sorted(Running(home).kubectl(cluster, "get", "pods", "-o", names).split())


def deploy(home: Home, cluster: str) -> None:
    """Deploy three pods that must be apart, and a Service with an address."""
    web: dict[str, Any] = deployment("default", "web", replicas=3)
    apart = {"topologyKey": "kubernetes.io/hostname", "labelSelector": web["spec"]["selector"]}
    rule = {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}
    web["spec"]["template"]["spec"]["affinity"] = {"podAntiAffinity": rule}
    spec = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    Running(home).apply(cluster, web, service)


@pytest.mark.sandbox
def test_pods_run_apart_and_each_cluster_has_an_address(home: Home) -> None:
    def ingress(name: str) -> Any:
        status = Running(home).read(name, "default", "service", "web")["status"]
        return status["loadBalancer"].get("ingress")

    addresses = set()
    for name in NAMES:
        deploy(home, name)
        assert nodes_of_pods(home, name) == [f"{name}-0", f"{name}-1", f"{name}-2"]
        [place] = eventually(lambda name=name: ingress(name))  # type: ignore[misc]  # of this turn
        addresses.add(place["ip"])

    assert cluster_names(home) == sorted(NAMES)
    assert len(addresses) == 3
    assert addresses <= set(kwok.load_balancer_addresses())


@pytest.mark.sandbox
def test_nothing_of_a_cluster_listens_beyond_loopback(home: Home) -> None:
    pids = set(pids_working_in(home.root, TOOLCHAIN))
    sockets = {
        link.readlink().name
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink() and "socket" in str(link.readlink())
    }
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]

    assert len(listening) >= 5 * len(NAMES)
    assert {address.rpartition(":")[0] for address in listening} == {"0100007F"}


@pytest.mark.sandbox
def test_the_keys_of_a_cluster_are_for_its_owner_only(home: Home) -> None:
    folder, cluster = home.cluster("west"), read_cluster(home, "west")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "kubeconfig").stat().st_mode) == 0o600
    assert cluster is not None
    assert cluster.client_key_pem not in repr(cluster)


@pytest.mark.sandbox
def test_a_second_cluster_of_a_name_is_refused(home: Home) -> None:
    with pytest.raises(SandboxError, match=r"cluster 'west' must be new \(it exists already\)"):
        create_cluster(home, "west")


@pytest.mark.sandbox
def test_nodes_come_and_go_with_their_pods(home: Home) -> None:
    deploy(home, "east")
    nodes_of_pods(home, "east")
    add_nodes(home, "east", [Node(name="east-3", labels={"zone": "b"})])
    remove_nodes(home, "east", ["east-1", "never"])

    assert nodes_of_pods(home, "east") == ["east-0", "east-2", "east-3"]
    of_zone = Running(home).kubectl("east", "get", "nodes", "-l", "zone=b", "-o", "name")
    assert of_zone == "node/east-3\n"


@pytest.mark.sandbox
def test_a_cluster_that_died_comes_back_with_its_objects(home: Home) -> None:
    Running(home).kubectl("local", "create", "namespace", "kept")
    end_pids(pids_working_in(home.cluster("local"), TOOLCHAIN), patience_seconds=0)
    died = is_running(home, "local")

    restart_cluster(home, "local")

    assert (died, is_running(home, "local")) == (False, True)
    assert Running(home).read("local", "", "namespace", "kept")


@pytest.mark.sandbox
def test_a_creation_killed_half_way_leaves_nothing_after_deletion(home: Home) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from pathlib import Path; "
        "from sandbox.home import Home; from sandbox.clusters import create_cluster; "
        f"create_cluster(Home(Path({str(home.root)!r})), 'half')"
    )
    creation = subprocess.Popen([sys.executable, "-c", program])
    eventually(lambda: pids_working_in(home.cluster("half"), TOOLCHAIN))
    time.sleep(0.5)
    creation.kill()
    creation.wait()
    there = cluster_names(home)

    delete_cluster(home, "half")

    assert there == sorted(NAMES)
    assert pids_working_in(home.cluster("half"), TOOLCHAIN) == []
    assert not home.cluster("half").exists()
