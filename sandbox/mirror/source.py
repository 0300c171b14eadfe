"""
One cluster of the sandbox with the mirror controllers in it: which pods run one, and which of them
works.

Seen as the cluster's administrator, for what a kubelet and a leader election would do; everything
else a controller does with its own account.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, ApiError, Store, authority_context
from sandbox.mirror.controller import Answers, Controller
from sandbox.mirror.gateways import Balancers
from sandbox.mirror.link import Arguments, Object, RefusedError
from sandbox.mirror.node_names import node_addresses
from sandbox.pods import RESTART_SECONDS, TOKEN_SECONDS, administrator, age, is_ready, token_of


class Source:
    """One cluster."""

    def __init__(
        self, cluster: RunningCluster, answers: Answers, say: Callable[[str], None]
    ) -> None:
        self.cluster = cluster
        self._answers, self._say = answers, say
        self._api = administrator(cluster)
        # Other certificates than the administrator's must not be shown with a token.
        self._context = authority_context(cluster.ca_pem)
        selector = {"labelSelector": "linkerd.io/extension=multicluster"}
        self._pods = Store(self._api, "/api/v1/pods", on_event=self._on_pod, params=selector)
        balancers = {"fieldSelector": "spec.type=LoadBalancer"}
        self._balancers = Store(self._api, "/api/v1/services", params=balancers)
        node_ports = {"fieldSelector": "spec.type=NodePort"}
        self._node_ports = Store(self._api, "/api/v1/services", params=node_ports)
        self._nodes = Store(self._api, "/api/v1/nodes")
        self._endpoints = Store(self._api, "/api/v1/endpoints")
        self._changed = asyncio.Event()
        self._running: dict[str, tuple[str, asyncio.Task[None]]] = {}

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
        try:
            async with asyncio.TaskGroup() as tasks:
                followed = (self._pods, self._balancers, self._endpoints)
                for store in (*followed, self._node_ports, self._nodes):
                    tasks.create_task(store.run())
                while True:
                    await self._changed.wait()
                    self._changed.clear()
                    self._follow(tasks)
        finally:
            for _, task in self._running.values():
                task.cancel()
            with suppress(Exception):
                await self._api.close()

    def _on_pod(self, _kind: str, _pod: Object, _before: Object | None) -> None:
        self._changed.set()

    def _follow(self, tasks: asyncio.TaskGroup) -> None:
        wanted = leaders(self._pods.items)
        for name, (uid, task) in list(self._running.items()):
            if name not in wanted or wanted[name]["metadata"]["uid"] != uid:
                task.cancel()
                del self._running[name]
        for name, pod in wanted.items():
            if name not in self._running:
                task = tasks.create_task(self._run_controller(name, pod))
                self._running[name] = (pod["metadata"]["uid"], task)

    async def _run_controller(self, name: str, pod: Object) -> None:
        """Run the controller of a pod, again whenever it ends, as a kubelet would."""

        def say(text: str) -> None:
            self._say(f"{self.cluster.name}/{name}: {text}")

        while True:
            try:
                arguments = Arguments.of(pod)
                if arguments is not None:
                    async with asyncio.TaskGroup() as tasks:
                        api = Api(
                            self.cluster.server, self._context, token=await token_of(self._api, pod)
                        )
                        tasks.create_task(self._refresh(api, pod))
                        own = pod["metadata"]["name"]
                        await Controller(arguments, api, own, self._answers, say).run()
            except* (ApiError, RefusedError, TimeoutError) as group:
                say(f"ended: {_first(group)}; starts again")
            await asyncio.sleep(RESTART_SECONDS)

    async def _refresh(self, api: Api, pod: Object) -> None:
        while True:
            await asyncio.sleep(TOKEN_SECONDS / 2)
            with suppress(ApiError):
                api.token = await token_of(self._api, pod)


def leaders(pods: Mapping[tuple[str, str], Object]) -> dict[str, Object]:
    """
    Choose, for each controller, the one pod that works, by the name of its account.

    The newest ready one, so that a rollout changes the leader once and not with each pod.
    """
    chosen: dict[str, Object] = {}
    for pod in sorted(pods.values(), key=age):
        labels = pod["metadata"].get("labels") or {}
        if labels.get("component") in ("controller", "local-service-mirror") and is_ready(pod):
            chosen[pod["spec"]["serviceAccountName"]] = pod
    return chosen


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
