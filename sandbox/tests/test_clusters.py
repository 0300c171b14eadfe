"""
Clusters: what kwokctl is told, and that genuine ones come up, are apart, and leave nothing behind.
"""

import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from sandbox import kwok
from sandbox.clusters import (
    Node,
    RunningCluster,
    add_nodes,
    cluster_names,
    create_cluster,
    delete_cluster,
    is_running,
    read_cluster,
    remove_nodes,
    restart_cluster,
)
from sandbox.home import PROJECT, STATE, TOOLCHAIN, Home, SandboxError, delete_home
from sandbox.processes import end_pids, pids_working_in
from sandbox.toolchain import required_version


def test_the_version_told_is_the_version_built() -> None:
    assert required_version("kubernetes", "k8s.io/kubernetes") == kwok.KUBERNETES_VERSION


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
WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app: web}}
      containers: [{name: web, image: web}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
"""


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


def kubectl(home: Home, cluster: str, *argv: str, text: str | None = None) -> str:
    return subprocess.run(
        [
            TOOLCHAIN / "bin" / "kubectl",
            f"--kubeconfig={home.cluster(cluster) / 'kubeconfig'}",
            *argv,
        ],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    ).stdout


def soon(home: Home, cluster: str, *argv: str) -> str:
    until = time.monotonic() + 120
    while not (said := kubectl(home, cluster, *argv)) and time.monotonic() < until:
        time.sleep(0.1)
    return said


@pytest.mark.sandbox
def test_clusters_made_at_the_same_time_all_come_up(home: Home) -> None:
    assert cluster_names(home) == sorted(NAMES)
    assert [is_running(home, name) for name in NAMES] == [True, True, True]
    assert len({read_cluster(home, name) for name in NAMES}) == 3


@pytest.mark.sandbox
def test_pods_run_apart_and_each_cluster_has_an_address(home: Home) -> None:
    for name in NAMES:
        kubectl(home, name, "apply", "-f", "-", text=WEB)
        kubectl(home, name, "rollout", "status", "deployment/web", "--timeout=180s")
    where = kubectl(home, "west", "get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}")
    path = "jsonpath={.status.loadBalancer.ingress[0].ip}"
    addresses = [soon(home, name, "get", "service", "web", "-o", path) for name in NAMES]

    assert sorted(where.split()) == ["west-0", "west-1", "west-2"]
    assert len(set(addresses)) == 3
    assert set(addresses) <= set(kwok.load_balancer_addresses())


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
    folder = home.cluster("west")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "kubeconfig").stat().st_mode) == 0o600


@pytest.mark.sandbox
def test_the_kubeconfig_works_from_anywhere(home: Home) -> None:
    cluster = read_cluster(home, "west")

    assert cluster is not None
    assert str(home.root) not in cluster.kubeconfig
    assert cluster.client_key_pem not in repr(cluster)
    assert cluster.server in cluster.kubeconfig


@pytest.mark.sandbox
def test_a_second_cluster_of_a_name_is_refused(home: Home) -> None:
    with pytest.raises(SandboxError, match=r"cluster 'west' must be new \(it exists already\)"):
        create_cluster(home, "west")


@pytest.mark.sandbox
def test_nodes_change_and_go_with_their_pods(home: Home) -> None:
    kubectl(home, "east", "apply", "-f", "-", text=WEB)
    kubectl(home, "east", "rollout", "status", "deployment/web", "--timeout=180s")

    add_nodes(home, "east", [Node(name="east-0", labels={"zone": "b"}), Node(name="east-3")])
    remove_nodes(home, "east", ["east-1", "never"])

    names = "jsonpath={.items[*].metadata.name}"
    assert kubectl(home, "east", "get", "nodes", "-o", names).split() == [
        "east-0",
        "east-2",
        "east-3",
    ]
    assert kubectl(home, "east", "get", "nodes", "-l", "zone=b", "-o", names) == "east-0"
    kubectl(home, "east", "rollout", "status", "deployment/web", "--timeout=180s")
    where = kubectl(home, "east", "get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}")
    assert "east-1" not in where


@pytest.mark.sandbox
def test_a_cluster_that_died_comes_back_with_its_objects(home: Home) -> None:
    kubectl(home, "local", "create", "namespace", "kept")
    end_pids(pids_working_in(home.cluster("local"), TOOLCHAIN), patience_seconds=0)
    died = is_running(home, "local")

    restart_cluster(home, "local")

    assert (died, is_running(home, "local")) == (False, True)
    assert kubectl(home, "local", "get", "namespace", "kept", "-o", "name") == "namespace/kept\n"


@pytest.mark.sandbox
def test_a_creation_killed_half_way_leaves_nothing_after_deletion(home: Home) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from pathlib import Path; "
        "from sandbox.home import Home; from sandbox.clusters import create_cluster; "
        f"create_cluster(Home(Path({str(home.root)!r})), 'half')"
    )
    creation = subprocess.Popen([sys.executable, "-c", program])
    until = time.monotonic() + 120
    while not (running := pids_working_in(home.cluster("half"), TOOLCHAIN)):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.5)
    creation.kill()
    creation.wait()

    delete_cluster(home, "half")

    assert running
    assert pids_working_in(home.cluster("half"), TOOLCHAIN) == []
    assert not home.cluster("half").exists()
