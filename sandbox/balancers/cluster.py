"""
One cluster of the sandbox with its controller: whether a pod runs it, and which.

Seen as the cluster's administrator, for what a kubelet and a leader election would do; everything
else the controller does with its own account.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from sandbox.balancers.controller import Controller
from sandbox.balancers.identity import NAME, NAMESPACE
from sandbox.balancers.model import Object
from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, Store, authority_context
from sandbox.plugins.aws.cloud import Cloud
from sandbox.pods import (
    RESTART_SECONDS,
    TOKEN_SECONDS,
    administrator,
    age,
    is_ready,
    token_of,
)


class Cluster:
    """One cluster."""

    def __init__(
        self,
        cluster: RunningCluster,
        cloud: Callable[[str], Cloud],
        *,
        by_name: bool,
        say: Callable[[str], None],
    ) -> None:
        self.cluster = cluster
        self._cloud, self._by_name, self._say = cloud, by_name, say
        self._api = administrator(cluster)
        self._changed = asyncio.Event()
        self._pods = Store(
            self._api,
            f"/api/v1/namespaces/{NAMESPACE}/pods",
            on_event=lambda *_: self._changed.set(),
            params={"labelSelector": f"app.kubernetes.io/name={NAME}"},
        )
        self._running: tuple[str, asyncio.Task[None]] | None = None

    async def run(self) -> None:
        """Run the controller of the pod that leads, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pods.run())
                while True:
                    await self._changed.wait()
                    self._changed.clear()
                    self._follow(tasks)
        finally:
            with suppress(Exception):
                await self._api.close()

    def _follow(self, tasks: asyncio.TaskGroup) -> None:
        pod = leader(self._pods.items, self._running[0] if self._running else "")
        uid = pod["metadata"]["uid"] if pod else ""
        if self._running is not None:
            if self._running[0] == uid:
                return
            self._running[1].cancel()
            self._running = None
        if pod is not None:
            self._running = (uid, tasks.create_task(self._run_controller(pod)))

    async def _run_controller(self, pod: Object) -> None:
        """Run the controller of a pod, again whenever it ends, as a kubelet would."""

        def say(text: str) -> None:
            self._say(f"{self.cluster.name}/{pod['metadata']['name']}: {text}")

        while True:
            try:
                token = await token_of(self._api, pod)
                # Other certificates than the administrator's must not be shown with a token.
                api = Api(self.cluster.server, authority_context(self.cluster.ca_pem), token=token)
                try:
                    controller = Controller(pod, api, self._cloud, by_name=self._by_name, say=say)
                    async with asyncio.timeout(TOKEN_SECONDS / 2):
                        await controller.run()
                finally:
                    await api.close()
            except TimeoutError:
                continue
            except Exception as error:
                say(f"ended: {error!r}; starts again")
            await asyncio.sleep(RESTART_SECONDS)


def leader(pods: Mapping[tuple[str, str], Object], leading: str = "") -> Object | None:
    """Choose the pod that works: the one that leads while it is ready, else the oldest."""
    ready = sorted((each for each in pods.values() if is_ready(each)), key=age)
    for pod in ready:
        if pod["metadata"]["uid"] == leading:
            return pod
    return ready[0] if ready else None
