"""
The work for one link: events of the target and the source, one after another, and the writes they
ask for.

Credentials of the target were read before this starts, and are never read again by it.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (Start, processEvents)
"""

import asyncio
import functools
import ipaddress
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from sandbox.mirror import decisions, mirrors, names
from sandbox.mirror.api import Api, ApiError, Store, sync
from sandbox.mirror.link import Arguments, Link, Object
from sandbox.mirror.work import Work
from sandbox.mirror.writer import Local, TryAgainError, Writer

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (endpoint-refresh-period)
REPAIR_SECONDS = 60.0

# Source: linkerd2, controller/k8s/api.go (ResyncTime)
RESYNC_SECONDS = 600.0

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (informers' sync)
SYNC_SECONDS = 60.0

FIRST_RETRY_SECONDS = 0.005

Deal = Callable[..., Coroutine[Any, Any, None]]
"""One of `decisions`."""


class Watcher:
    """What runs for one link, from the reading of its credentials to its next change."""

    def __init__(
        self,
        link: Link,
        local: Local,
        target: Api,
        arguments: Arguments,
        say: Callable[[str], None],
    ) -> None:
        self.alive = True
        self._link, self._local, self._target = link, local, target
        self._arguments, self._say = arguments, say
        self._queue: asyncio.Queue[tuple[Deal, tuple[Any, ...], int]] = asyncio.Queue()
        self._services, self._endpoints = (
            Store(target, f"/api/v1/{what}", on_event=on_event, say=self._say_of_target)
            for what, on_event in (
                ("services", self._on_service),
                ("endpoints", self._on_endpoints),
            )
        )
        self._writer = Writer(link, local, target, say)

    async def run(self) -> None:
        """Sync, then follow events for ever."""
        async with asyncio.TaskGroup() as tasks:
            async with asyncio.timeout(SYNC_SECONDS):
                await sync(tasks, self._services, self._endpoints)
            self._add(decisions.orphans)
            for service in list(self._services.items.values()):
                self._add(decisions.on_service, service)
            for endpoints in list(self._endpoints.items.values()):
                if decisions.is_headless(endpoints):
                    self._add(decisions.on_endpoints, endpoints)
            self.repair()
            tasks.create_task(self._every(REPAIR_SECONDS, self.repair))
            tasks.create_task(self._every(RESYNC_SECONDS, self._resync))
            await self._work()

    def is_synced(self) -> bool:
        """Tell whether the target was read once."""
        return self._services.synced.is_set() and self._endpoints.synced.is_set()

    def repair(self) -> None:
        """Look at all Endpoints that lead through the gateway again."""
        if self._link.gateway_address:
            self._add(decisions.repair, self._arguments.probe_service)

    def on_namespace(self, namespace: Object) -> None:
        """Look at the target's services of a namespace that the source has now."""
        name = namespace["metadata"]["name"]
        for (space, _), service in list(self._services.items.items()):
            if space == name:
                self._add(decisions.on_service, service)

    def _say_of_target(self, text: str) -> None:
        self._say(f"target: {text}")

    def _add(self, deal: Deal, *given: Any, tries: int = 0) -> None:
        self._queue.put_nowait((deal, given, tries))

    def _on_service(self, kind: str, service: Object, _: Object | None) -> None:
        if self.is_synced():
            deleted = kind == "DELETED"
            self._add(decisions.on_service_deleted if deleted else decisions.on_service, service)

    def _on_endpoints(self, kind: str, endpoints: Object, _: Object | None) -> None:
        # Linkerd's own gap: new Endpoints are looked at only for headless services. Another one,
        # exported from its first moment with pods that are ready already, may get its addresses
        # only with the next repair.
        looked_at = kind == "MODIFIED" or (kind == "ADDED" and decisions.is_headless(endpoints))
        if looked_at and self.is_synced():
            self._add(decisions.on_endpoints, endpoints)

    async def _every(self, period: float, do: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(period)
            do()

    def _resync(self) -> None:
        for service in list(self._services.items.values()):
            self._add(decisions.on_service, service)
        for endpoints in list(self._endpoints.items.values()):
            self._add(decisions.on_endpoints, endpoints)

    async def _work(self) -> None:
        while True:
            deal, given, tries = await self._queue.get()
            try:
                await deal(self._now(await self._addresses()), *given)
            except (TryAgainError, ApiError) as error:
                if tries >= self._arguments.requeue_limit:
                    self._say(f"{_named(deal, given)}: {error}; giving up")
                    continue
                self._say(f"{_named(deal, given)}: {error}; will be tried again")
                again = functools.partial(self._add, deal, *given, tries=tries + 1)
                asyncio.get_running_loop().call_later(FIRST_RETRY_SECONDS * 2**tries, again)
            except ValueError as error:
                self._say(f"{_named(deal, given)}: {error}; not tried again")

    def _now(self, addresses: Sequence[str] | TryAgainError) -> Work:
        def known() -> Sequence[str]:
            if isinstance(addresses, TryAgainError):
                raise addresses
            return addresses

        return Work(
            link=self._link,
            writer=self._writer,
            services=self._services.items,
            endpoints=self._endpoints.items,
            local_services=self._local.services.items,
            local_endpoints=self._local.endpoints.items,
            namespaces={name for _, name in self._local.namespaces.items},
            links=self._local.links(),
            addresses=known,
            alive=self.alive,
            mirrors_headless=self._arguments.mirrors_headless,
        )

    async def _addresses(self) -> Sequence[str] | TryAgainError:
        """Resolve the gateway's addresses, literal ones or host names, joined by commas."""
        found: set[str] = set()
        for address in filter(None, self._link.gateway_address.split(",")):
            try:
                found.add(str(ipaddress.ip_address(address)))
            except ValueError:
                found.update(await names.resolve(address))
        return sorted(found) or TryAgainError(
            f"cannot resolve the gateway's address {self._link.gateway_address!r}"
        )


def _named(deal: Deal, given: tuple[Any, ...]) -> str:
    about = ["/".join(mirrors.key_of(one)) for one in given if isinstance(one, dict)]
    return " ".join([deal.__name__, *about])
