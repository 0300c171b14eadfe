"""
`mesh stat` through a genuine API server to a genuine Prometheus, in a network namespace.

An API server hands nothing on to loopback, and nothing here listens elsewhere; so this runs where
another address exists that no other machine reaches. Run by test_stat.py:
unshare --user --map-root-user --net python -m sandbox.tests.own_network FOLDER
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

from lightkube import Client
from lightkube.models.core_v1 import (
    Container,
    EndpointAddress,
    EndpointPort,
    EndpointSubset,
    ObjectReference,
    PodSpec,
    ServicePort,
    ServiceSpec,
)
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Endpoints, Namespace, Pod, Service, ServiceAccount

from linkmesh import api_server
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
from tests.components.environment.described import planned

# An address of a documentation range, which no other machine has.
ADDRESS = "198.51.100.9"
PATIENCE_SECONDS = 120


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


def serve(client: Client, *, address: str | None) -> None:
    """Make the Service of viz's Prometheus, or give it an address."""
    metadata = ObjectMeta(name=SERVICE, namespace=VIZ_NAMESPACE)
    if address is None:
        client.create(Namespace(metadata=ObjectMeta(name=VIZ_NAMESPACE)))
        ports = [ServicePort(name="admin", port=PORT, targetPort=PORT)]
        client.create(Service(metadata=metadata, spec=ServiceSpec(ports=ports)))
        # As a controller makes them of a selector that finds no pod that is ready.
        client.create(Endpoints(metadata=metadata, subsets=[]))
        return
    # An API server hands on to addresses of pods only, of the Service's own namespace.
    until = time.monotonic() + PATIENCE_SECONDS
    while not list(client.list(ServiceAccount, namespace=VIZ_NAMESPACE)):
        assert time.monotonic() < until, "the namespace has no service account"
        time.sleep(0.2)
    containers = [Container(name="prometheus", image="none")]
    client.create(Pod(metadata=metadata, spec=PodSpec(containers=containers)))
    told = {"status": {"podIP": address, "podIPs": [{"ip": address}]}}
    client.patch(Pod.Status, SERVICE, told, namespace=VIZ_NAMESPACE)
    pod = ObjectReference(kind="Pod", name=SERVICE, namespace=VIZ_NAMESPACE)
    subset = EndpointSubset(
        addresses=[EndpointAddress(ip=address, targetRef=pod)],
        ports=[EndpointPort(name="admin", port=PORT)],
    )
    client.replace(Endpoints(metadata=metadata, subsets=[subset]))


def main(folder: Path) -> None:
    """Print what is seen without viz, without an endpoint, and when all is there."""
    for command in ("link set lo up", f"address add {ADDRESS}/32 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    home = Home(folder / "home")
    seen = []
    try:
        kubeconfig = create_cluster(home, "local", reaches_pods=True).kubeconfig
        client = api_server.client(kubeconfig, timeout_seconds=10)
        seen.append(look(kubeconfig))
        serve(client, address=None)
        seen.append(look(kubeconfig))
        with scraped(folder, address=ADDRESS, port=PORT):
            serve(client, address=ADDRESS)
            until = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < until:
                last = look(kubeconfig)
                if any(
                    round(row["requestsPerSecond"] or 0, 3) == 20
                    for row in last["clusters"][0]["rows"]
                ):
                    break
                time.sleep(1)
        seen.append(last)
    finally:
        delete_home(home)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
