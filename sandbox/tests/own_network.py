"""
`mesh stat` through a genuine API server to a genuine Prometheus, in a network namespace.

An API server hands nothing on to loopback, and nothing here listens elsewhere; so this runs where
another address exists that no other machine reaches. Run by test_stat.py:
unshare --user --map-root-user --net python -m sandbox.tests.own_network FOLDER
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from linkmesh.cli.runs.project import Project
from linkmesh.cli.stat.collect import collect
from linkmesh.cli.stat.prometheus import PORT, SERVICE
from linkmesh.cli.stat.query import Query
from linkmesh.cli.stat.render import document
from linkmesh.environment import Kind
from linkmesh.linkerd.labels import VIZ_NAMESPACE
from sandbox.clusters import create_cluster
from sandbox.home import Home, delete_home
from sandbox.tests.proxies import scraped
from sandbox.tests.running import Running, eventually
from tests.components.environment.described import planned

# An address of a documentation range, which no other machine has.
ADDRESS = "198.51.100.9"
CLUSTER = "local"


class FakeProject:
    """A project whose only stack is a cluster's."""

    def __init__(self, kubeconfig: str) -> None:
        self.kubeconfig = kubeconfig

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read the stack's outputs."""
        return {"kubeconfig": self.kubeconfig}


def look(kubeconfig: str) -> dict[str, Any]:
    """Do what `mesh stat ENV --window 15s --json` does."""
    query = Query(window="15s")
    project = cast(Project, FakeProject(kubeconfig))
    return document("test", collect("test", planned(Kind("local")), query, project), query)


def serve(running: Running, *, address: str | None) -> None:
    """Make the Service of viz's Prometheus, or give it an address."""
    metadata = {"name": SERVICE, "namespace": VIZ_NAMESPACE}
    endpoints: dict[str, Any] = {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata}
    if address is None:
        running.kubectl(CLUSTER, "create", "namespace", VIZ_NAMESPACE)
        ports = [{"name": "admin", "port": PORT, "targetPort": PORT}]
        service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata}
        # As a controller makes them of a selector that finds no pod that is ready.
        running.apply(CLUSTER, {**service, "spec": {"ports": ports}}, {**endpoints, "subsets": []})
        return
    # An API server hands on to addresses of pods only, of the Service's own namespace.
    eventually(lambda: running.read(CLUSTER, VIZ_NAMESPACE, "serviceaccount", "default"))
    within = ("-n", VIZ_NAMESPACE)
    running.kubectl(CLUSTER, *within, "run", SERVICE, "--image=none")
    status = json.dumps({"status": {"podIP": address, "podIPs": [{"ip": address}]}})
    running.kubectl(CLUSTER, *within, "patch", "pod", SERVICE, "--subresource=status", "-p", status)
    pod = {"kind": "Pod", "name": SERVICE, "namespace": VIZ_NAMESPACE}
    subset = {
        "addresses": [{"ip": address, "targetRef": pod}],
        "ports": [{"name": "admin", "port": PORT}],
    }
    running.apply(CLUSTER, {**endpoints, "subsets": [subset]})


def is_complete(seen: dict[str, Any]) -> bool:
    rows = seen["clusters"][0]["rows"]
    return any(round(row["requestsPerSecond"] or 0, 3) == 20 for row in rows)


def main(folder: Path) -> None:
    """Print what is seen without viz, without an endpoint, and when all is there."""
    for command in ("link set lo up", f"address add {ADDRESS}/32 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    home = Home(folder / "home")
    running = Running(home)
    try:
        kubeconfig = create_cluster(home, CLUSTER, reaches_pods=True).kubeconfig(CLUSTER)
        without_viz = look(kubeconfig)
        serve(running, address=None)
        without_endpoint = look(kubeconfig)
        with scraped(folder, address=ADDRESS, port=PORT):
            serve(running, address=ADDRESS)
            complete = eventually(lambda: is_complete(seen := look(kubeconfig)) and seen)
    finally:
        delete_home(home)
    print(json.dumps([without_viz, without_endpoint, complete]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
