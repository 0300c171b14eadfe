"""
The work for one link: events of the target and the source, one after another, and the writes they
ask for.

Credentials of the target were read before this starts, and are never read again by it.
Source: linkerd2, multicluster/service-mirror/cluster_watcher.go (Start, processEvents)
"""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence

from sandbox.mirror import decisions, mirrors, names
from sandbox.mirror.api import Api, ApiError, Store
from sandbox.mirror.link import Arguments, Link, Object
from sandbox.mirror.work import Work
from sandbox.mirror.writer import Local, TryAgainError, Writer

# Source: linkerd2, multicluster/cmd/service-mirror/main.go (endpoint-refresh-period)
REPAIR_SECONDS = 60.0

# Source: linkerd2, controller/k8s/api.go (ResyncTime)
RESYNC_SECONDS = 600.0

FIRST_RETRY_SECONDS = 0.005


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
        self._queue: asyncio.Queue[tuple[str, Object | None, int]] = asyncio.Queue()
        self._services = self._store("services", on_event=self._on_service)
        self._endpoints = self._store("endpoints", on_event=self._on_endpoints)
        self._writer = Writer(link, local, target, say)

    async def run(self) -> None:
        """Sync, then follow events for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._services.run())
            tasks.create_task(self._endpoints.run())
            await self._services.synced.wait()
            await self._endpoints.synced.wait()
            self._add("orphans")
            for service in list(self._services.items.values()):
                self._add("service", service)
            for endpoints in list(self._endpoints.items.values()):
                if decisions.is_headless(endpoints):
                    self._add("endpoints", endpoints)
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
            self._add("repair")

    def on_namespace(self, namespace: Object) -> None:
        """Look at the target's services of a namespace that the source has now."""
        name = namespace["metadata"]["name"]
        for (space, _), service in list(self._services.items.items()):
            if space == name:
                self._add("service", service)

    def _store(self, what: str, on_event: Callable[[str, Object, Object | None], None]) -> Store:
        return Store(
            self._target,
            f"/api/v1/{what}",
            on_event=on_event,
            on_error=lambda error: self._say(f"cannot watch the target's {what}: {error}"),
        )

    def _add(self, kind: str, manifest: Object | None = None, tries: int = 0) -> None:
        self._queue.put_nowait((kind, manifest, tries))

    def _on_service(self, kind: str, service: Object, _: Object | None) -> None:
        if self.is_synced():
            self._add("service deleted" if kind == "DELETED" else "service", service)

    def _on_endpoints(self, kind: str, endpoints: Object, _: Object | None) -> None:
        # Linkerd's own gap: new Endpoints are looked at only for headless services. Another one,
        # exported from its first moment with pods that are ready already, may get its addresses
        # only with the next repair.
        looked_at = kind == "MODIFIED" or (kind == "ADDED" and decisions.is_headless(endpoints))
        if looked_at and self.is_synced():
            self._add("endpoints", endpoints)

    async def _every(self, period: float, do: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(period)
            do()

    def _resync(self) -> None:
        for service in list(self._services.items.values()):
            self._add("service", service)
        for endpoints in list(self._endpoints.items.values()):
            self._add("endpoints", endpoints)

    async def _work(self) -> None:
        while True:
            kind, manifest, tries = await self._queue.get()
            try:
                await self._deal_with(kind, manifest, await self._addresses())
            except (TryAgainError, ApiError) as error:
                await self._again(kind, manifest, tries, error)
            except ValueError as error:
                self._say(f"{_named(kind, manifest)}: {error}; not tried again")

    async def _again(
        self, kind: str, manifest: Object | None, tries: int, error: Exception
    ) -> None:
        if tries >= self._arguments.requeue_limit:
            self._say(f"{_named(kind, manifest)}: {error}; giving up")
            return
        self._say(f"{_named(kind, manifest)}: {error}; will be tried again")
        pause = FIRST_RETRY_SECONDS * 2**tries
        asyncio.get_running_loop().call_later(pause, self._add, kind, manifest, tries + 1)

    async def _deal_with(
        self, kind: str, manifest: Object | None, addresses: Sequence[str] | TryAgainError
    ) -> None:
        work = self._now(addresses)
        match kind, manifest:
            case "orphans", _:
                await decisions.orphans(work)
            case "repair", _:
                await decisions.repair(work, self._arguments.probe_service)
            case "service", dict():
                await decisions.on_service(work, manifest)
            case "service deleted", dict():
                await decisions.on_service_deleted(work, manifest)
            case "endpoints", dict():
                await decisions.on_endpoints(work, manifest)

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


def _named(kind: str, manifest: Object | None) -> str:
    return kind if manifest is None else f"{kind} {'/'.join(mirrors.key_of(manifest))}"
