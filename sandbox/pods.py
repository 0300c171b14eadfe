"""
Pods of a cluster whose programs the sandbox plays.

Seen as the cluster's administrator, for what a kubelet and a leader election would do; everything
else a program does with its pod's account.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from sandbox.clusters import RunningCluster
from sandbox.mirror.api import Api, Store

Pod = dict[str, Any]
Say = Callable[[str], None]
Play = Callable[[Pod, Api, Say], Awaitable[None]]
"""What the program of a pod does, with its account, until it is cancelled."""

RESTART_SECONDS = 2.0

# Longer than any sandbox runs.
TOKEN_SECONDS = 365 * 24 * 3600


class Player:
    """Plays the programs of some pods of one cluster; of each account, one pod works."""

    def __init__(self, cluster: RunningCluster, labels: str, play: Play, say: Say) -> None:
        """Play the pods that a label selector chooses."""
        self._context = ssl.create_default_context(cadata=cluster.ca_pem)
        self.api = Api(cluster.server, self._context, token=cluster.token)
        self._cluster, self._play, self._say = cluster, play, say
        self._changed = asyncio.Event()
        self._pods = Store(
            self.api,
            "/api/v1/pods",
            on_event=lambda *_: self._changed.set(),
            params={"labelSelector": labels},
        )
        self._running: dict[str, tuple[str, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Play as pods come and go, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pods.run())
                while True:
                    await self._changed.wait()
                    self._changed.clear()
                    self._follow(tasks)
        finally:
            with suppress(Exception):
                await self.api.close()

    def _follow(self, tasks: asyncio.TaskGroup) -> None:
        wanted = leaders(self._pods.items, [uid for uid, _ in self._running.values()])
        for account, (uid, task) in list(self._running.items()):
            if account not in wanted or wanted[account]["metadata"]["uid"] != uid:
                task.cancel()
                del self._running[account]
        for account, pod in wanted.items():
            if account not in self._running:
                task = tasks.create_task(self._run(account, pod))
                self._running[account] = (pod["metadata"]["uid"], task)

    async def _run(self, account: str, pod: Pod) -> None:
        """Run the program of a pod, again whenever it ends, as a kubelet would."""

        def say(text: str) -> None:
            self._say(f"{self._cluster.name}/{account}: {text}")

        while True:
            try:
                api = Api(self._cluster.server, self._context, token=await self._token(pod))
                try:
                    await self._play(pod, api, say)
                finally:
                    await api.close()
            except Exception as error:
                say(f"ended: {_first(error)!r}; starts again")
            await asyncio.sleep(RESTART_SECONDS)

    async def _token(self, pod: Pod) -> str:
        """Give a token of a pod's account."""
        namespace, account = pod["metadata"]["namespace"], pod["spec"]["serviceAccountName"]
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": TOKEN_SECONDS},
        }
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        answer = await self.api.request("POST", path, request)
        return str(answer["status"]["token"])


def leaders(pods: Mapping[tuple[str, str], Pod], leading: Collection[str] = ()) -> dict[str, Pod]:
    """Choose, for each account, the pod that works: the one that leads, else the newest ready."""
    chosen: dict[str, Pod] = {}
    for pod in sorted(filter(_is_ready, pods.values()), key=lambda pod: _rank(pod, leading)):
        chosen[pod["spec"]["serviceAccountName"]] = pod
    return chosen


def _rank(pod: Pod, leading: Collection[str]) -> tuple[bool, str, str]:
    own = pod["metadata"]
    return own["uid"] in leading, own["creationTimestamp"], own["name"]


def _is_ready(pod: Pod) -> bool:
    """Tell whether a pod is ready, and not about to go."""
    conditions: list[dict[str, Any]] = (pod.get("status") or {}).get("conditions") or []
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
