"""
One cluster of the sandbox with the mirror controllers in it, and what answers at its load balancers
and nodes.
"""

import asyncio

from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, Store
from sandbox.mirror.controller import Answers, Controller
from sandbox.mirror.gateways import Reachable
from sandbox.mirror.link import Arguments
from sandbox.mirror.names import node_addresses
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
        outside = {"fieldSelector": "spec.type!=ClusterIP"}
        self._services = Store(api, "/api/v1/services", params=outside)
        self._endpoints = Store(api, "/api/v1/endpoints")
        self._nodes = Store(api, "/api/v1/nodes")

    def reachable(self) -> Reachable:
        """Give what answers at this cluster's load balancers and nodes."""
        return Reachable(
            services=self._services.items,
            endpoints=self._endpoints.items,
            nodes=[each for node in self._nodes.items.values() for each in node_addresses(node)],
        )

    async def run(self) -> None:
        """Run controllers as pods come and go, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for each in (self._player, self._services, self._endpoints, self._nodes):
                tasks.create_task(each.run())
