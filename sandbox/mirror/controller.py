"""
One running mirror controller: that of one ready pod, with the pod's arguments and its account's
rights.

It takes its Lease, follows its `Link`, and reads the credentials only when the link is new or its
spec changed, or when it could not begin. A pod that ends takes its controller with it; the next one
reads anew.
Source: linkerd2, multicluster/cmd/service-mirror/main.go
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from sandbox.mirror import gateways, probe
from sandbox.mirror.api import APPLY, Api, ApiError, Store, sync
from sandbox.mirror.credentials import target_api
from sandbox.mirror.link import Arguments, Link, Object, RefusedError
from sandbox.mirror.watcher import SYNC_SECONDS, Watcher
from sandbox.mirror.writer import LINKS, Local

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (linkWatchRestartAfter)
RETRY_SECONDS = 10.0

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (LEASE_DURATION)
LEASE_SECONDS = 30

# Linkerd renews every two seconds; a lease of thirty needs it less often, and two cores are few.
RENEW_SECONDS = 10.0

Answers = Callable[[str, int, str], bool]


class Controller:
    """The controller of one pod."""

    def __init__(
        self, arguments: Arguments, api: Api, pod: str, answers: Answers, say: Callable[[str], None]
    ) -> None:
        self._arguments, self._api, self._pod = arguments, api, pod
        self._answers, self._say = answers, say
        self._watcher: Watcher | None = None
        self._changes: asyncio.Queue[Object | None] = asyncio.Queue()
        self._services = Store(api, "/api/v1/services", say=say)
        self._endpoints = Store(api, "/api/v1/endpoints", say=say)
        self._namespaces = Store(api, "/api/v1/namespaces", on_event=self._on_namespace, say=say)
        links = LINKS.format(arguments.namespace)
        self._links = Store(api, links, on_event=self._on_link, say=say)

    async def run(self) -> None:
        """Work until cancelled; raises an error where the genuine controller would end."""
        stores = (self._services, self._endpoints, self._namespaces, self._links)
        try:
            async with asyncio.TaskGroup() as tasks:
                async with asyncio.timeout(SYNC_SECONDS):
                    await sync(tasks, *stores)
                await self._hold_lease(self._pod, LEASE_SECONDS)
                self._say("started")
                tasks.create_task(self._renew())
                if self._arguments.local:
                    local = self._arguments.local_link()
                    await self._new_watcher(local, self._api).run()
                else:
                    await self._follow_link()
        finally:
            with suppress(ApiError):
                await self._hold_lease("", 1)

    def _on_namespace(self, kind: str, namespace: Object, _: Object | None) -> None:
        if kind == "ADDED" and self._watcher is not None and self._watcher.is_synced():
            self._watcher.on_namespace(namespace)

    def _on_link(self, kind: str, link: Object, before: Object | None) -> None:
        if link["metadata"]["name"] != self._arguments.link:
            return
        if kind == "DELETED":
            self._changes.put_nowait(None)
        elif before is None or before.get("spec") != link.get("spec"):
            self._changes.put_nowait(link)

    async def _follow_link(self) -> None:
        work: asyncio.Task[None] | None = None
        # An error of the work ends the group, and the controller.
        async with asyncio.TaskGroup() as tasks:
            while True:
                change = await self._changes.get()
                if work is not None:
                    work.cancel()
                    await asyncio.wait([work])
                    self._watcher = work = None
                if change is None:
                    self._say("the Link is gone; its mirrors stay")
                else:
                    work = tasks.create_task(self._serve(Link.of(change)))

    async def _serve(self, link: Link) -> None:
        """Begin, again and again until it works, then mirror for ever."""
        while True:
            try:
                target = await self._reach(link)
                break
            except (ApiError, RefusedError) as error:
                self._say(f"{error}; will be tried again in {RETRY_SECONDS:.0f} s")
                await asyncio.sleep(RETRY_SECONDS)
        try:
            watcher = self._new_watcher(link, target)
            async with asyncio.TaskGroup() as tasks:
                if link.probe_path:
                    tasks.create_task(self._probe(link, watcher))
                await watcher.run()
        finally:
            await target.close()

    async def _reach(self, link: Link) -> Api:
        secrets = f"/api/v1/namespaces/{self._arguments.namespace}/secrets"
        secret = await self._api.request("GET", f"{secrets}/{link.credentials}")
        target = target_api(secret)
        try:
            await target.request("GET", "/version")
        except ApiError as error:
            await target.close()
            raise RefusedError(
                f"cannot connect to target cluster {link.target}: {error}"
            ) from error
        return target

    def _new_watcher(self, link: Link, target: Api) -> Watcher:
        local = Local(
            api=self._api,
            services=self._services,
            endpoints=self._endpoints,
            namespaces=self._namespaces,
            links=self._present_links,
        )
        self._watcher = Watcher(link, local, target, self._arguments, self._say)
        return self._watcher

    def _present_links(self) -> dict[str, Link]:
        return {name: Link.of(link) for (_, name), link in self._links.items.items()}

    async def _probe(self, link: Link, watcher: Watcher) -> None:
        service = (self._arguments.namespace, self._arguments.probe_service)

        def answered() -> bool:
            addresses = gateways.probe_addresses(
                self._services.items.get(service),
                self._endpoints.items.get(service),
                link.probe_port,
            )
            return any(
                self._answers(one, int(link.probe_port), link.probe_path) for one in addresses
            )

        def on_change(alive: bool) -> None:
            self._say(f"the gateway is {'up' if alive else 'down'}")
            watcher.alive = alive
            watcher.repair()

        await probe.run(link, answered, on_change)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._hold_lease(self._pod, LEASE_SECONDS)
            except ApiError as error:
                self._say(f"cannot renew Lease {self._arguments.lease}: {error}")

    async def _hold_lease(self, holder: str, duration: int) -> None:
        """
        Take the Lease of the one working pod, renew it, or give it away.

        It is never fought for: one process plays all pods, and knows which of them works.
        """
        name, namespace = self._arguments.lease, self._arguments.namespace
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"holderIdentity": holder, "leaseDurationSeconds": duration, "renewTime": now},
        }
        path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}"
        manager = {"fieldManager": "linkerd-service-mirror", "force": "true"}
        await self._api.request("PATCH", path, lease, content=APPLY, params=manager)
