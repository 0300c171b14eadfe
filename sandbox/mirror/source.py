"""
One cluster of the sandbox with the mirror controllers in it, and what answers at its load balancers
and nodes.
"""

import asyncio

from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, Store
from sandbox.mirror.controller import Answers, Controller
from sandbox.mirror.gateways import Balancers
from sandbox.mirror.link import Arguments
from sandbox.mirror.node_names import node_addresses
from sandbox.pods import Player, Pod, Say

CONTROLLERS = "linkerd.io/extension=multicluster,component in (controller,local-service-mirror)"


class Source:
    """One cluster."""

    def __init__(self, cluster: RunningCluster, answers: Answers, say: Say) -> None:
        async def play(pod: Pod, api: Api, say: Say) -> None:
            name = pod["metadata"]["name"]
            await Controller(Arguments.of(pod), api, name, answers, say).run()

        self._player = Player(cluster, CONTROLLERS, play, say)
        api = self._player.api
        services = "/api/v1/services"
        self._balancers = Store(api, services, params={"fieldSelector": "spec.type=LoadBalancer"})
        self._node_ports = Store(api, services, params={"fieldSelector": "spec.type=NodePort"})
        self._endpoints = Store(api, "/api/v1/endpoints")
        self._nodes = Store(api, "/api/v1/nodes")

    def balancers(self) -> Balancers:
        """Give what answers at this cluster's load balancers and nodes."""
        return Balancers(
            services=self._balancers.items,
            endpoints=self._endpoints.items,
            node_ports=self._node_ports.items,
            nodes=[each for node in self._nodes.items.values() for each in node_addresses(node)],
        )

    async def run(self) -> None:
        """Run controllers as pods come and go, until cancelled."""
        stores = (self._balancers, self._node_ports, self._endpoints, self._nodes)
        async with asyncio.TaskGroup() as tasks:
            for each in (self._player, *stores):
                tasks.create_task(each.run())
